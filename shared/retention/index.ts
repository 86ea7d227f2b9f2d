export { purgeExpired, type Sweep } from './purge.ts';
export { purgedContainers, retentionRules } from './retention-rules.ts';
