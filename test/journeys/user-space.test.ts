import { beforeAll, describe, expect, it } from 'vitest';
import { useProduct } from '../support/product.ts';

const product = useProduct();
let token: string;
let stranger: string;

beforeAll(async () => {
  await product.person('owner@partner.example');
  await product.person('stranger@partner.example');
  token = (await product.signIn('owner@partner.example')).body.accessToken;
  stranger = (await product.signIn('stranger@partner.example')).body.accessToken;
});

describe('D9 H1 the person manages the space', () => {
  it('changes the profile only by the version that was seen', async () => {
    const seen = await product.call('GET', '/api/v1/me', { token });
    const etag = seen.headers.get('etag') ?? '';
    const patch = (headers: Record<string, string>, body: object) =>
      product.call('PATCH', '/api/v1/me', { token, headers, body });
    expect(await patch({}, { company: 'Neuve' })).toMatchObject({
      status: 428,
      body: { code: 'precondition-required' },
    });
    const changed = await patch({ 'if-match': etag }, { company: 'Neuve', phone: '+33 1 23 45 67 89' });
    expect(changed).toMatchObject({ status: 200, body: { company: 'Neuve', phone: '+33 1 23 45 67 89' } });
    expect(await patch({ 'if-match': etag }, { company: 'Autre' })).toMatchObject({ status: 412 });
    const cleared = await patch({ 'if-match': changed.headers.get('etag') ?? '' }, { phone: null });
    expect(cleared.body).not.toHaveProperty('phone');
    expect(
      (
        await product.call('GET', '/api/v1/me', {
          token,
          headers: { 'if-none-match': cleared.headers.get('etag') ?? '' },
        })
      ).status,
    ).toBe(304);
  });

  it('keeps a draft 90 days after its last change, and nobody else sees it', async () => {
    const path = '/api/v1/me/form-drafts/claim-1';
    const fields = { plaque: 'AB-123-CD', kilométrage: 1200, urgent: true, note: null };
    const created = await product.call('PUT', path, { token, body: { fields } });
    expect(created).toMatchObject({ status: 201, body: { formId: 'claim-1', fields } });
    expect((await product.call('PUT', path, { token, body: { fields } })).status).toBe(428);
    const headers = { 'if-match': created.headers.get('etag') ?? '' };
    expect(
      (await product.call('PUT', path, { token, headers, body: { fields: { plaque: 'EF-456-GH' } } })).status,
    ).toBe(200);
    expect(await product.call('PUT', path, { token, headers, body: { fields } })).toMatchObject({ status: 412 });
    const seen = await product.call('GET', path, { token });
    expect(seen).toMatchObject({ status: 200, body: { fields: { plaque: 'EF-456-GH' } } });
    const unchanged = { 'if-none-match': seen.headers.get('etag') ?? '' };
    expect((await product.call('GET', path, { token, headers: unchanged })).status).toBe(304);
    const tag = unchanged['if-none-match'];
    for (const named of [`W/${tag}`, `"another", ${tag}`, '*'])
      expect((await product.call('GET', path, { token, headers: { 'if-none-match': named } })).status).toBe(304);
    expect((await product.call('GET', path, { token, headers: { 'if-none-match': '"another"' } })).status).toBe(200);
    expect((await product.call('GET', path, { token: stranger })).status).toBe(404);
    expect((await product.call('GET', '/api/v1/me/form-drafts', { token })).body.items).toHaveLength(1);
    expect((await product.call('DELETE', path, { token })).status).toBe(204);
    expect((await product.call('DELETE', path, { token })).status).toBe(404);
  });

  it('C1 keeps no more drafts than anybody fills in', async () => {
    const save = (n: number) =>
      product.call('PUT', `/api/v1/me/form-drafts/form-${n}`, { token: stranger, body: { fields: { n } } });
    for (let n = 0; n < 50; n += 1) expect((await save(n)).status).toBe(201);
    expect(await save(50)).toMatchObject({ status: 409, body: { code: 'conflict' } });
  });

  it('saves preferences', async () => {
    const path = '/api/v1/me/preferences';
    expect((await product.call('GET', path, { token })).body).toEqual({ language: 'fr' });
    const preferences = { language: 'en', theme: 'dark', interests: ['assistance'], notifications: { news: false } };
    expect(await product.call('PUT', path, { token, body: preferences })).toMatchObject({
      status: 200,
      body: preferences,
    });
    const saved = await product.call('GET', path, { token });
    expect(saved.body).toEqual(preferences);
    const etag = saved.headers.get('etag') ?? '';
    expect((await product.call('GET', path, { token, headers: { 'if-none-match': etag } })).status).toBe(304);
    expect((await product.call('PUT', path, { token, body: preferences })).status).toBe(428);
    const stale = { token, body: preferences, headers: { 'if-match': '"of another version"' } };
    expect((await product.call('PUT', path, stale)).status).toBe(412);
  });

  it('saves the first preferences over the ones that are shown before there are any', async () => {
    const path = '/api/v1/me/preferences';
    const shown = await product.call('GET', path, { token: stranger });
    const headers = { 'if-match': shown.headers.get('etag') ?? '' };
    const saved = await product.call('PUT', path, { token: stranger, headers, body: { ...shown.body, theme: 'dark' } });
    expect(saved).toMatchObject({ status: 200, body: { language: 'fr', theme: 'dark' } });
  });
});

describe('J1 a question goes to the DPO', () => {
  it('reaches the DPO and is acknowledged, signed in or not', async () => {
    const body = {
      message: 'Qui a vu mes données ?\nMerci',
      contact: { email: 'asks@partner.example', givenName: 'Ana', familyName: 'Łuk' },
    };
    expect((await product.call('POST', '/api/v1/contact', { body })).status).toBe(202);
    expect((await product.call('POST', '/api/v1/contact', { body: { message: 'anonyme' } })).status).toBe(422);
    expect((await product.call('POST', '/api/v1/contact', { token, body: { message: 'Bonjour' } })).status).toBe(202);
    expect((await product.mails('asks@partner.example'))[0]?.text).toContain('Qui a vu mes données');
    expect((await product.mails('dpo@extranet.example', 2)).map(({ text }) => text).join()).toContain(
      'Ana Łuk <asks@partner.example>',
    );
  });
});

describe('B1 B2 C2 what everybody may read', () => {
  it('names the controller, the bases, the mandatory fields and the CNIL', async () => {
    const { body } = await product.call('GET', '/api/v1/controller');
    expect(body).toMatchObject({
      legalForm: 'SAS',
      shareCapital: '5 316 384 EUR',
      registration: 'RCS Nanterre 403 147 903',
    });
    expect(body.purposes.map(({ id }: { id: string }) => id)).toEqual([
      'D1',
      'D2',
      'D3',
      'D4',
      'D5',
      'D6',
      'D7',
      'D8',
      'D9',
      'audience-measurement',
      'personalisation',
      'content-suggestions',
      'prospecting',
    ]);
    expect(body.mandatoryFields.registration).toContain('email');
    expect(body.recourse.authority).toBe('CNIL');
  });
});
