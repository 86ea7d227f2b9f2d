export { type Addressed, deliverNotification } from './deliver.ts';
export { type Notification, newNotification } from './notification.ts';
