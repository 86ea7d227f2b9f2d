import { createHash, randomUUID } from 'node:crypto';
import { importJWK, type JWK, SignJWT } from 'jose';
import type { LocalClock } from '../clock.ts';

/** Who a staff token is for. */
export interface StaffMember {
  readonly sub: string;
  readonly name: string;
  readonly roles: readonly string[];
}

/** The organisation's identity provider, as far as an API sees it: discovery, public keys, tokens. */
export interface StaffIdentity {
  readonly issuer: string;
  /** OpenID Connect discovery, served at `{issuer}/.well-known/openid-configuration`. */
  readonly configuration: Readonly<Record<string, unknown>>;
  readonly jwks: { readonly keys: readonly JWK[] };
  /** A token that holds for one hour of the local clock. */
  issue(member: StaffMember): Promise<string>;
}

/** Stands for the organisation's tenant. */
const TENANT_ID = '7b1f4c52-7a53-4f0e-9a3c-2f6d0b1c9e84';
const LIFETIME_SECONDS = 3_600;

/** Issues tokens shaped like those of Microsoft Entra ID (version 2.0), signed with RS256. */
export function createStaffIdentity(options: {
  readonly issuer: string;
  readonly audience: string;
  readonly key: JWK;
  readonly clock: LocalClock;
}): StaffIdentity {
  const { issuer, audience, key, clock } = options;
  const { kty, n, e, kid } = key;
  return {
    issuer,
    configuration: {
      issuer,
      jwks_uri: `${issuer}/discovery/v2.0/keys`,
      token_endpoint_auth_methods_supported: ['private_key_jwt'],
      response_types_supported: ['code'],
      subject_types_supported: ['pairwise'],
      id_token_signing_alg_values_supported: ['RS256'],
      claims_supported: ['sub', 'iss', 'aud', 'exp', 'iat', 'nbf', 'name', 'oid', 'roles', 'tid', 'ver'],
    },
    jwks: { keys: [{ kty: kty as 'RSA', n, e, kid, use: 'sig', alg: 'RS256' } as JWK] },
    async issue({ sub, name, roles }) {
      const now = Math.floor(clock.now().getTime() / 1_000);
      return new SignJWT({
        name,
        oid: objectId(sub),
        tid: TENANT_ID,
        ver: '2.0',
        uti: randomUUID(),
        // Entra ID leaves the claim out where no role is assigned.
        ...(roles.length > 0 ? { roles } : {}),
      })
        .setProtectedHeader({ alg: 'RS256', typ: 'JWT', ...(kid === undefined ? {} : { kid }) })
        .setIssuer(issuer)
        .setAudience(audience)
        .setSubject(sub)
        .setIssuedAt(now)
        .setNotBefore(now)
        .setExpirationTime(now + LIFETIME_SECONDS)
        .sign(await importJWK(key, 'RS256'));
    },
  };
}

/** The same person has the same object id in every token: a UUID made from the subject. */
function objectId(sub: string): string {
  const hex = createHash('sha256').update(sub).digest('hex');
  return [hex.slice(0, 8), hex.slice(8, 12), `5${hex.slice(13, 16)}`, `8${hex.slice(17, 20)}`, hex.slice(20, 32)].join(
    '-',
  );
}
