import { beforeAll, describe, expect, it } from 'vitest';
import { useProduct } from '../support/product.ts';

const product = useProduct();
const path = '/api/v1/desk/disclosures';
let dpo: string;
let accountId: string;

beforeAll(async () => {
  dpo = await product.staffToken('dpo');
  await product.person('subject@partner.example');
  const { accessToken } = (await product.signIn('subject@partner.example')).body;
  accountId = (await product.call('GET', '/api/v1/auth/session', { token: accessToken })).body.accountId;
});

const disclosure = (more: object = {}) => ({
  accountId,
  recipient: { name: 'Tribunal judiciaire de Nanterre', contact: 'greffe@tribunal.example' },
  categories: ['identity', 'contact'],
  ground: 'legal-obligation',
  reference: 'Réquisition 2026/117',
  ...more,
});
const record = (body: object, headers: Record<string, string> = {}) =>
  product.call('POST', path, { token: dpo, body, headers });

describe('C7 every disclosure is on record, with its ground, before it happens', () => {
  it('answers with the record: recipient, categories, ground, who and when, kept five years', async () => {
    const { status, body } = await record(disclosure());
    expect(status).toBe(201);
    expect(body).toMatchObject({ ...disclosure(), notices: [], recordedBy: expect.any(String) });
    expect(body.id).toMatch(/^dsc_[\w-]{22}$/);
    const [recorded, expires] = [new Date(body.recordedAt), new Date(body.expiresAt)];
    expect(expires.getUTCFullYear() - recorded.getUTCFullYear()).toBe(5);
    expect((await product.call('GET', `${path}/${body.id}`, { token: dpo })).body).toEqual(body);
  });

  it('knows no ground but those of the charter: selling and renting are none (C6)', async () => {
    for (const ground of ['sale', 'rental', 'marketing', 'legitimate-interest', ''])
      expect(await record(disclosure({ ground }))).toMatchObject({ status: 400, body: { code: 'invalid-request' } });
  });

  it('takes neither a date of its own nor a category that does not exist, nor one twice', async () => {
    expect((await record(disclosure({ recordedAt: '2020-01-01T00:00:00.000Z' }))).status).toBe(400);
    expect((await record(disclosure({ categories: ['health'] }))).status).toBe(400);
    expect((await record(disclosure({ categories: [] }))).status).toBe(400);
    expect((await record(disclosure({ categories: ['identity', 'identity'] }))).status).toBe(400);
  });

  it('of nobody who has no account', async () => {
    expect((await record(disclosure({ accountId: `acc_${'a'.repeat(22)}` }))).status).toBe(404);
    expect((await record(disclosure({ accountId: 'nobody' }))).status).toBe(404);
  });

  it('is open to the DPO alone, and sending it twice under one key records it once', async () => {
    for (const role of ['support', 'auditor', 'operator', 'publisher']) {
      const token = await product.staffToken(role);
      expect((await product.call('POST', path, { token, body: disclosure() })).status).toBe(403);
      expect((await product.call('GET', path, { token })).status).toBe(403);
    }
    const key = { 'idempotency-key': 'once' };
    const [first, second] = [await record(disclosure(), key), await record(disclosure(), key)];
    expect(second.body).toEqual(first.body);
    const one = `${path}/${first.body.id}`;
    const read = await product.call('GET', one, { token: dpo });
    const unchanged = { 'if-none-match': read.headers.get('etag') ?? '' };
    expect((await product.call('GET', one, { token: dpo, headers: unchanged })).status).toBe(304);
  });

  it('is listed newest first, page by page, and by person', async () => {
    await product.person('other@partner.example');
    const { accessToken } = (await product.signIn('other@partner.example')).body;
    const other = (await product.call('GET', '/api/v1/auth/session', { token: accessToken })).body.accountId;
    await record(disclosure({ accountId: other, reference: 'other' }));
    const all = await product.call('GET', path, { token: dpo });
    expect(all.body.items.length).toBeGreaterThan(2);
    const walked: unknown[] = [];
    let cursor = '';
    do {
      const { body } = await product.call('GET', `${path}?limit=1${cursor && `&cursor=${cursor}`}`, { token: dpo });
      walked.push(...body.items);
      cursor = body.nextCursor ?? '';
    } while (cursor);
    expect(walked).toEqual(all.body.items);
    const ofOther = await product.call('GET', `${path}?accountId=${other}`, { token: dpo });
    expect(ofOther.body.items.map(({ reference }: { reference: string }) => reference)).toEqual(['other']);
    expect((await product.call('GET', `${path}?cursor=made-up`, { token: dpo })).status).toBe(400);
  });

  it('names the third country in the record of processing (B3)', async () => {
    const recipient = { name: 'Assistance Helvetia', contact: 'Bahnhofstrasse 1, Zürich', thirdCountry: 'Suisse' };
    expect((await record(disclosure({ recipient, ground: 'rights-protection' }))).body.recipient).toEqual(recipient);
    const { body } = await product.call('GET', '/api/v1/desk/processing-register', { token: dpo });
    expect(body.transfers).toEqual([{ country: 'Suisse', recipient: 'Assistance Helvetia' }]);
  });
});

