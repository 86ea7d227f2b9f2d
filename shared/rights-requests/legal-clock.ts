import { alertEvents } from '../platform/alert-events.ts';
import { DAY, plus } from '../platform/clock.ts';
import type { BatchStep } from '../platform/cosmos/document-store.ts';
import type { Logger } from '../platform/logger.ts';
import type { WorkHandler } from '../platform/pending-work.ts';
import type { CaseClock } from './case.ts';
import { isClosed } from './case-rules.ts';
import type { CaseStore } from './case-store.ts';
import { milestoneInstants, milestones } from './legal-calendar-rules.ts';
import type { CaseLetters } from './letters.ts';
import { isSuspended } from './suspension-rules.ts';

interface LegalClockPlatform {
  readonly store: CaseStore;
  readonly letters: CaseLetters;
  readonly identitySuspendsClock: boolean;
  readonly logger: Logger;
}

/**
 * Reminds the desk at half time, seven days and two days before the deadline, and when it has passed: each once, by the clock's entity tag. Of several that
 * have passed at once (a letter that lay about) only the last is told. A deadline that was moved is reminded of anew.
 */
export function legalClock({ store, letters, identitySuspendsClock, logger }: LegalClockPlatform) {
  return {
    striking: (async (work, { container, partition }, now) => {
      const { _etag: etag, stalledAt: _stalled, pendingAt: _due, ...clock } = work as typeof work & CaseClock;
      const request = await store.read(partition);
      if (!request || isClosed(request.status)) {
        await container.remove(partition, clock.id, etag);
        return;
      }
      const rest = { ...clock, attempts: 0 };
      if (identitySuspendsClock && isSuspended(request)) {
        await container.replace(partition, { ...rest, pendingAt: plus(now, DAY).toISOString() } as CaseClock, etag);
        return;
      }
      const dueAt = store.deadlineOf(request);
      const before = clock.dueAt === dueAt ? clock.done : [];
      const instants = milestoneInstants(request.receivedAt, dueAt);
      const passed = milestones.filter(
        (milestone) => !before.includes(milestone) && instants[milestone] <= now.toISOString(),
      );
      const done = [...before, ...passed];
      const next = milestones.find((milestone) => !done.includes(milestone));
      const moved: CaseClock = { ...rest, dueAt, done, ...(next ? { pendingAt: instants[next] } : {}) };
      const latest = passed.at(-1);
      const { reference } = request;
      const steps: BatchStep[] = [{ replace: moved, etag }];
      if (latest) {
        const parameters = { reference, milestone: latest, dueAt, link: letters.deskLinkTo(request) };
        steps.push(letters.toDesk('desk-reminder', parameters, now));
      }
      if (latest !== 'overdue') {
        await store.add(request, steps, now);
        return;
      }
      const changed = await store.change<'closed'>(partition, now, (current) =>
        isClosed(current.status)
          ? 'closed'
          : {
              next: { ...current, overdueSince: dueAt },
              actor: { kind: 'system' },
              action: 'overdue',
              steps,
            },
      );
      if (changed.outcome === 'changed') logger.error(alertEvents.overdueRequest, { request: partition });
    }) satisfies WorkHandler,
  };
}
