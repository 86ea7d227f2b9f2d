import { describe, expect, it } from 'vitest';
import { useProduct } from '../support/product.ts';

const product = useProduct();
const CONSENTS = '/api/v1/consents';

const decide = (choices: object, headers: Record<string, string> = {}) =>
  product.call('POST', CONSENTS, {
    body: { noticeVersion: '1.0', language: 'fr', choices, mechanism: 'choose' },
    headers,
  });
const device = (visitorId: string) => ({ 'x-visitor-id': visitorId });
const stateOf = async (visitorId: string) => (await product.call('GET', CONSENTS, { headers: device(visitorId) })).body;
const at = (now: string) => product.control('PUT', '/clock', { now });
const justBefore = (instant: string) => new Date(Date.parse(instant) - 30_000).toISOString();
const justAfter = (instant: string) => new Date(Date.parse(instant) + 30_000).toISOString();
const expire = async () => (await product.control('POST', '/timers/expire-consents')).body;

describe('H3 no consent is kept for more than 13 months', () => {
  it('is asked again after 6 calendar months and over after 13, whatever was visited meanwhile', async () => {
    await at('2026-08-31T10:00:00.000Z');
    const { body } = await decide({ prospecting: 'granted' });
    expect(body.askAgainAt.slice(0, 16)).toBe('2027-02-28T10:00');
    expect(body.expiresAt.slice(0, 16)).toBe('2027-09-30T10:00');

    await at('2027-06-01T08:00:00.000Z');
    const visited = await stateOf(body.visitorId);
    expect(visited).toMatchObject({ choices: { prospecting: 'granted' }, expiresAt: body.expiresAt });
    await at(justBefore(body.expiresAt));
    expect((await stateOf(body.visitorId)).choices).toEqual({ prospecting: 'granted' });

    await at(justAfter(body.expiresAt));
    expect(await stateOf(body.visitorId)).toEqual({ choices: {}, purposes: [], signals: { gpc: false } });
    const receipt = await product.call('GET', body.receipt);
    expect(JSON.stringify(receipt.body)).toContain('ConsentExpired');
    expect(JSON.stringify(receipt.body)).not.toMatch(/ConsentGiven/);
  });

  it('the nightly timer deletes the record, leaves its number, and touches nothing that lives', async () => {
    await at('2028-01-31T09:00:00.000Z');
    const old = (await decide({ prospecting: 'granted', personalisation: 'denied' })).body;
    await at('2028-06-15T09:00:00.000Z');
    await decide({ personalisation: 'granted' }, device(old.visitorId));
    const living = (await decide({ prospecting: 'denied' })).body;
    await expire(); // what the test before has left

    await at(justBefore(old.expiresAt));
    expect(await expire()).toMatchObject({ job: 'expire-consents', examined: 0, changed: 0 });
    await at(justAfter(old.expiresAt));
    // The first decision goes, and the state loses the choice that came from it.
    expect(await expire()).toMatchObject({ examined: 2, changed: 2, failed: 0 });
    expect((await product.call('GET', old.receipt)).status).toBe(404);
    expect((await stateOf(old.visitorId)).choices).toEqual({ personalisation: 'granted' });
    expect((await stateOf(living.visitorId)).choices).toEqual({ prospecting: 'denied' });
    expect(await expire()).toMatchObject({ examined: 0, changed: 0 });

    await at(justAfter(living.expiresAt));
    expect(await expire()).toMatchObject({ examined: 4, changed: 4, failed: 0 });
    expect((await product.call('GET', living.receipt)).status).toBe(404);
  });

  it('a choice made anew after the end is a first choice again', async () => {
    await at('2030-01-01T00:00:00.000Z');
    const first = (await decide({ prospecting: 'granted' })).body;
    await at('2030-08-01T00:00:00.000Z');
    const renewed = (await decide({ prospecting: 'granted' }, device(first.visitorId))).body;
    const statusIn = async (receipt: string) =>
      (await product.call('GET', receipt)).body['dpv:hasProcess'][0]['dpv:hasConsentStatus'][0]['@type'][0];
    expect(await statusIn(renewed.receipt)).toBe('dpv:RenewedConsentGiven');
    await at('2031-09-02T00:00:00.000Z');
    const anew = (await decide({ prospecting: 'granted' }, device(first.visitorId))).body;
    expect(await statusIn(anew.receipt)).toBe('dpv:ConsentGiven');
    expect(anew.visitorId).toBe(first.visitorId);
  });

  it('a run that meets a failing database goes on where it was', async () => {
    await at('2033-01-01T00:00:00.000Z');
    await Promise.all(Array.from({ length: 15 }, () => decide({ prospecting: 'denied' })));
    await at('2034-03-01T00:00:00.000Z');
    await product.control('PUT', '/faults', { target: 'cosmos', rate: 0.3, status: 503, latencyMs: 0 });
    const during = await expire();
    await product.control('DELETE', '/faults');
    const after = await expire();
    expect(during.changed + after.changed).toBeGreaterThanOrEqual(30);
    expect(await expire()).toMatchObject({ examined: 0 });
  });
});
