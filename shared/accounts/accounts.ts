import type { AcceptedKind, LegalDocuments } from '../legal-documents/index.ts';
import type { Stored } from '../platform/cosmos/document-store.ts';
import type { AccountId, SessionId } from '../platform/ids.ts';
import { type Account, acceptance, type Profile } from './account.ts';
import type { AccountStore } from './account-store.ts';

export type Admission =
  | { readonly outcome: 'admitted'; readonly account: Stored<Account> }
  | { readonly outcome: 'session-ended' | 'acceptance-required' };

/** What may be changed of a profile by the person alone; the e-mail, which signs in, is not among it. */
export type ProfileChange = { readonly [K in keyof Omit<Profile, 'email'>]?: Profile[K] | null | undefined };

export function accountUseCases(store: AccountStore, documents: LegalDocuments) {
  return {
    /** Whether a verified token's session may be served: one point read, by which ended sessions are refused at once. */
    async admit(accountId: AccountId, sessionId: SessionId, evenPending: boolean, now: Date): Promise<Admission> {
      const account = await store.account(accountId);
      if (account?.status !== 'active' || account.endedSessions.some(({ id }) => id === sessionId)) {
        return { outcome: 'session-ended' };
      }
      if (!evenPending && (await documents.pending(account.accepted, now)).length > 0)
        return { outcome: 'acceptance-required' };
      return { outcome: 'admitted', account };
    },

    /** Changes the profile; `null` removes an optional field. `changed-meanwhile` when another write came first. */
    async changeProfile(account: Stored<Account>, change: ProfileChange): Promise<Profile | 'changed-meanwhile'> {
      const { _etag, ...current } = account;
      const merged = { ...current.profile, ...change };
      const profile = Object.fromEntries(
        Object.entries(merged).filter(([, value]) => value !== null && value !== undefined),
      ) as unknown as Profile;
      const changed: Account = { ...current, profile };
      const { outcome } = await store.write(account.accountId, [{ replace: changed, etag: _etag }]);
      return outcome === 'written' ? profile : 'changed-meanwhile';
    },

    /** Accepts the version in force (clause A1); accepting it again changes nothing. */
    async accept(
      accountId: AccountId,
      kind: AcceptedKind,
      version: string,
      now: Date,
    ): Promise<'accepted' | 'not-the-version-in-force'> {
      for (;;) {
        const account = await store.account(accountId);
        if (!account) return 'not-the-version-in-force';
        const { _etag, ...current } = account;
        const accepted = { ...current.accepted, [kind]: version };
        const pending = await documents.pending(accepted, now);
        if (pending.some((awaited) => awaited.kind === kind)) return 'not-the-version-in-force';
        if (current.accepted[kind] === version) return 'accepted';
        const changed: Account = { ...current, accepted };
        const { outcome } = await store.write(accountId, [
          { replace: changed, etag: _etag },
          { upsert: acceptance(kind, version, 'acceptance', now) },
        ]);
        if (outcome === 'written') return 'accepted';
      }
    },

    acceptances: (accountId: AccountId) => store.acceptances(accountId),
  };
}

export type AccountUseCases = ReturnType<typeof accountUseCases>;
