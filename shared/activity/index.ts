export { type ActivityEvent, type ActivityLog, activityLog, activitySubject } from './activity.ts';
export { type ActivityKind, activityKinds } from './rules.ts';
export { activitySource } from './source.ts';
