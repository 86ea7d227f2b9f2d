import { beforeAll, describe, expect, it } from 'vitest';
import { useProduct } from '../support/product.ts';

const product = useProduct();
const COOKIES = '/api/v1/cookies';
const row = (more: object = {}) => ({
  provider: 'Mesure SAS',
  purpose: { fr: 'Compter les pages vues', en: 'Count page views' },
  category: 'audience-measurement',
  consentRequired: true,
  retention: 'P13M',
  consentPurpose: 'audience-measurement',
  ...more,
});

describe('H6 the cookie table', () => {
  it('names the cookies of the charter, and those that the product itself sets', async () => {
    const { status, body } = await product.call('GET', COOKIES);
    expect(status).toBe(200);
    const named = Object.fromEntries(body.cookies.map((cookie: { name: string }) => [cookie.name, cookie]));
    const controller = (await product.call('GET', '/api/v1/controller')).body.name;
    for (const name of ['ARRAffinity', 'ARRAffinitySameSite'])
      expect(named[name]).toMatchObject({
        provider: 'Azure',
        retention: 'session',
        consentRequired: false,
        controller,
      });
    expect(named['ASP.NET_SessionId']).toMatchObject({ provider: '.NET', retention: 'session', controller });
    expect(Object.keys(named)).toEqual(expect.arrayContaining(['__Host-visitor', '__Host-access', '__Host-refresh']));
    expect(body.noticeVersion).toBe('1.0');
  });

  it('H4 H5 B2 tells what needs consent and what is exempt, each purpose with its basis, data, recipients and retention', async () => {
    const { body } = await product.call('GET', COOKIES, { headers: { 'accept-language': 'en' } });
    const consent = body.purposes.filter((purpose: { consentRequired: boolean }) => purpose.consentRequired);
    expect(consent.map(({ id }: { id: string }) => id)).toEqual([
      'audience-measurement',
      'personalisation',
      'content-suggestions',
      'prospecting',
    ]);
    for (const purpose of body.purposes) {
      expect(purpose.legalBasis).toBe(purpose.consentRequired ? 'consent' : 'contract');
      expect(purpose.categories.length).toBeGreaterThan(0);
      expect(purpose).toMatchObject({ recipients: 'the controller alone', retention: expect.stringMatching(/^P/) });
    }
    expect(body.purposes.map(({ id }: { id: string }) => id)).toEqual(
      expect.arrayContaining(['essential', 'navigation']),
    );
  });

  it('H8 says that refusing can cost features', async () => {
    expect((await product.call('GET', COOKIES)).body.refusing).toContain('désactiver');
  });

  it('is edited by the publisher alone, version by version, and every version stays', async () => {
    const path = '/api/v1/desk/cookies/_pk_id';
    const token = await product.staffToken('publisher');
    const put = (body: object, headers: Record<string, string> = {}) =>
      product.call('PUT', path, { token, body, headers });
    expect((await product.call('PUT', path, { token: await product.staffToken('dpo'), body: row() })).status).toBe(403);
    const created = await put(row());
    expect(created).toMatchObject({ status: 201, body: { name: '_pk_id', ...row() } });
    expect((await product.call('GET', COOKIES)).body.cookies.at(-1)).toMatchObject({
      name: '_pk_id',
      purpose: 'Compter les pages vues',
      consentRequired: true,
    });
    expect((await put(row({ retention: 'P6M' }))).status).toBe(428);
    const headers = { 'if-match': created.headers.get('etag') ?? '' };
    const replaced = await put(row({ retention: 'P6M', purpose: 'Mesure' }), headers);
    expect(replaced).toMatchObject({ status: 200, body: { retention: 'P6M', purpose: 'Mesure' } });
    expect((await put(row(), headers)).status).toBe(412);
    const read = await product.call('GET', path, { token });
    expect(read.headers.get('etag')).toBe(replaced.headers.get('etag'));
    expect((await product.call('DELETE', path, { token, headers })).status).toBe(412);
    expect((await product.call('DELETE', path, { token })).status).toBe(204);
    expect((await product.call('DELETE', path, { token })).status).toBe(404);
    const { items } = (await product.call('GET', `${path}/versions`, { token })).body;
    expect(items.map((version: { row: { retention: string } | null }) => version.row?.retention ?? null)).toEqual([
      null,
      'P6M',
      'P13M',
    ]);
    expect((await product.call('GET', `${path}/versions`, { token: await product.staffToken('auditor') })).status).toBe(
      403,
    );
  });

  it('a cookie of the charter can be changed, and what it was stays on record', async () => {
    const path = '/api/v1/desk/cookies/ARRAffinity';
    const token = await product.staffToken('publisher');
    const { revision: _, ...seed } = (await product.call('GET', path, { token })).body;
    const headers = { 'if-match': '*' };
    const changed = await product.call('PUT', path, {
      token,
      headers,
      body: { ...seed, provider: 'Azure Front Door' },
    });
    expect(changed).toMatchObject({ status: 200, body: { provider: 'Azure Front Door' } });
    const { items } = (await product.call('GET', `${path}/versions`, { token })).body;
    expect(items.map(({ row: version }: { row: { provider: string } }) => version.provider)).toEqual([
      'Azure Front Door',
      'Azure',
    ]);
  });

  it('H3 a cookie that would stay for more than 13 months is refused', async () => {
    const token = await product.staffToken('publisher');
    for (const retention of ['P14M', 'P2Y', '400 jours', '25 months', 'for ever', 'P']) {
      const { status, body } = await product.call('PUT', '/api/v1/desk/cookies/long', {
        token,
        body: row({ retention }),
      });
      expect({ retention, status, path: body.errors?.[0].path }).toEqual({ retention, status: 422, path: 'retention' });
    }
    for (const body of [row({ consentRequired: false }), row({ consentPurpose: 'essential' }), row({ name: 'other' })])
      expect((await product.call('PUT', '/api/v1/desk/cookies/long', { token, body })).status).toBe(422);
    expect((await product.call('GET', '/api/v1/desk/cookies/long', { token })).status).toBe(404);
  });

  it('of two publishers at once one wins, and the other is told', async () => {
    const token = await product.staffToken('publisher');
    const path = '/api/v1/desk/cookies/raced';
    const created = await product.call('PUT', path, { token, body: row() });
    const headers = { 'if-match': created.headers.get('etag') ?? '' };
    const answers = await Promise.all(
      ['P1M', 'P2M', 'P3M'].map((retention) => product.call('PUT', path, { token, headers, body: row({ retention }) })),
    );
    expect(answers.map(({ status }) => status).toSorted()).toEqual([200, 412, 412]);
  });
});

