import { MINUTE } from '../../shared/platform/clock.ts';
import type { PendingWorkRunner } from '../../shared/platform/pending-work.ts';
import type { TimerDefinition } from '../../shared/platform/timer.ts';

/** Pieces of work in one run at the most, if its time is not over before; what is left is found by the next. */
const BOUND = 10_000;
/** Mails under way at the same time: a mail server that takes long over one of them does not hold up the others. */
const AT_ONCE = 8;

/** Every minute: carries out queued mails and what else was committed to be done soon. */
export function deliverNotifications(work: PendingWorkRunner, types: readonly string[]): TimerDefinition {
  return {
    name: 'deliver-notifications',
    schedule: '0 * * * * *',
    period: MINUTE,
    summary: 'Delivers queued mails, several at the same time; each is claimed by itself, so that runs may overlap.',
    run: () => work.run(BOUND, types, AT_ONCE),
  };
}
