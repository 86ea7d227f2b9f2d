import type { AccountId, RequestId } from '../platform/ids.ts';
import type { Account } from './account.ts';
import type { AccountStore } from './account-store.ts';

/** The outcome of a change to what may be done with an account's data. */
export type ChoiceOutcome = 'set' | 'no-account';

/** Holds a change against what stands now, and throws when the caller meant another state (`preconditions.check`). */
type CheckObjections = (current: readonly string[]) => void;

const inOrder = (purposes: readonly string[]) => [...new Set(purposes)].toSorted();

/**
 * What the person has decided about the processing itself: objections (art. 21, clause G5) and restriction (art. 18, clause G6). They lie on the
 * account, where the processing gate reads them, so that they take effect with the write. Every change is conditional on what was read
 * and tried again when another came first; repeating one changes nothing.
 */
export function processingChoices(store: AccountStore) {
  async function change(accountId: AccountId, decide: (account: Account) => Account): Promise<ChoiceOutcome> {
    for (;;) {
      const found = await store.account(accountId);
      if (!found) return 'no-account';
      const { _etag, ...account } = found;
      const decided = decide(account);
      if (decided === account) return 'set';
      const { outcome } = await store.write(accountId, [{ replace: decided, etag: _etag }]);
      if (outcome === 'written') return 'set';
    }
  }

  const withObjections = (account: Account, purposes: readonly string[]): Account => {
    const before = account.objections ?? [];
    const after = inOrder(purposes);
    return before.join() === after.join() ? account : { ...account, objections: after };
  };

  return {
    /** The purposes that the person objects to, by id; none for an account that is gone. */
    async objections(accountId: AccountId): Promise<readonly string[]> {
      return (await store.account(accountId))?.objections ?? [];
    },

    /** Replaces the list of purposes that the person objects to. `check` sees the list that stands and may throw. */
    setObjections: (accountId: AccountId, purposes: readonly string[], check: CheckObjections = () => undefined) =>
      change(accountId, (account) => {
        check(account.objections ?? []);
        return withObjections(account, purposes);
      }),

    /** Adds to the purposes that the person objects to. */
    addObjections: (accountId: AccountId, purposes: readonly string[]) =>
      change(accountId, (account) => withObjections(account, [...(account.objections ?? []), ...purposes])),

    /** Restricts the processing. An account that is restricted already keeps its earlier restriction, with its own request. */
    restrict: (accountId: AccountId, requestId: RequestId | undefined, now: Date) =>
      change(accountId, (account) =>
        account.restriction
          ? account
          : { ...account, restriction: { since: now.toISOString(), ...(requestId ? { requestId } : {}) } },
      ),

    /** Ends the restriction. Whoever calls it has told the person before (art. 18(3)). */
    liftRestriction: (accountId: AccountId) =>
      change(accountId, (account) => {
        if (!account.restriction) return account;
        const { restriction: _lifted, ...free } = account;
        return free;
      }),
  };
}

export type ProcessingChoices = ReturnType<typeof processingChoices>;
