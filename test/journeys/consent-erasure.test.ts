import { describe, expect, it } from 'vitest';
import { PASSWORD, useProduct } from '../support/product.ts';

const product = useProduct();
const DAY = 86_400_000;

async function daysLater(days: number) {
  const now = new Date((await product.control('GET', '/clock')).body.now);
  await product.control('PUT', '/clock', { now: new Date(now.getTime() + days * DAY).toISOString() });
}
const decide = (choices: object, headers: Record<string, string> = {}) =>
  product.call('POST', '/api/v1/consents', {
    body: { noticeVersion: '1.0', language: 'fr', choices, mechanism: 'choose' },
    headers,
  });

describe('G3 H3 an erased person leaves no consent and no activity', () => {
  it('neither in the account’s record, nor in those of the devices that joined it', async () => {
    const email = 'erased@partner.example';
    const onDevice = (await decide({ 'audience-measurement': 'granted' })).body;
    const stranger = (await decide({ prospecting: 'denied' })).body;
    await product.person(email);
    const signedIn = await product.signIn(email, {}, { 'x-visitor-id': onDevice.visitorId });
    const token = signedIn.body.accessToken;
    const inAccount = (await decide({ prospecting: 'granted' }, { authorization: `Bearer ${token}` })).body;
    const events = [{ type: 'page-view', path: '/accueil', at: (await product.control('GET', '/clock')).body.now }];
    expect((await product.call('POST', '/api/v1/activity', { token, body: { events } })).body.accepted).toBe(1);

    await product.call('POST', '/api/v1/me/closure', { token, body: { password: PASSWORD } });
    await daysLater(7.1);
    await product.control('POST', '/timers/advance-rights-requests');

    for (const { receipt } of [onDevice, inAccount]) expect((await product.call('GET', receipt)).status).toBe(404);
    const state = await product.call('GET', '/api/v1/consents', { headers: { 'x-visitor-id': onDevice.visitorId } });
    expect(state.body.choices).toEqual({});
    expect((await product.call('GET', stranger.receipt)).status).toBe(200);
  });
});
