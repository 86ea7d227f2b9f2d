import { createHmac, randomBytes } from 'node:crypto';
import type { AccountId, SessionId } from '../platform/ids.ts';
import { type PlainSecret, sameSecret } from '../platform/keys/secrets.ts';

/**
 * An opaque refresh token: the session that it belongs to, 256 random bits, and a check value under the product's key. The check value
 * tells a token that we issued earlier (its use again is theft, RFC 9700 §4.14) from one that somebody made up.
 */
export function newRefreshToken(key: Buffer, accountId: AccountId, sessionId: SessionId): PlainSecret {
  const body = `${accountId.slice(4)}.${sessionId.slice(4)}.${randomBytes(32).toString('base64url')}`;
  return `${body}.${checkValue(key, body)}` as PlainSecret;
}

/** Where a token of ours belongs; nothing when it was not issued by us. */
export function readRefreshToken(
  key: Buffer,
  token: string,
): { accountId: AccountId; sessionId: SessionId } | undefined {
  const [account, session, secret, check, ...more] = token.split('.');
  if (!account || !session || !secret || !check || more.length > 0) return undefined;
  if (!sameSecret(check, checkValue(key, `${account}.${session}.${secret}`))) return undefined;
  return { accountId: `acc_${account}`, sessionId: `ses_${session}` };
}

function checkValue(key: Buffer, body: string): string {
  return createHmac('sha256', key).update(`refresh-token\u0000${body}`).digest('base64url').slice(0, 22);
}
