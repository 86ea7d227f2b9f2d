import { DAY, SECOND } from '../platform/clock.ts';

/** Failures after which every further try waits (CNIL, délibération 2022-100). */
export const FREE_FAILURES = 5;
/** Failures within 24 hours after which nothing more is tried until the oldest is a day old. */
export const MAX_FAILURES_A_DAY = 25;
/** The wait after the fifth failure; each further failure doubles it, up to {@link LONGEST_DELAY}. */
const FIRST_DELAY = 75 * SECOND;
const LONGEST_DELAY = 3_600 * SECOND;

/** Instants of recent failures in milliseconds, oldest first. At most {@link MAX_FAILURES_A_DAY} are worth keeping. */
export type Failures = readonly number[];

/** The failures of the last 24 hours. */
export function recentFailures(failures: Failures, now: Date): Failures {
  return failures.filter((at) => at > now.getTime() - DAY).slice(-MAX_FAILURES_A_DAY);
}

/** The failures with one more at `now`. */
export function withFailure(failures: Failures, now: Date): Failures {
  return recentFailures([...failures, now.getTime()], now);
}

/** Seconds until the next try may be made; 0 when it may be made now. */
export function retryAfterSeconds(failures: Failures, now: Date): number {
  const recent = recentFailures(failures, now);
  const oldest = recent[0];
  const latest = recent.at(-1);
  if (oldest === undefined || latest === undefined || recent.length < FREE_FAILURES) return 0;
  const delay = Math.min(LONGEST_DELAY, FIRST_DELAY * 2 ** (recent.length - FREE_FAILURES));
  const until = recent.length >= MAX_FAILURES_A_DAY ? Math.max(oldest + DAY, latest + delay) : latest + delay;
  return Math.max(0, Math.ceil((until - now.getTime()) / SECOND));
}

/** Without these failures, each taken away once: a guess at somebody else in the same millisecond as a slip stays counted. */
export function withoutFailures(failures: Failures, slips: Failures): Failures {
  const left = [...failures];
  for (const slip of slips) {
    const place = left.indexOf(slip);
    if (place >= 0) left.splice(place, 1);
  }
  return left;
}
