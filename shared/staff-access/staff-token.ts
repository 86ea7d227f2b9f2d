import type { JWTVerifyGetKey } from 'jose';
import { MINUTE } from '../platform/clock.ts';
import { type StaffCaller, type StaffRole, staffRoles } from '../platform/http/route.ts';
import { ServiceUnavailable } from '../platform/unavailable.ts';
import { isStaffId } from './staff-id.ts';

interface StaffTokenPlatform {
  readonly issuer: string;
  readonly audience: string;
}

const DISCOVERY_TIMEOUT_MS = 5_000;

/**
 * Verifies tokens of the organisation's identity provider (Entra ID): keys by OIDC discovery, cached; issuer, audience, lifetime and signature
 * checked; roles that we do not know are ignored. The local issuer is checked by this very code. A provider that cannot be asked throws
 * {@link ServiceUnavailable}: a token is never refused, nor taken, because its keys could not be had.
 */
export function staffTokens({ issuer, audience }: StaffTokenPlatform) {
  let discovering: Promise<JWTVerifyGetKey> | undefined;

  async function discover(): Promise<JWTVerifyGetKey> {
    const { createRemoteJWKSet, errors } = await import('jose');
    const answer = await fetch(`${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`, {
      signal: AbortSignal.timeout(DISCOVERY_TIMEOUT_MS),
    });
    if (!answer.ok) throw new Error(`discovery was answered ${answer.status}`);
    const document = (await answer.json()) as { issuer?: string; jwks_uri?: string };
    if (document.issuer !== issuer || !document.jwks_uri) throw new Error('the identity provider names another issuer');
    const keys = createRemoteJWKSet(new URL(document.jwks_uri), { cacheMaxAge: 10 * MINUTE });
    return async (header, token) => {
      try {
        return await keys(header, token);
      } catch (error) {
        // That the provider has no such key says something of the token; any other failure says something of the provider.
        const { JWKSNoMatchingKey, JWKSMultipleMatchingKeys } = errors;
        if (error instanceof JWKSNoMatchingKey || error instanceof JWKSMultipleMatchingKeys) throw error;
        throw unavailable(error);
      }
    };
  }

  return async (token: string, now: Date): Promise<StaffCaller | undefined> => {
    const { jwtVerify, errors } = await import('jose');
    discovering ??= discover();
    let keys: JWTVerifyGetKey;
    try {
      keys = await discovering;
    } catch (error) {
      discovering = undefined;
      throw unavailable(error);
    }
    try {
      const { payload } = await jwtVerify(token, keys, {
        issuer,
        audience,
        currentDate: now,
        algorithms: ['RS256', 'PS256', 'ES256'],
        requiredClaims: ['sub', 'exp'],
        clockTolerance: 60,
      });
      const claimed = Array.isArray(payload.roles) ? payload.roles : [];
      const roles = staffRoles.filter((role): role is StaffRole => claimed.includes(role));
      return payload.sub && isStaffId(payload.sub) ? { kind: 'staff', staffId: payload.sub, roles } : undefined;
    } catch (error) {
      if (error instanceof errors.JOSEError) return undefined;
      throw error;
    }
  };
}

const unavailable = (cause: unknown) => new ServiceUnavailable('the identity provider did not answer', { cause });
