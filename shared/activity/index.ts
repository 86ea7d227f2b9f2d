export { type ActivityLog, activityLog, activitySubject } from './activity.ts';
export { activityKinds } from './rules.ts';
export { activitySource } from './source.ts';
