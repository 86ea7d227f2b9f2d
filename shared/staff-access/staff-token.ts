import { MINUTE } from '../platform/clock.ts';
import { type StaffCaller, type StaffRole, staffRoles } from '../platform/http/route.ts';
import { isStaffId } from './staff-id.ts';

interface StaffTokenPlatform {
  readonly issuer: string;
  readonly audience: string;
}

/**
 * Verifies tokens of the organisation's identity provider (Entra ID): keys by OIDC discovery, cached; issuer, audience, lifetime and signature
 * checked; roles that we do not know are ignored. The local issuer is checked by this very code.
 */
export function staffTokens({ issuer, audience }: StaffTokenPlatform) {
  let discovering: Promise<ReturnType<typeof import('jose').createRemoteJWKSet>> | undefined;

  async function discover() {
    const { createRemoteJWKSet } = await import('jose');
    const answer = await fetch(`${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`, {
      signal: AbortSignal.timeout(5_000),
    });
    const document = (await answer.json()) as { issuer?: string; jwks_uri?: string };
    if (document.issuer !== issuer || !document.jwks_uri) throw new Error('the identity provider names another issuer');
    return createRemoteJWKSet(new URL(document.jwks_uri), { cacheMaxAge: 10 * MINUTE });
  }

  return async (token: string, now: Date): Promise<StaffCaller | undefined> => {
    const { jwtVerify, errors } = await import('jose');
    discovering ??= discover();
    discovering.catch(() => {
      discovering = undefined;
    });
    const keys = await discovering;
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
