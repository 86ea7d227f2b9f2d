export { deliverNotification, type ResolveRecipient } from './deliver.ts';
export { fanOutMails, type MailAudience, type MailFanOut, newMailFanOut } from './fan-out.ts';
export { type MailBudget, mailBudget } from './mail-budget.ts';
export { classOf } from './mail-classes.ts';
export { mayBeSent, purposeOfClass } from './mail-rules.ts';
export { heldBack, type Notification, newNotification, released } from './notification.ts';
export { notificationSources } from './sources.ts';
export type { MailTemplate } from './texts/mail-texts.ts';
export type { Announcement } from './texts/record-mails.ts';
