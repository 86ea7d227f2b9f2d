import { MINUTE } from '../../shared/platform/clock.ts';
import type { RunCounts } from '../../shared/platform/pending-work.ts';
import type { TimerDefinition } from '../../shared/platform/timer.ts';

/** Pieces of work in one run at the most: each can be a whole export or a share of an erasure; most are reminders. */
const BOUND = 50;

/** Every five minutes: runs and resumes what was decided (packages, erasures, rectifications), reminds the desk of deadlines, flags what is overdue. */
export function advanceRightsRequests(runSlowWork: (limit: number) => Promise<RunCounts>): TimerDefinition {
  return {
    name: 'advance-rights-requests',
    schedule: '0 */5 * * * *',
    period: 5 * MINUTE,
    summary:
      'Carries out exports, erasures and decided requests, reminds the desk; each is claimed by itself, so that runs may overlap.',
    run: () => runSlowWork(BOUND),
  };
}
