import type { InactiveAccounts } from '../../shared/closure/index.ts';
import { type Clock, DAY } from '../../shared/platform/clock.ts';
import type { TimerDefinition } from '../../shared/platform/timer.ts';

/** Accounts in one run at the most; the next run goes on behind the last. */
const BOUND = 2_000;

/** Daily: tells the holders of unused accounts, and closes those who were told and did not come. */
export function reviewInactiveAccounts(accounts: InactiveAccounts, clock: Clock): TimerDefinition {
  return {
    name: 'review-inactive-accounts',
    schedule: '0 30 3 * * *',
    period: DAY,
    summary: 'Tells the holders of accounts unused for 23 months, and has those erased that stay unused for 24.',
    exclusive: true,
    run: (continuation) => accounts.review(BOUND, continuation, clock.now()),
  };
}
