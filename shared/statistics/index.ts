export { monthAfter, monthOf, monthsBetween } from './months-rules.ts';
export { type PublishedStatistics, publishedStatistics } from './published-statistics.ts';
export { statisticsPublishing } from './publishing.ts';
export { metrics, type PublishedCell } from './suppression-rules.ts';
