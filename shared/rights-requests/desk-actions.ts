import { DAY, plus } from '../platform/clock.ts';
import type { BatchStep } from '../platform/cosmos/document-store.ts';
import { type NotificationId, newId, type RequestId } from '../platform/ids.ts';
import {
  type CaseExecution,
  type CaseMessage,
  type CaseNote,
  EXECUTION_ID,
  LIFTING_ID,
  type RestrictionLifting,
  type RightsRequest,
} from './case.ts';
import { type IdentityMethod, isClosed, type RejectionGround, statusAfter } from './case-rules.ts';
import type { CaseStore } from './case-store.ts';
import type { IdentityProofs } from './identity-proofs.ts';
import { extendedAnswerDay, MAX_EXTENSION_MONTHS } from './legal-calendar-rules.ts';
import type { CaseLetters } from './letters.ts';
import { extended, resumed, suspended } from './suspension-rules.ts';

interface DeskActionsPlatform {
  readonly store: CaseStore;
  readonly letters: CaseLetters;
  readonly identityProofs: IdentityProofs;
  readonly fourEyesErasure: boolean;
}

/** Who acts, on which case, when. */
export interface DeskAct {
  readonly requestId: RequestId;
  readonly staffId: string;
  readonly now: Date;
}

export interface IdentityDecision {
  readonly decision: 'verified' | 'insufficient';
  readonly method: IdentityMethod;
  readonly note?: string | undefined;
}

/** Between telling the person and lifting a restriction (art. 18(3)): time to answer, or to go to court. */
const LIFTED_AFTER = 3 * DAY;

