import { generateKeyPairSync } from 'node:crypto';
import { createLocalJWKSet, type JSONWebKeySet, jwtVerify } from 'jose';
import { describe, expect, it } from 'vitest';
import { createLocalClock } from '../../../local/clock.ts';
import { createStaffIdentity } from '../../../local/staff-identity/staff-identity.ts';

const issuer = 'http://127.0.0.1:7072/staff-identity';
const audience = 'api://extranet-privacy';
const key = {
  ...generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey.export({ format: 'jwk' }),
  kid: 'key-1',
};

function provider() {
  const clock = createLocalClock();
  const identity = createStaffIdentity({ issuer, audience, key, clock });
  const jwks = createLocalJWKSet(identity.jwks as JSONWebKeySet);
  const verify = (token: string) =>
    jwtVerify(token, jwks, { issuer, audience, algorithms: ['RS256'], currentDate: clock.now() });
  return { clock, identity, verify };
}

describe('the staff identity stand-in', () => {
  it('issues tokens that its published keys verify, shaped like those of Entra ID', async () => {
    const { identity, verify } = provider();
    const token = await identity.issue({ sub: 'staff-7', name: 'Ana Roux', roles: ['dpo', 'support'] });
    const { payload, protectedHeader } = await verify(token);
    expect(protectedHeader).toEqual({ alg: 'RS256', typ: 'JWT', kid: 'key-1' });
    expect(payload).toMatchObject({ sub: 'staff-7', name: 'Ana Roux', roles: ['dpo', 'support'], ver: '2.0' });
    expect(payload.oid).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-5[0-9a-f]{3}-8[0-9a-f]{3}-[0-9a-f]{12}$/);
    expect((payload.exp ?? 0) - (payload.iat ?? 0)).toBe(3_600);
    expect(payload.nbf).toBe(payload.iat);
  });

  it('leaves the roles out where there are none', async () => {
    const { identity, verify } = provider();
    const { payload } = await verify(await identity.issue({ sub: 'staff-7', name: 'Ana Roux', roles: [] }));
    expect(payload).not.toHaveProperty('roles');
  });

  it('lets a token hold for one hour of the local clock', async () => {
    const { clock, identity, verify } = provider();
    const token = await identity.issue({ sub: 'staff-7', name: 'Ana Roux', roles: [] });
    clock.setOffset(59 * 60_000);
    await verify(token);
    clock.setOffset(61 * 60_000);
    await expect(verify(token)).rejects.toThrow(/exp/);
  });

  it('publishes no private part of its key', () => {
    const { identity } = provider();
    expect(Object.keys(identity.jwks.keys[0] ?? {}).sort()).toEqual(['alg', 'e', 'kid', 'kty', 'n', 'use']);
  });
});