describe('C4 nothing goes to a third party on a consent that does not stand', () => {
  it('a consent that is not named, not the person’s, or not the ground is refused', async () => {
    const refused = { status: 422, body: { code: 'unprocessable' } };
    expect(await record(disclosure({ ground: 'consent' }))).toMatchObject(refused);
    expect(await record(disclosure({ ground: 'consent', consentId: `cns_${'a'.repeat(22)}` }))).toMatchObject(refused);
    expect(await record(disclosure({ consentId: `cns_${'a'.repeat(22)}` }))).toMatchObject(refused);
  });
});

describe('C6 with express agreement, and only while it stands', () => {
  it('a consent of the person lets the data go; withdrawn, or with Global Privacy Control, it does not', async () => {
    const { accessToken: token } = (await product.signIn('subject@partner.example')).body;
    const notice = (await product.call('GET', '/api/v1/cookies')).body.noticeVersion;
    const choose = async (answer: string, headers: Record<string, string> = {}) =>
      (
        await product.call('POST', '/api/v1/consents', {
          token,
          headers,
          body: { noticeVersion: notice, language: 'fr', choices: { prospecting: answer }, mechanism: 'banner' },
        })
      ).body.id;
    const consented = (consentId: string, more: object = {}) =>
      record(disclosure({ ground: 'consent', consentId, ...more }));

    const consentId = await choose('granted');
    expect((await consented(consentId)).body).toMatchObject({ ground: 'consent', consentId });
    await product.person('stranger@partner.example');
    const stranger = (await product.signIn('stranger@partner.example')).body.accessToken;
    const { accountId: other } = (await product.call('GET', '/api/v1/auth/session', { token: stranger })).body;
    expect((await consented(consentId, { accountId: other })).status).toBe(422);

    // The person agreed to be contacted with offers: that covers nothing else.
    expect((await consented(consentId, { categories: ['identity', 'preferences'] })).status).toBe(422);

    const objected = await choose('granted', { 'sec-gpc': '1' });
    expect((await consented(objected)).status).toBe(422);
    expect((await consented(await choose('denied'))).status).toBe(422);
    const again = await choose('granted');
    expect((await consented(again)).status).toBe(201);
    await product.call('DELETE', '/api/v1/consents', { token });
    expect((await consented(again)).status).toBe(422);
  });
});

describe('H2 cookie data stay with the controller', () => {
  it('are disclosed only with consent or where the law requires it', async () => {
    const categories = ['identity', 'activity'];
    for (const ground of ['terms-enforcement', 'rights-protection'])
      expect((await record(disclosure({ categories, ground }))).status).toBe(422);
    expect((await record(disclosure({ categories, ground: 'legal-obligation' }))).status).toBe(201);
  });
});
