import { beforeAll, describe, expect, it } from 'vitest';
import { useProduct } from '../support/product.ts';

const product = useProduct();
const contact = { email: 'sans-compte@partner.example', givenName: 'Inès', familyName: 'Łuk' };
let owner: string;
let stranger: string;
let dpo: string;

beforeAll(async () => {
  await product.person('owner@partner.example');
  await product.person('stranger@partner.example');
  owner = (await product.signIn('owner@partner.example')).body.accessToken;
  stranger = (await product.signIn('stranger@partner.example')).body.accessToken;
  dpo = await product.staffToken('dpo');
});

const submit = (token: string | undefined, body: object) =>
  product.call('POST', '/api/v1/rights-requests', token ? { token, body } : { body });
const codeIn = (text: string | undefined) => /^\d{6}$/m.exec(text ?? '')?.[0] ?? '';

describe('G1 G9 a request from the space of the signed-in person', () => {
  it('is in review at once, acknowledged with number, deadline, rights and the CNIL (G11)', async () => {
    const created = await submit(owner, { type: 'access', details: 'Toutes mes données' });
    expect(created).toMatchObject({
      status: 201,
      body: { type: 'access', channel: 'extranet', status: 'in-review', identity: { state: 'not-needed' } },
    });
    expect(created.body).not.toHaveProperty('trackingCode');
    const [, mail] = await product.mails('owner@partner.example', 2);
    expect(mail?.text).toContain(created.body.reference);
    expect(mail?.text).toContain('CNIL');
    const read = await product.call('GET', `/api/v1/rights-requests/${created.body.id}`, { token: owner });
    expect(read).toMatchObject({
      status: 200,
      body: { details: 'Toutes mes données', history: [{ action: 'submitted' }] },
    });
    expect((await product.call('GET', '/api/v1/me/rights-requests', { token: owner })).body.items).toHaveLength(1);
    expect((await product.call('GET', `/api/v1/rights-requests/${created.body.id}`, { token: stranger })).status).toBe(
      404,
    );
    expect((await product.call('GET', `/api/v1/rights-requests/${created.body.id}`)).status).toBe(404);
    expect(
      (await product.call('GET', `/api/v1/rights-requests/${created.body.id}/package`, { token: owner })).status,
    ).toBe(409);
  });
});

describe('A2 G9 a request from somebody without an account', () => {
  it('waits for the code that was mailed, and is followed by its tracking code', async () => {
    expect((await submit(undefined, { type: 'erasure' })).status).toBe(422);
    const created = await submit(undefined, { type: 'erasure', contact });
    expect(created).toMatchObject({ status: 201, body: { status: 'awaiting-confirmation' } });
    const { id, trackingCode } = created.body;
    const [mail] = await product.mails(contact.email);
    const confirm = (code: string) => product.call('POST', `/api/v1/rights-requests/${id}/confirm`, { body: { code } });
    const code = codeIn(mail?.text);
    const wrong = code === '000000' ? '000001' : '000000';
    expect(await confirm(wrong)).toMatchObject({ status: 422, body: { code: 'unprocessable' } });
    expect(await confirm(code)).toMatchObject({ status: 200, body: { status: 'in-review' } });
    expect((await confirm(code)).status).toBe(409);
    const headers = { 'x-tracking-code': trackingCode };
    expect(await product.call('GET', `/api/v1/rights-requests/${id}`, { headers })).toMatchObject({
      status: 200,
      body: { status: 'in-review' },
    });
    expect(
      (await product.call('GET', `/api/v1/rights-requests/${id}`, { headers: { 'x-tracking-code': 'x' } })).status,
    ).toBe(404);
    const wrote = await product.call('POST', `/api/v1/rights-requests/${id}/messages`, {
      headers,
      body: { text: 'Bonjour' },
    });
    expect(wrote).toMatchObject({ status: 201, body: { from: 'person', text: 'Bonjour' } });
    expect(await product.call('POST', `/api/v1/rights-requests/${id}/cancel`, { headers })).toMatchObject({
      status: 200,
      body: { status: 'cancelled' },
    });
  });
});

describe('the desk', () => {
  it('lists, opens and rejects', async () => {
    const created = await submit(stranger, {
      type: 'rectification',
      rectifications: [{ field: 'company', value: 'Neuve' }],
    });
    const path = `/api/v1/desk/rights-requests/${created.body.id}`;
    const list = await product.call('GET', '/api/v1/desk/rights-requests', { token: dpo });
    expect(list.status).toBe(200);
    expect(list.body.items.map((item: { id: string }) => item.id)).toContain(created.body.id);
    const detail = await product.call('GET', path, { token: dpo });
    expect(detail).toMatchObject({ status: 200, body: { contact: { email: 'stranger@partner.example' } } });
    const rejected = await product.call('POST', `${path}/reject`, {
      token: dpo,
      body: { ground: 'not-applicable', reason: 'Déjà exact' },
    });
    expect(rejected).toMatchObject({ status: 200, body: { status: 'rejected' } });
    const csv = await product.call('GET', '/api/v1/desk/rights-requests.csv', { token: dpo });
    expect(csv.body).toContain(created.body.id);
    const dashboard = await product.call('GET', '/api/v1/desk/dashboard', { token: dpo });
    expect(dashboard).toMatchObject({ status: 200, body: { byStatus: { rejected: 1 } } });
    const archive = await product.call('GET', '/api/v1/desk/case-archive', { token: dpo });
    expect(archive.body.items.length).toBeGreaterThan(0);
  });
});
