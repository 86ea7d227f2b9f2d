export { type Addressed, deliverNotification } from './deliver.ts';
export { heldBack, type Notification, newNotification, released } from './notification.ts';
export { notificationSources } from './sources.ts';
