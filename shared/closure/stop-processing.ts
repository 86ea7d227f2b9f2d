import type { Account, AccountStore } from '../accounts/index.ts';
import type { StopProcessing } from '../personal-data/index.ts';

/**
 * Stops every use of an account that is being erased, for good: nobody signs in to it, its tokens are refused, the gate answers no, and no mailed
 * link brings it back.
 */
export function stopProcessing(store: AccountStore): StopProcessing {
  return async (accountId, now) => {
    for (;;) {
      const found = await store.account(accountId);
      if (!found || found.erasureBegunAt) return;
      const { _etag, ...account } = found;
      const stopped: Account = { ...account, status: 'closing', erasureBegunAt: now.toISOString() };
      if ((await store.write(accountId, [{ replace: stopped, etag: _etag }])).outcome === 'written') return;
    }
  };
}