/** What the desk does with a case. Every action is one change of the state machine; what it does not allow is `not-allowed`. */
export function deskActions({ store, letters, identityProofs, fourEyesErasure }: DeskActionsPlatform) {
  const staff = (id: string) => ({ kind: 'staff', id }) as const;

  /** A case without the first approval of two: what it was given for has changed. */
  const unapproved = ({ approvals: _given, ...request }: RightsRequest): RightsRequest => request;

  /** Announces the end of a restriction that is in force, and sets it down as work. */
  function lifting(
    request: RightsRequest,
    reason: string,
    now: Date,
  ): { readonly next: RightsRequest; readonly steps: readonly BatchStep[] } {
    const at = plus(now, LIFTED_AFTER).toISOString();
    const noticeId: NotificationId = newId('ntf');
    const parameters = { reference: request.reference, reason, at, link: letters.linkTo(request) };
    const notice = letters.toPerson(request, 'restriction-lifting', parameters, now, noticeId);
    const work: RestrictionLifting = {
      id: LIFTING_ID,
      type: 'restriction-lifting',
      attempts: 0,
      pendingAt: at,
      ...(notice.length > 0 ? { noticeId } : {}),
    };
    const { since = now.toISOString() } = request.restriction ?? {};
    return { next: { ...request, restriction: { since, liftAt: at } }, steps: [...notice, { create: work }] };
  }

  return {
    /** Gives the case to somebody, or to nobody. */
    async assign({ requestId, staffId, now }: DeskAct, assignee: string | null) {
      return store.change<'not-allowed'>(requestId, now, (current) => {
        if (!statusAfter(current, 'assign', now)) return 'not-allowed';
        const { assignee: _before, ...free } = current;
        const next: RightsRequest = assignee === null ? free : { ...free, assignee };
        return { next, actor: staff(staffId), action: assignee === null ? 'unassigned' : 'assigned' };
      });
    },

    /** Doubts who the person is, with the reason; from now on the clock stands still. */
    async requestIdentity({ requestId, staffId, now }: DeskAct, reason: string) {
      return store.change<'not-allowed'>(requestId, now, (current) => {
        const status = statusAfter(current, 'request-identity', now);
        if (!status) return 'not-allowed';
        const identity = { state: 'awaiting', reason } as const;
        const next: RightsRequest = { ...suspended(unapproved(current), now), status, identity };
        const parameters = { reference: current.reference, reason, link: letters.linkTo(current) };
        const steps = letters.toPerson(current, 'case-identity-requested', parameters, now);
        return { next, actor: staff(staffId), action: 'identity-requested', reason, steps };
      });
    },

    /** Decides who the person is. The documents go with the decision; what stays is the outcome, how, who and when. */
    async decideIdentity({ requestId, staffId, now }: DeskAct, { decision, method, note }: IdentityDecision) {
      const action = decision === 'verified' ? 'identity-verified' : 'identity-insufficient';
      return store.change<'not-allowed'>(requestId, now, async (current) => {
        const status = statusAfter(current, 'decide-identity', now);
        if (!status) return 'not-allowed';
        const decided = { method, decidedAt: now.toISOString(), decidedBy: staffId };
        const reason = note ?? current.identity.reason;
        const identity = { state: decision, ...decided, ...(reason === undefined ? {} : { reason }) } as const;
        const next: RightsRequest = { ...resumed(unapproved(current), now), status, identity };
        const steps = await identityProofs.dismissal(requestId, now);
        return { next, actor: staff(staffId), action, reason: note, steps };
      });
    },

    /** Takes more time: once, at most two months, with reasons, told inside the first month (art. 12(3)). */
    async extend({ requestId, staffId, now }: DeskAct, reason: string, months: number = MAX_EXTENSION_MONTHS) {
      return store.change<'not-allowed'>(requestId, now, (current) => {
        if (!statusAfter(current, 'extend', now)) return 'not-allowed';
        const next = extended<RightsRequest>(current, extendedAnswerDay(current.receivedOn, months));
        const dueAt = store.deadlineOf(next);
        const parameters = { reference: current.reference, reason, dueAt, link: letters.linkTo(current) };
        const steps = letters.toPerson(current, 'case-extended', parameters, now);
        return { next, actor: staff(staffId), action: 'extended', reason, steps };
      });
    },

    /** Grants the request; from here the program carries it out. Where two people must agree, the first approval waits for another's. */
    async approve({ requestId, staffId, now }: DeskAct, note: string | undefined) {
      return store.change<'not-allowed' | 'same-person'>(requestId, now, async (current) => {
        const status = statusAfter(current, 'approve', now);
        if (!status) return 'not-allowed';
        const actor = staff(staffId);
        const at = now.toISOString();
        const first = current.approvals?.[0];
        if (fourEyesErasure && current.requestType === 'erasure') {
          if (first?.staffId === staffId) return 'same-person';
          if (!first)
            return {
              next: { ...current, approvals: [{ staffId, at }] },
              actor,
              action: 'first-approval',
              reason: note,
            };
        }
        const isExport = current.requestType === 'access' || current.requestType === 'portability';
        const next: RightsRequest = {
          ...current,
          status,
          decision: { at, staffId },
          ...(first ? { approvals: [first, { staffId, at }] } : {}),
          ...(isExport ? { packageId: newId('pkg') } : {}),
        };
        const execution: CaseExecution = { id: EXECUTION_ID, type: 'case-execution', attempts: 0, pendingAt: at };
        const steps = [{ create: execution }, ...(await identityProofs.dismissal(requestId, now))];
        return { next, actor, action: 'approved', reason: note, steps };
      });
    },

    /** Refuses, on a ground and with a reason; the letter names both, the complaint and the court (art. 12(4)). */
    async reject({ requestId, staffId, now }: DeskAct, ground: RejectionGround, reason: string) {
      return store.change<'not-allowed'>(requestId, now, async (current) => {
        const status = statusAfter(current, 'reject', now);
        if (!status) return 'not-allowed';
        const at = now.toISOString();
        const rejected: RightsRequest = {
          ...resumed(current, now),
          status,
          closedAt: at,
          decision: { at, staffId, ground },
        };
        const { next, steps: ends } = current.restriction
          ? lifting(rejected, reason, now)
          : { next: rejected, steps: [] };
        const { reference, requestType } = current;
        const letter = letters.toPerson(current, 'case-rejected', { reference, requestType, ground, reason }, now);
        const steps = [...letter, ...ends, ...(await identityProofs.dismissal(requestId, now))];
        return { next, actor: staff(staffId), action: 'rejected', reason, steps };
      });
    },

    /**
     * Closes by hand what was answered by hand: on paper, in person, or where nothing of the person is in the store. An erasure is completed only by
     * the proof that everything is gone.
     */
    async complete({ requestId, staffId, now }: DeskAct, note: string) {
      return store.change<'not-allowed'>(requestId, now, (current) => {
        const status = statusAfter(current, 'complete', now);
        const isProved = current.requestType === 'erasure' && (current.accountId ?? current.emailKey) !== undefined;
        if (!status || isProved) return 'not-allowed';
        const next: RightsRequest = { ...current, status, closedAt: now.toISOString() };
        const { reference, requestType } = current;
        const parameters = { reference, requestType, note, link: letters.linkTo(current) };
        const steps = letters.toPerson(current, 'case-completed', parameters, now);
        return { next, actor: staff(staffId), action: 'completed', reason: note, steps };
      });
    },

    /** Tells the person that the restriction will end, and lets it end three days later. */
    async liftRestriction({ requestId, staffId, now }: DeskAct, reason: string) {
      return store.change<'not-allowed'>(requestId, now, (current) => {
        const isInForce = current.restriction !== undefined && current.restriction.liftAt === undefined;
        if (!isInForce || !isClosed(current.status)) return 'not-allowed';
        const { next, steps } = lifting(current, reason, now);
        return { next, actor: staff(staffId), action: 'restriction-lifting-announced', reason, steps };
      });
    },

    /** Has work that had stalled tried again. */
    async resume({ requestId, staffId, now }: DeskAct) {
      return store.change<'not-allowed'>(requestId, now, async (current) => {
        const execution = await store.part<CaseExecution>(requestId, EXECUTION_ID);
        if (execution?.stalledAt === undefined) return 'not-allowed';
        const { _etag: etag, stalledAt: _since, ...work } = execution;
        const again: CaseExecution = { ...work, attempts: 0, pendingAt: now.toISOString() };
        return { next: current, actor: staff(staffId), action: 'resumed', steps: [{ replace: again, etag }] };
      });
    },

    /** A remark of the desk's own. */
    async annotate({ requestId, staffId, now }: DeskAct, text: string) {
      const note: CaseNote = { id: newId('nte'), type: 'case-note', at: now.toISOString(), staffId, text };
      const outcome = await store.change<never>(requestId, now, (current) => ({
        next: current,
        actor: staff(staffId),
        action: 'annotated',
        steps: [{ create: note }],
      }));
      return { ...outcome, note };
    },

    /** A letter to the person. */
    async write({ requestId, staffId, now }: DeskAct, text: string) {
      const message: CaseMessage = {
        id: newId('msg'),
        type: 'case-message',
        at: now.toISOString(),
        from: 'desk',
        staffId,
        text,
      };
      const outcome = await store.change<'not-allowed'>(requestId, now, (current) => {
        if (!statusAfter(current, 'write', now)) return 'not-allowed';
        const parameters = { reference: current.reference, message: text, link: letters.linkTo(current) };
        const steps = [{ create: message }, ...letters.toPerson(current, 'case-message', parameters, now)];
        return { next: current, actor: staff(staffId), action: 'wrote', steps };
      });
      return { ...outcome, message };
    },
  };
}
