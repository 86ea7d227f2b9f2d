export { deliverNotification, type ResolveRecipient } from './deliver.ts';
export { fanOutMails, type MailAudience, newMailFanOut } from './fan-out.ts';
export { type MailBudget, mailBudget } from './mail-budget.ts';
export { heldBack, type Notification, newNotification, released } from './notification.ts';
export { notificationSources } from './sources.ts';
