import { generateKeyPairSync } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import type { SigningJwk } from '../../../shared/platform/config.ts';
import { accessTokens } from '../../../shared/sessions/index.ts';

const ecKey = (kid: string) =>
  ({ ...generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey.export({ format: 'jwk' }), kid }) as SigningJwk;
const edKey = (kid: string) =>
  ({ ...generateKeyPairSync('ed25519').privateKey.export({ format: 'jwk' }), kid }) as SigningJwk;

const issuer = 'https://api.extranet.example';
const now = new Date('2026-11-24T09:00:00.000Z');
const claims = {
  accountId: `acc_${'a'.repeat(22)}`,
  sessionId: `ses_${'b'.repeat(22)}`,
  authenticatedAt: now,
  methods: ['pwd'],
} as const;

describe('an access token', () => {
  it('of the older of two keys stays good while both are live, and not afterwards', async () => {
    const older = ecKey('older');
    const newer = edKey('newer');
    const token = await accessTokens(issuer, [older]).issue(claims, now);
    expect(await accessTokens(issuer, [newer, older]).verify(token, now)).toMatchObject(claims);
    expect(await accessTokens(issuer, [newer]).verify(token, now)).toBeUndefined();
  });

  it('is refused once it has ended, also when it was verified before', async () => {
    const tokens = accessTokens(issuer, [ecKey('k')]);
    const token = await tokens.issue(claims, now);
    expect(await tokens.verify(token, new Date(now.getTime() + 599_000))).toBeDefined();
    expect(await tokens.verify(token, new Date(now.getTime() + 600_000))).toBeUndefined();
  });

  it('of another issuer, altered, or of another type is refused', async () => {
    const key = ecKey('k');
    const tokens = accessTokens(issuer, [key]);
    const [header, payload, signature] = (await tokens.issue(claims, now)).split('.');
    const forged = Buffer.from(JSON.stringify({ alg: 'none', typ: 'at+jwt' })).toString('base64url');
    expect(
      await tokens.verify(await accessTokens('https://other.example', [key]).issue(claims, now), now),
    ).toBeUndefined();
    expect(await tokens.verify(`${forged}.${payload}.`, now)).toBeUndefined();
    expect(await tokens.verify(`${header}.${payload}x.${signature}`, now)).toBeUndefined();
    expect(await tokens.verify('rubbish', now)).toBeUndefined();
  });
});
