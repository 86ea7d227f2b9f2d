import { randomUUID } from 'node:crypto';
import { MINUTE, plus } from '../platform/clock.ts';
import type { SigningJwk } from '../platform/config.ts';
import { type AccountId, isId, type SessionId } from '../platform/ids.ts';
import { importSigningKeys } from '../platform/keys/signing-keys.ts';

/** How long an access token lives. */
export const ACCESS_TOKEN_LIFETIME = 10 * MINUTE;

export interface AccessTokenClaims {
  readonly accountId: AccountId;
  readonly sessionId: SessionId;
  readonly authenticatedAt: Date;
  /** RFC 8176 method references: `pwd`, `otp`. */
  readonly methods: readonly string[];
  readonly expiresAt: Date;
}

/** Tokens that were verified once and still live: the same signature need not be computed again. */
const REMEMBERED = 5_000;

/** Issues and verifies access tokens: `at+jwt` (RFC 9068), signed with ES256 or EdDSA, verified without I/O. */
export function accessTokens(issuer: string, jwks: readonly SigningJwk[]) {
  let importing: ReturnType<typeof importSigningKeys> | undefined;
  const keys = () => {
    importing ??= importSigningKeys(jwks);
    return importing;
  };
  const remembered = new Map<string, AccessTokenClaims>();

  return {
    async issue(claims: Omit<AccessTokenClaims, 'expiresAt'>, now: Date): Promise<string> {
      const { SignJWT } = await import('jose');
      const [key] = await keys();
      if (!key) throw new Error('no signing key');
      return new SignJWT({
        sid: claims.sessionId,
        auth_time: seconds(claims.authenticatedAt),
        amr: [...claims.methods],
        client_id: 'extranet',
      })
        .setProtectedHeader({ alg: key.algorithm, kid: key.kid, typ: 'at+jwt' })
        .setIssuer(issuer)
        .setAudience(issuer)
        .setSubject(claims.accountId)
        .setJti(randomUUID())
        .setIssuedAt(seconds(now))
        .setExpirationTime(seconds(plus(now, ACCESS_TOKEN_LIFETIME)))
        .sign(key.privateKey);
    },

    /** The claims of a token of ours that still lives; nothing for any other string. */
    async verify(token: string, now: Date): Promise<AccessTokenClaims | undefined> {
      const claims = remembered.get(token) ?? (await verified(token, now));
      return claims && claims.expiresAt > now ? claims : undefined;
    },
  };

  async function verified(token: string, now: Date): Promise<AccessTokenClaims | undefined> {
    const { jwtVerify } = await import('jose');
    const candidates = await keys();
    try {
      const { payload } = await jwtVerify(
        token,
        (header) => {
          const key = candidates.find(({ kid, algorithm }) => kid === header.kid && algorithm === header.alg);
          if (!key) throw new Error('unknown key');
          return key.publicKey;
        },
        {
          issuer,
          audience: issuer,
          typ: 'at+jwt',
          currentDate: now,
          requiredClaims: ['sub', 'sid', 'exp', 'auth_time'],
        },
      );
      const { sub = '', sid, auth_time: authTime, amr, exp = 0 } = payload;
      if (!isId('acc', sub) || typeof sid !== 'string' || !isId('ses', sid) || typeof authTime !== 'number')
        return undefined;
      const claims: AccessTokenClaims = {
        accountId: sub,
        sessionId: sid,
        authenticatedAt: new Date(authTime * 1000),
        methods: Array.isArray(amr) ? amr.map(String) : [],
        expiresAt: new Date(exp * 1000),
      };
      const [oldest] = remembered.size >= REMEMBERED ? remembered.keys() : [];
      if (oldest) remembered.delete(oldest);
      remembered.set(token, claims);
      return claims;
    } catch {
      return undefined; // not ours, altered, expired: to the caller it is all one
    }
  }
}

export type AccessTokens = ReturnType<typeof accessTokens>;

function seconds(date: Date): number {
  return Math.floor(date.getTime() / 1000);
}
