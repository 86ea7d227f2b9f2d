import { DAY, plus } from '../platform/clock.ts';
import {
  type BatchStep,
  type Document,
  type DocumentContainer,
  type Stored,
  StoreUnavailable,
} from '../platform/cosmos/document-store.ts';
import type { RequestId } from '../platform/ids.ts';
import type { PendingWork } from '../platform/pending-work.ts';
import {
  ARCHIVING_ID,
  CASE_ID,
  type CaseActor,
  type CaseArchiving,
  type CaseDocument,
  CLOSED_KEPT_DAYS,
  type HistoryEntry,
  type RightsRequest,
} from './case.ts';
import { isClosed } from './case-rules.ts';

/** What an action does to a case: its next state, the entry in the history, and what else goes into the same batch. */
export interface CaseChange {
  readonly next: RightsRequest;
  readonly actor: CaseActor;
  readonly action: string;
  readonly reason?: string | undefined;
  readonly steps?: readonly BatchStep[];
}

export type ChangeOutcome<Refused extends string> =
  | { readonly outcome: 'changed'; readonly case: RightsRequest }
  | { readonly outcome: Refused | 'not-found' };

export interface CaseStorePlatform {
  readonly container: DocumentContainer;
  /** Whether the deadline that counts is the one moved by the time in which identity was awaited. */
  readonly identitySuspendsClock: boolean;
  readonly nudge: (container: DocumentContainer, partition: string, id: string) => void;
}

/** Others may come between; somebody always gets through, so this is never reached but by a fault. */
const MAX_TRIES = 50;

const historyId = (number: number): HistoryEntry['id'] => `history:${String(number).padStart(6, '0')}`;

