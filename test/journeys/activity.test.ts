import { beforeAll, describe, expect, it } from 'vitest';
import { useProduct } from '../support/product.ts';

const product = useProduct();
let token: string;

beforeAll(async () => {
  await product.person('measured@partner.example');
  token = (await product.signIn('measured@partner.example')).body.accessToken;
});

const choose = (choices: object) =>
  product.call('POST', '/api/v1/consents', {
    token,
    body: { noticeVersion: '1.0', language: 'fr', choices, mechanism: 'choose' },
  });
const ago = (minutes: number) => new Date(Date.now() - minutes * 60_000).toISOString();
const view = (more: object = {}) => ({ type: 'page-view', path: '/sinistres/declarer', at: ago(1), ...more });
const report = (...events: object[]) => product.call('POST', '/api/v1/activity', { token, body: { events } });
const permissions = async () =>
  Object.fromEntries(
    (await product.call('GET', '/api/v1/me/purposes', { token })).body.items.map(
      ({ id, permission }: { id: string; permission: string }) => [id, permission],
    ),
  );

describe('H1 activity is measured where the person agrees', () => {
  it('before an answer, after a refusal and after a withdrawal everything is dropped', async () => {
    expect(await report(view())).toMatchObject({ status: 202, body: { accepted: 0, dropped: 1 } });
    await choose({ 'audience-measurement': 'denied' });
    expect((await report(view())).body).toEqual({ accepted: 0, dropped: 1 });
    await choose({ 'audience-measurement': 'granted' });
    expect((await report(view(), view({ type: 'visit', path: '/' }))).body).toEqual({ accepted: 2, dropped: 0 });
    await product.call('DELETE', '/api/v1/consents', { token });
    expect((await report(view())).body).toEqual({ accepted: 0, dropped: 1 });
    await choose({ 'audience-measurement': 'granted' });
  });

  it('takes a section path and nothing that says more, and no event from the future or of long ago', async () => {
    const { body } = await report(view(), view({ at: ago(60 * 25) }), view({ at: ago(-60) }));
    expect(body).toEqual({ accepted: 1, dropped: 2 });
    for (const path of ['/a?dossier=1', '/a#b', 'https://elsewhere.example/', 'a', '/é'])
      expect((await report(view({ path }))).status).toBe(400);
    expect((await report(view({ type: 'key-press' }))).status).toBe(400);
    expect((await report(view({ userAgent: 'x' }))).status).toBe(400);
    expect((await report()).status).toBe(400);
    expect((await report(...Array.from({ length: 101 }, () => view()))).status).toBe(400);
    expect((await product.call('POST', '/api/v1/activity', { body: { events: [view()] } })).status).toBe(401);
  });

  it('a hundred events are one call, and a repeated call counts once', async () => {
    const body = { events: Array.from({ length: 100 }, () => view()) };
    const send = () =>
      product.call('POST', '/api/v1/activity', { token, body, headers: { 'idempotency-key': 'batch-1' } });
    expect((await send()).body).toEqual({ accepted: 100, dropped: 0 });
    expect((await send()).headers.get('idempotency-replayed')).toBe('true');
  });
});

describe('C6 D2 D3 D4 D5 D6 each purpose is on or off for each person', () => {
  it('what rests on consent is off until it is granted, and off again with the next call after a withdrawal', async () => {
    await product.call('DELETE', '/api/v1/consents', { token });
    expect(await permissions()).toMatchObject({
      D1: 'permitted',
      D2: 'not-consented',
      D3: 'permitted',
      D4: 'not-consented',
      D5: 'permitted',
      D6: 'permitted',
      prospecting: 'not-consented',
    });
    await choose({ personalisation: 'granted', 'content-suggestions': 'granted', prospecting: 'granted' });
    expect(await permissions()).toMatchObject({ D2: 'permitted', D4: 'permitted', prospecting: 'permitted' });
    await choose({ prospecting: 'denied' });
    expect(await permissions()).toMatchObject({ D2: 'permitted', D4: 'permitted', prospecting: 'not-consented' });
    await product.call('DELETE', '/api/v1/consents', { token });
    expect(await permissions()).toMatchObject({ D2: 'not-consented', D4: 'not-consented', D5: 'permitted' });
  });
});

describe('D1 D7 D8 what rests on another basis than consent', () => {
  it('an objection stops a legitimate interest at once; what the contract needs goes on and cannot be objected to', async () => {
    const objectTo = (purposes: readonly string[], headers: Record<string, string> = { 'if-match': '*' }) =>
      product.call('PUT', '/api/v1/me/objections', { token, body: { purposes }, headers });
    expect(await permissions()).toMatchObject({ D1: 'permitted', D7: 'permitted', D8: 'permitted' });
    expect(await objectTo(['D8'], {})).toMatchObject({ status: 200, body: { purposes: ['D8'] } });
    expect(await permissions()).toMatchObject({ D1: 'permitted', D7: 'permitted', D8: 'objected' });
    for (const contract of ['D1', 'D7'])
      expect(await objectTo([contract])).toMatchObject({ status: 422, body: { code: 'unprocessable' } });
    expect((await objectTo([])).status).toBe(200);
    expect(await permissions()).toMatchObject({ D8: 'permitted' });
  });
});
