export { type Addressed, deliverNotification, type ResolveRecipient } from './deliver.ts';
export { type DirectRecipient, type Notification, newNotification } from './notification.ts';
export type { MailParameters, MailTemplate } from './texts/mail-texts.ts';