describe('B2 H7 the purposes of « Gestion des services » are governed', () => {
  const purpose = {
    title: { fr: 'Vidéos', en: 'Videos' },
    description: { fr: 'Lire des vidéos hébergées ailleurs', en: 'Play videos hosted elsewhere' },
    legalBasis: 'consent',
    charterPurpose: 'D3',
    categories: ['activity'],
    recipients: { fr: 'Hébergeur de vidéos', en: 'Video host' },
    retention: 'P6M',
  };
  const choose = (choices: object) =>
    product.call('POST', '/api/v1/consents', {
      body: { noticeVersion: '1.0', language: 'fr', choices, mechanism: 'choose' },
    });

  it('a new one can be chosen at once, and no longer once it is taken out', async () => {
    const token = await product.staffToken('publisher');
    const path = '/api/v1/desk/purposes/videos';
    expect((await choose({ videos: 'granted' })).status).toBe(422);
    expect(await product.call('PUT', path, { token, body: purpose })).toMatchObject({ status: 201 });
    expect((await choose({ videos: 'granted' })).status).toBe(201);
    expect((await product.call('DELETE', path, { token })).status).toBe(204);
    expect((await choose({ videos: 'granted' })).status).toBe(422);
    expect((await product.call('GET', `${path}/versions`, { token })).body.items).toHaveLength(2);
  });

  it('one is reworded but keeps its basis, and those that the product asks about stay', async () => {
    const token = await product.staffToken('publisher');
    const path = '/api/v1/desk/purposes/prospecting';
    const headers = { 'if-match': '*' };
    const { revision: _, ...current } = (await product.call('GET', path, { token })).body;
    const reworded = { ...current, title: { fr: 'Offres', en: 'Offers' } };
    expect(await product.call('PUT', path, { token, headers, body: reworded })).toMatchObject({ status: 200 });
    expect((await product.call('GET', COOKIES)).body.purposes).toContainEqual(
      expect.objectContaining({ id: 'prospecting', title: 'Offres', legalBasis: 'consent' }),
    );
    const otherBasis = { ...reworded, legalBasis: 'legitimate-interest' };
    expect((await product.call('PUT', path, { token, headers, body: otherBasis })).status).toBe(422);
    expect((await product.call('PUT', path, { token, headers, body: { ...reworded, retention: 'P26M' } })).status).toBe(
      422,
    );
    expect((await product.call('DELETE', path, { token })).status).toBe(409);
  });
});