/** Cases as they are stored: each a partition in which every change is one batch with its entry in the history. */
export function caseStore({ container, identitySuspendsClock, nudge }: CaseStorePlatform) {
  /** The deadline that the desk works to. */
  const deadlineOf = ({ dueAt, extendedDueAt, suspendedDueAt }: RightsRequest): string =>
    (identitySuspendsClock ? suspendedDueAt : undefined) ?? extendedDueAt ?? dueAt;

  const keyed = (request: RightsRequest): RightsRequest => ({
    ...request,
    sortKey: `${deadlineOf(request)}|${request.requestId}`,
    receivedKey: `${request.receivedAt}|${request.requestId}`,
  });

  /** What closing adds: the end of the working copy, and the work that archives it. A restriction in force keeps its case. */
  function closing(before: RightsRequest, next: RightsRequest, now: Date): { next: RightsRequest; steps: BatchStep[] } {
    const closes = isClosed(next.status) && next.restriction === undefined;
    if (!closes || before.expiresAt !== undefined) return { next, steps: [] }; // ends already, or was never confirmed
    const archiving: CaseArchiving = {
      id: ARCHIVING_ID,
      type: 'case-archiving',
      attempts: 0,
      pendingAt: now.toISOString(),
    };
    return {
      next: { ...next, expiresAt: plus(now, CLOSED_KEPT_DAYS * DAY).toISOString() },
      steps: [{ create: archiving }],
    };
  }

  function entryOf(change: CaseChange, before: RightsRequest | undefined, number: number, now: Date): HistoryEntry {
    const { next, actor, action, reason } = change;
    const moved = before?.status !== next.status;
    return {
      id: historyId(number),
      type: 'case-history',
      at: now.toISOString(),
      actor,
      action,
      ...(moved && before ? { from: before.status } : {}),
      ...(moved ? { to: next.status } : {}),
      ...(reason === undefined ? {} : { reason }),
    };
  }

  /** Documents of a case that has an end get it too; work ends when it is done, and mails have ends of their own. */
  function ending(step: BatchStep, expiresAt: string | undefined): BatchStep {
    if (expiresAt === undefined || !('create' in step) || step.create.expiresAt !== undefined) return step;
    if ('pendingAt' in step.create) return step;
    return { create: { ...step.create, expiresAt } };
  }

  function setOff(requestId: RequestId, steps: readonly BatchStep[], now: Date): void {
    for (const step of steps) {
      const document = ('create' in step ? step.create : 'upsert' in step ? step.upsert : undefined) as
        | PendingWork
        | undefined;
      if (document?.pendingAt !== undefined && document.pendingAt <= now.toISOString())
        nudge(container, requestId, document.id);
    }
  }

  return {
    container,
    deadlineOf,

    read: (requestId: string) => container.read<RightsRequest>(requestId, CASE_ID),

    /** Another document of the case. */
    part: <T extends Document>(requestId: string, id: T['id']) => container.read<T>(requestId, id),

    /** Every document of the case. */
    async file(requestId: string): Promise<readonly Stored<CaseDocument>[]> {
      const found: Stored<CaseDocument>[] = [];
      let continuation: string | undefined;
      do {
        const page = await container.query<CaseDocument>({
          text: 'SELECT * FROM c',
          partition: requestId,
          ...(continuation ? { continuation } : {}),
        });
        found.push(...page.items);
        continuation = page.continuation;
      } while (continuation);
      return found;
    },

    /** Opens a case: it, its first entry and what comes with it, in one batch. */
    async open(change: CaseChange, now: Date): Promise<RightsRequest> {
      const next = keyed({ ...change.next, entries: 1 });
      const steps = (change.steps ?? []).map((step) => ending(step, next.expiresAt));
      const { outcome } = await container.batch(next.requestId, [
        { create: next },
        ending({ create: entryOf(change, undefined, 1, now) }, next.expiresAt),
        ...steps,
      ]);
      if (outcome !== 'written') throw new Error('the case could not be opened');
      setOff(next.requestId, steps, now);
      return next;
    },

    /** Adds documents to a case whose state they do not change; `false` when one of the conditions of the steps did not hold. */
    async add(request: RightsRequest, steps: readonly BatchStep[], now: Date): Promise<boolean> {
      const ended = steps.map((step) => ending(step, request.expiresAt));
      const { outcome } = await container.batch(request.requestId, ended);
      if (outcome === 'written') setOff(request.requestId, steps, now);
      return outcome === 'written';
    },

    /**
     * Changes a case. `decide` is asked again with the newer state when another change came between; what it refuses is answered as it says. State,
     * history entry and implied work are one batch.
     */
    async change<Refused extends string>(
      requestId: string,
      now: Date,
      decide: (current: Stored<RightsRequest>) => Promise<CaseChange | Refused> | CaseChange | Refused,
    ): Promise<ChangeOutcome<Refused>> {
      for (let tried = 0; tried < MAX_TRIES; tried += 1) {
        const current = await container.read<RightsRequest>(requestId, CASE_ID);
        if (!current) return { outcome: 'not-found' };
        const { _etag, ...before } = current;
        const decided = await decide(current);
        if (typeof decided === 'string') return { outcome: decided };
        const entries = before.entries + 1;
        const { _etag: _, ...wanted } = decided.next as Stored<RightsRequest>;
        const closed = closing(before, keyed({ ...wanted, entries }), now);
        const steps = [...(decided.steps ?? []), ...closed.steps].map((step) => ending(step, closed.next.expiresAt));
        const { outcome } = await container.batch(requestId, [
          { replace: closed.next, etag: _etag },
          ending({ create: entryOf(decided, before, entries, now) }, closed.next.expiresAt),
          ...steps,
        ]);
        if (outcome === 'written') {
          setOff(before.requestId, steps, now);
          return { outcome: 'changed', case: closed.next };
        }
        if (outcome === 'conflict') throw new Error('a document of the change exists already');
      }
      throw new StoreUnavailable('others kept changing the case');
    },
  };
}

export type CaseStore = ReturnType<typeof caseStore>;
