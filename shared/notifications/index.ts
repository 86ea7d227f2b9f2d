export { type Addressed, deliverNotification } from './deliver.ts';
export { fanOutMails, type MailAudience, newMailFanOut } from './fan-out.ts';
export { type Notification, newNotification } from './notification.ts';
