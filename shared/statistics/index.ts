export type { CountedEvent } from './counting-rules.ts';
export { type Month, monthAfter, monthOf, monthsBetween } from './months-rules.ts';
export { type PublishedStatistics, publishedStatistics } from './published-statistics.ts';
export { type EventsOf, statisticsPublishing } from './publishing.ts';
export { LEAST_PEOPLE, metrics, type PublishedCell, ROUNDED_TO } from './suppression-rules.ts';
