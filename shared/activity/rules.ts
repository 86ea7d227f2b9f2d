import { DAY, MINUTE, plus } from '../platform/clock.ts';

/** What the extranet reports: a page seen, a visit begun, something done (clause H1). */
export const activityKinds = ['page-view', 'visit', 'action'] as const;
export type ActivityKind = (typeof activityKinds)[number];

/** Raw events are kept this long; after that only anonymised counts. */
const KEPT = 90 * DAY;
/** What is reported later than this is not measured any more. */
const OLDEST = DAY;
/** How far a browser's clock may run ahead. */
const AHEAD = MINUTE;

/** Whether an event that happened at `at` is still worth measuring: at most a day old, and not in the future. */
export function isMeasurable(at: Date, now: Date): boolean {
  return at >= plus(now, -OLDEST) && at <= plus(now, AHEAD);
}

/** When a raw event ends: 90 days after it happened. */
export function endOf(at: Date): Date {
  return plus(at, KEPT);
}
