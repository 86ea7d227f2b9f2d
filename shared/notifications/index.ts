export { type Addressed, deliverNotification } from './deliver.ts';
export { fanOutMails, type MailAudience, newMailFanOut } from './fan-out.ts';
export { heldBack, type Notification, newNotification, released } from './notification.ts';
export { notificationSources } from './sources.ts';
