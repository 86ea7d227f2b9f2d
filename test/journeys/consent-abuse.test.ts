import { describe, expect, it } from 'vitest';
import { useProduct } from '../support/product.ts';

const product = useProduct();
const CALLS = 900;
const ABREAST = 12;

describe('H7 F1 the open endpoints can be neither flooded nor overfed', () => {
  it('one source gets 600 choices a minute, however many come at once, and is told when to come back', async () => {
    await product.control('PUT', '/clock', { now: '2026-11-23T09:15:00.500Z' });
    const statuses: number[] = [];
    let retryAfter: string | null = null;
    let left = CALLS;
    const visitor = async () => {
      while (left > 0) {
        left -= 1;
        const { status, headers } = await product.call('POST', '/api/v1/consents', {
          body: { noticeVersion: '1.0', language: 'fr', choices: { prospecting: 'denied' }, mechanism: 'refuse-all' },
        });
        statuses.push(status);
        if (status === 429) retryAfter = headers.get('retry-after');
      }
    };
    await Promise.all(Array.from({ length: ABREAST }, visitor));
    const served = statuses.filter((status) => status === 201).length;
    expect(new Set(statuses)).toEqual(new Set([201, 429]));
    expect(served).toBeGreaterThanOrEqual(600);
    // The first twenty are let through by the instance itself, without a look-up. A slow machine reaches into further minutes.
    const { now } = (await product.control('GET', '/clock')).body;
    const minutes = 1 + Math.floor((Date.parse(now) - Date.parse('2026-11-23T09:15:00.000Z')) / 60_000);
    expect(served).toBeLessThanOrEqual(620 * minutes);
    expect(Number(retryAfter)).toBeGreaterThan(0);
    expect(Number(retryAfter)).toBeLessThanOrEqual(60);

    // Withdrawing and what a consent module reports draw on the same calls; a slow machine has come into a minute with some left.
    const refusedAtLast = async (send: () => ReturnType<typeof product.call>) => {
      for (let n = 0; n < CALLS; n += 1) if ((await send()).status === 429) return true;
      return false;
    };
    expect(await refusedAtLast(() => product.call('DELETE', '/api/v1/consents'))).toBe(true);
    const reported = { consent_data: { type: 'save', consents: { prospecting: false } } };
    const report = () => product.call('POST', '/v1/privacy-managers/extranet/submit', { body: reported });
    expect(await refusedAtLast(report)).toBe(true);

    // Reading is not held up, nor is the next minute.
    expect((await product.call('GET', '/api/v1/consents')).status).toBe(200);
    await product.control('PUT', '/clock', { now: '2026-11-23T09:17:00.000Z' });
    expect((await product.call('DELETE', '/api/v1/consents')).status).toBe(200);
  });

  it('a body over 64 KiB is refused, and a choice holds no more than it needs', async () => {
    const send = (body: object) => product.call('POST', '/api/v1/consents', { body });
    const good = { noticeVersion: '1.0', language: 'fr', choices: { prospecting: 'denied' }, mechanism: 'refuse-all' };
    expect((await send({ ...good, mechanism: 'x'.repeat(70_000) })).status).toBe(413);
    expect((await send({ ...good, ip: '192.0.2.1' })).status).toBe(400);
    expect((await send({ ...good, userAgent: 'Mozilla' })).status).toBe(400);
    const many = Object.fromEntries(Array.from({ length: 51 }, (_, index) => [`p${index}`, 'denied']));
    expect((await send({ ...good, choices: many })).status).toBe(400);
  });
});
