import { HOUR, plus } from '../platform/clock.ts';
import type { DocumentStore } from '../platform/cosmos/document-store.ts';
import { ACCOUNT_ID, type Account, type Login } from './account.ts';

/** Nobody confirms any more what ended this long ago. */
const SLACK = HOUR;

/**
 * Settles reservations of e-mail addresses whose time to be confirmed is over: that of an account in use becomes lasting, that of an account which never
 * was confirmed, or is gone, is freed (clauses A2, E1). At most `limit` at once.
 */
export async function settleReservations(
  { accounts, logins }: Pick<DocumentStore, 'accounts' | 'logins'>,
  limit: number,
  now: Date,
): Promise<{ readonly examined: number; readonly settled: number }> {
  const { items } = await logins.query<Login>({
    text: 'SELECT * FROM c WHERE c.provisionalUntil <= @end',
    parameters: { end: plus(now, -SLACK).toISOString() },
    limit,
  });
  let settled = 0;
  for (const login of items) {
    const holder = await accounts.read<Account>(login.accountId, ACCOUNT_ID);
    if (holder && holder.status !== 'unverified') {
      const { provisionalUntil: _until, _etag, ...lasting } = login;
      if ((await logins.replace(login.id, lasting, _etag)).outcome === 'written') settled += 1;
    } else if ((await logins.remove(login.id, login.id, login._etag)).outcome === 'written') {
      settled += 1;
    }
  }
  return { examined: items.length, settled };
}
