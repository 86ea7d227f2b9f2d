import { createHmac } from 'node:crypto';
import type { AccountId } from '../platform/ids.ts';
import { newSecret, type PlainSecret, sameSecret } from '../platform/keys/secrets.ts';

type Purpose = 'verify' | 'reset' | 'reopen';

/**
 * A mailed token: the account that it belongs to, 256 random bits, and a check value under the product's key. The check value tells a
 * token that we once sent from one that we never did, without a look-up.
 */
export function mailedToken(
  key: Buffer,
  purpose: Purpose,
  accountId: AccountId,
): { token: string; secret: PlainSecret } {
  const secret = newSecret();
  const body = `${accountId.slice('acc_'.length)}.${secret}`;
  return { token: `${body}.${checkValue(key, purpose, body)}`, secret };
}

/** Reads a token back; nothing when it is not one of ours. */
export function readMailedToken(
  key: Buffer,
  purpose: Purpose,
  token: string,
): { accountId: AccountId; secret: PlainSecret } | undefined {
  const [account, secret, check, ...more] = token.split('.');
  if (!account || !secret || !check || more.length > 0) return undefined;
  if (!sameSecret(check, checkValue(key, purpose, `${account}.${secret}`))) return undefined;
  return { accountId: `acc_${account}`, secret: secret as PlainSecret };
}

function checkValue(key: Buffer, purpose: Purpose, body: string): string {
  return createHmac('sha256', key).update(`one-time-token:${purpose}\u0000${body}`).digest('base64url').slice(0, 22);
}