describe('B2 G5 a purpose that staff add on legitimate interest', () => {
  const purpose = {
    title: { fr: 'Enquêtes de satisfaction', en: 'Satisfaction surveys' },
    description: { fr: 'Vous demander ce que vous pensez de l’extranet', en: 'Ask what you think of the extranet' },
    legalBasis: 'legitimate-interest',
    charterPurpose: 'D8',
    categories: ['contact'],
    recipients: { fr: 'le responsable de traitement', en: 'the controller' },
    retention: 'P6M',
  };
  const path = '/api/v1/desk/purposes/surveys';
  const OBJECTIONS = '/api/v1/me/objections';
  let token: string;

  const permissionFor = async (id: string) => {
    const { body } = await product.call('GET', '/api/v1/me/purposes', { token });
    return body.items.find((item: { id: string }) => item.id === id)?.permission;
  };
  const object = async (purposes: readonly string[]) => {
    const seen = await product.call('GET', OBJECTIONS, { token });
    const headers = { 'if-match': seen.headers.get('etag') ?? '' };
    return product.call('PUT', OBJECTIONS, { token, headers, body: { purposes } });
  };
  const request = (body: object) => product.call('POST', '/api/v1/rights-requests', { token, body });

  beforeAll(async () => {
    await product.person('surveyed@partner.example');
    token = (await product.signIn('surveyed@partner.example')).body.accessToken;
    expect((await object(['surveys'])).status).toBe(422);
    expect((await request({ type: 'objection', purposes: ['surveys'] })).status).toBe(400);
    const publisher = await product.staffToken('publisher');
    expect((await product.call('PUT', path, { token: publisher, body: purpose })).status).toBe(201);
  });

  it('is told of with its basis where everybody reads what data are used for', async () => {
    const { body } = await product.call('GET', '/api/v1/controller', { headers: { 'accept-language': 'en' } });
    expect(body.purposes).toContainEqual({
      id: 'surveys',
      title: 'Satisfaction surveys',
      legalBasis: 'legitimate-interest',
    });
    expect(body.purposes.map(({ id }: { id: string }) => id)).toEqual(
      expect.arrayContaining(['D1', 'D9', 'prospecting']),
    );
  });

  it('can be objected to, and is not served from that very moment; the objection can be taken back', async () => {
    expect(await permissionFor('surveys')).toBe('permitted');
    expect(await object(['surveys'])).toMatchObject({ status: 200, body: { purposes: ['surveys'] } });
    expect(await permissionFor('surveys')).toBe('objected');
    expect(await object([])).toMatchObject({ status: 200 });
    expect(await permissionFor('surveys')).toBe('permitted');
  });

  it('can be objected to by a case, and through the desk: the objection holds once it is granted', async () => {
    const { status, body } = await request({ type: 'objection', purposes: ['surveys'] });
    expect(status).toBe(201);
    const dpo = await product.staffToken('dpo');
    const approved = await product.call('POST', `/api/v1/desk/rights-requests/${body.id}/approve`, {
      token: dpo,
      body: {},
    });
    expect(approved.status).toBe(200);
    await product.control('POST', '/timers/advance-rights-requests');
    expect(await permissionFor('surveys')).toBe('objected');
    const letter = {
      ...{ type: 'objection', purposes: ['surveys'], channel: 'post', receivedOn: '2026-01-05' },
      contact: { givenName: 'Élodie', familyName: 'Nguyễn' },
    };
    expect((await product.call('POST', '/api/v1/desk/rights-requests', { token: dpo, body: letter })).status).toBe(201);
    const unknown = { ...letter, purposes: ['never-offered'] };
    expect((await product.call('POST', '/api/v1/desk/rights-requests', { token: dpo, body: unknown })).status).toBe(
      400,
    );
  });

  it('may be taken out: objections to it stay, and can be sent again as they were read', async () => {
    const publisher = await product.staffToken('publisher');
    expect((await product.call('DELETE', path, { token: publisher })).status).toBe(204);
    expect(await object(['surveys', 'D8'])).toMatchObject({ status: 200, body: { purposes: ['D8', 'surveys'] } });
    expect(await permissionFor('surveys')).toBeUndefined();
    expect((await request({ type: 'objection', purposes: ['surveys'] })).status).toBe(201);
  });
});
