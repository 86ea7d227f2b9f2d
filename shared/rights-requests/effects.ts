import type { ProcessingChoices } from '../accounts/index.ts';
import type { DataSubject } from '../personal-data/index.ts';
import type { AccountId, RequestId } from '../platform/ids.ts';
import type { Language } from '../platform/language.ts';
import type { WorkHandler } from '../platform/pending-work.ts';
import type { CaseEffect, RightsRequest } from './case.ts';
import type { CaseStore } from './case-store.ts';

/** Withdraws consents of an account: those for these purposes, or all. Withdrawing what is withdrawn changes nothing. */
export type WithdrawConsents = (
  accountId: AccountId,
  what: { readonly purposes?: readonly string[] | undefined; readonly language: Language },
  now: Date,
) => Promise<void>;

/** Tells everybody to whom the person's data were disclosed (art. 19). Telling of the same request again tells nobody twice. */
export type TellRecipients = (
  subject: DataSubject,
  about: { readonly act: 'rectification' | 'erasure' | 'restriction'; readonly requestId: RequestId },
  now: Date,
) => Promise<void>;

interface EffectsPlatform {
  readonly store: CaseStore;
  readonly choices: ProcessingChoices;
  readonly withdrawConsents: WithdrawConsents | undefined;
  readonly tellRecipients: TellRecipients;
}

/** `applied`, or `by-hand` where the program cannot do it: nobody's account, or nothing that it could know how to do. */
export type Applied = 'applied' | 'by-hand';

/** What objections, restrictions and withdrawals of consent do to the processing. Applying one again changes nothing. */
export function effects({ store, choices, withdrawConsents, tellRecipients }: EffectsPlatform) {
  async function apply(request: RightsRequest, purposes: readonly string[] | undefined, now: Date): Promise<Applied> {
    const { accountId, requestId, requestType, emailKey, language } = request;
    if (accountId === undefined) return 'by-hand';
    const outcome = async (set: Promise<'set' | 'no-account'>) => ((await set) === 'set' ? 'applied' : 'by-hand');
    switch (requestType) {
      case 'restriction': {
        const restricted = await outcome(choices.restrict(accountId, requestId, now));
        const subject = { accountId, ...(emailKey ? { emailKey } : {}) };
        if (restricted === 'applied') await tellRecipients(subject, { act: 'restriction', requestId }, now);
        return restricted;
      }
      case 'objection': {
        if (!purposes) return 'by-hand';
        // Who objects to what rests on consent withdraws it by the same word.
        await withdrawConsents?.(accountId, { purposes, language }, now);
        return outcome(choices.addObjections(accountId, purposes));
      }
      case 'consent-withdrawal': {
        if (!withdrawConsents) return 'by-hand';
        await withdrawConsents(accountId, { purposes, language }, now);
        return 'applied';
      }
      default:
        return 'by-hand';
    }
  }

  /** Applies what takes effect before anybody decides, and puts it on record. */
  async function settle(requestId: string, now: Date): Promise<void> {
    const work = await store.part<CaseEffect>(requestId, 'effect');
    const request = await store.read(requestId);
    if (!work) return;
    // Of an objection only that to prospecting is absolute; the rest waits for the decision.
    const purposes = request?.requestType === 'objection' ? ['prospecting'] : request?.purposes;
    const applied = request ? await apply(request, purposes, now) : 'by-hand';
    if (!request || applied === 'by-hand') {
      await store.container.remove(requestId, work.id, work._etag);
      return;
    }
    await store.change(requestId, now, (current) => {
      const isRestriction = current.requestType === 'restriction';
      const next: RightsRequest = isRestriction ? { ...current, restriction: { since: now.toISOString() } } : current;
      return { next, actor: { kind: 'system' }, action: 'took-effect', steps: [{ remove: work.id, etag: work._etag }] };
    });
  }

  return {
    apply: (request: RightsRequest, now: Date) => apply(request, request.purposes, now),
    settle,
    settling: ((_work, { partition }, now) => settle(partition, now)) satisfies WorkHandler,
  };
}

export type Effects = ReturnType<typeof effects>;
