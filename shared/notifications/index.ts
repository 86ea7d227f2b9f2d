export { deliverNotification, type ResolveRecipient } from './deliver.ts';
export { type MailBudget, mailBudget } from './mail-budget.ts';
export { type Notification, newNotification } from './notification.ts';
