import type { Packages } from '../personal-data/index.ts';
import type { BatchStep, Stored } from '../platform/cosmos/document-store.ts';
import { type AccountId, newId, type RequestId } from '../platform/ids.ts';
import { hashSecret, type PlainSecret, sameSecret } from '../platform/keys/secrets.ts';
import { type CaseActor, type CaseMessage, LIFTING_ID, type RestrictionLifting, type RightsRequest } from './case.ts';
import { type CaseFile, caseFile } from './case-file.ts';
import { statusAfter } from './case-rules.ts';
import type { CaseStore } from './case-store.ts';
import type { IdentityProofs } from './identity-proofs.ts';
import type { CaseLetters } from './letters.ts';
import type { OneTimeCodes } from './one-time-code.ts';

interface FollowUpPlatform {
  readonly store: CaseStore;
  readonly letters: CaseLetters;
  readonly codes: OneTimeCodes;
  readonly identityProofs: IdentityProofs;
  /** Where packages are; absent as long as none can be built. */
  readonly packages: Packages | undefined;
}

/** By what somebody claims that a case is theirs. */
export interface Claim {
  readonly accountId?: AccountId | undefined;
  readonly trackingCode?: string | undefined;
}

export interface PageOf<T> {
  readonly items: readonly T[];
  /** The key after which the next page begins. */
  readonly after?: string;
}

type Downloaded =
  | { readonly outcome: 'package'; readonly content: AsyncIterable<Uint8Array>; readonly case: RightsRequest }
  | { readonly outcome: 'not-found' | 'not-ready' | 'gone' | 'wrong' | 'used-up' };

/** What the person does with a case of theirs: reads it, writes, withdraws it, fetches the answer. */
export function followUp({ store, letters, codes, identityProofs, packages }: FollowUpPlatform) {
  return {
    /** The case when the claim is right; nothing otherwise, whether or not there is such a case. */
    async mine(requestId: string, { accountId, trackingCode }: Claim): Promise<Stored<RightsRequest> | undefined> {
      const found = await store.read(requestId);
      if (!found) return undefined;
      if (accountId !== undefined && found.accountId === accountId) return found;
      const tracked =
        trackingCode !== undefined &&
        found.trackingHash !== undefined &&
        sameSecret(hashSecret(trackingCode as PlainSecret), found.trackingHash);
      return tracked ? found : undefined;
    },

    async read(requestId: RequestId, now: Date): Promise<CaseFile | undefined> {
      return caseFile(await store.file(requestId), now);
    },

    /** The cases of an account, last received first. */
    async list(accountId: AccountId, limit: number, before: string | undefined): Promise<PageOf<RightsRequest>> {
      const { items } = await store.container.query<RightsRequest>({
        text: `SELECT * FROM c WHERE c.subject = @subject AND c.receivedKey < @before ORDER BY c.receivedKey DESC`,
        parameters: { subject: accountId, before: before ?? '~' },
        limit: limit + 1,
      });
      const page = items.slice(0, limit);
      const last = page.at(-1);
      return { items: page, ...(items.length > limit && last ? { after: last.receivedKey } : {}) };
    },

    /** A letter to the DPO. */
    async write(requestId: RequestId, text: string, now: Date) {
      const message: CaseMessage = {
        id: newId('msg'),
        type: 'case-message',
        at: now.toISOString(),
        from: 'person',
        text,
      };
      const outcome = await store.change<'not-allowed'>(requestId, now, (current) => {
        if (!statusAfter(current, 'write', now)) return 'not-allowed';
        const parameters = { reference: current.reference, message: text, link: letters.deskLinkTo(current) };
        const steps = [{ create: message }, letters.toDesk('desk-message', parameters, now)];
        return { next: current, actor: { kind: 'person' }, action: 'wrote', steps };
      });
      return { ...outcome, message };
    },

    /** Withdraws the request. A restriction that it had brought ends with it, at once: it is the person who asks. */
    async cancel(requestId: RequestId, now: Date) {
      return store.change<'not-allowed'>(requestId, now, async (current) => {
        const status = statusAfter(current, 'cancel', now);
        if (!status) return 'not-allowed';
        const at = now.toISOString();
        const steps: BatchStep[] = [...(await identityProofs.dismissal(requestId, now))];
        if (current.status !== 'awaiting-confirmation')
          steps.push(...letters.toPerson(current, 'case-cancelled', { reference: current.reference, at }, now));
        if (!current.restriction)
          return { next: { ...current, status, closedAt: at }, actor: { kind: 'person' }, action: 'cancelled', steps };
        const lifting: RestrictionLifting = { id: LIFTING_ID, type: 'restriction-lifting', attempts: 0, pendingAt: at };
        const restriction = { ...current.restriction, liftAt: at };
        const next: RightsRequest = { ...current, status, closedAt: at, restriction };
        return { next, actor: { kind: 'person' }, action: 'cancelled', steps: [...steps, { create: lifting }] };
      });
    },

    /** Mails the code by which somebody without an account fetches the package. */
    async mailPackageCode(requestId: RequestId, now: Date) {
      for (;;) {
        const current = await store.read(requestId);
        if (!current) return { outcome: 'not-found' } as const;
        const state = packageState(current, now);
        if (state !== 'ready') return { outcome: state } as const;
        const issued = await codes.issue(requestId, 'package', now);
        if (issued.outcome !== 'issued') return issued;
        const parameters = { reference: current.reference, code: issued.code, expiresAt: issued.validUntil };
        const mail = letters.toPerson(current, 'case-package-code', parameters, now);
        if (await store.add(current, [issued.step, ...mail], now)) return { outcome: 'sent' } as const;
      }
    },

    /**
     * Hands the package to its person. The download is on record, and on its way to the person by mail, before the first byte is (clause G1). A
     * code is wanted from who has not just signed in; it is used up by this.
     */
    download(requestId: RequestId, by: { readonly code: string } | 'recent-sign-in', now: Date): Promise<Downloaded> {
      return handedOut(requestId, { kind: 'person' }, by === 'recent-sign-in' ? undefined : by.code, now);
    },

    /** Hands it to the desk, which passes it on; that is on record, and told, as well. */
    handOver: (requestId: RequestId, staff: CaseActor, now: Date): Promise<Downloaded> =>
      handedOut(requestId, staff, undefined, now),
  };

  async function handedOut(
    requestId: RequestId,
    actor: CaseActor,
    code: string | undefined,
    now: Date,
  ): Promise<Downloaded> {
    const found = await store.read(requestId);
    if (!found) return { outcome: 'not-found' };
    const state = packageState(found, now);
    if (state !== 'ready') return { outcome: state };
    const content = found.package && (await packages?.open(found.package.packageId));
    if (!content) return { outcome: 'gone' };
    const recorded = await store.change<'wrong' | 'used-up'>(requestId, now, async (current) => {
      const tried = code === undefined ? undefined : await codes.attempt(requestId, 'package', code, now);
      if (tried && tried.outcome !== 'right') return tried.outcome;
      const parameters = { reference: current.reference, at: now.toISOString(), link: letters.linkTo(current) };
      const mail = letters.toPerson(current, 'case-package-downloaded', parameters, now);
      return { next: current, actor, action: 'package-downloaded', steps: [...(tried?.use ?? []), ...mail] };
    });
    return recorded.outcome === 'changed' ? { outcome: 'package', content, case: recorded.case } : recorded;
  }

  function packageState({ package: built }: RightsRequest, now: Date): 'ready' | 'not-ready' | 'gone' {
    if (!built) return 'not-ready';
    return built.expiresAt <= now.toISOString() ? 'gone' : 'ready';
  }
}
