import { beforeAll, describe, expect, it } from 'vitest';
import { casesOf, codeIn, wrongCode } from '../support/cases.ts';
import { useProduct } from '../support/product.ts';

const product = useProduct();
const cases = casesOf(product);
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

describe('G1 G9 a request from the space of the signed-in person', () => {
  it('is in review at once, acknowledged with number, deadline, rights and the CNIL (G11)', async () => {
    const created = await cases.submit(owner, { type: 'access', details: 'Toutes mes données' });
    expect(created).toMatchObject({
      status: 201,
      body: { type: 'access', channel: 'extranet', status: 'in-review', identity: { state: 'not-needed' } },
    });
    expect(created.body).not.toHaveProperty('trackingCode');
    const [, mail] = await product.mails('owner@partner.example', 2);
    expect(mail?.text).toContain(created.body.reference);
    expect(mail?.text).toMatch(/au plus tard le \d+ \S+ \d{4}/);
    expect(mail?.text).toContain('CNIL');

    const { id } = created.body;
    const read = await cases.read(id, owner);
    expect(read).toMatchObject({
      status: 200,
      body: { details: 'Toutes mes données', history: [{ action: 'submitted', actor: { kind: 'person' } }] },
    });
    expect(read.headers.get('etag')).toBeTruthy();
    expect((await cases.read(id, stranger)).status).toBe(404);
    expect((await product.call('GET', `/api/v1/rights-requests/${id}`)).status).toBe(404);
    expect((await product.call('GET', `/api/v1/rights-requests/${id}/package`, { token: owner })).status).toBe(409);
    // There is nothing to confirm for its owner, and no such case for everybody else.
    const confirm = async (token?: string) => {
      const given = token === undefined ? {} : { token };
      const path = `/api/v1/rights-requests/${id}/confirm`;
      const answers = [
        await product.call('POST', path, { ...given, body: { code: '123456' } }),
        await product.call('POST', `${path}/resend`, given),
      ];
      return answers.map(({ status }) => status);
    };
    expect(await confirm(owner)).toEqual([409, 409]);
    expect(await confirm(stranger)).toEqual([404, 404]);
    expect(await confirm()).toEqual([404, 404]);
  });

  it('is listed page by page, the last first, and not among those of others', async () => {
    await cases.submit(owner, { type: 'portability' });
    const first = await product.call('GET', '/api/v1/me/rights-requests?limit=1', { token: owner });
    expect(first.body.items).toMatchObject([{ type: 'portability' }]);
    const cursor = encodeURIComponent(first.body.nextCursor);
    const second = await product.call('GET', `/api/v1/me/rights-requests?limit=1&cursor=${cursor}`, { token: owner });
    expect(second.body.items).toMatchObject([{ type: 'access' }]);
    expect(second.body).not.toHaveProperty('nextCursor');
    expect((await product.call('GET', '/api/v1/me/rights-requests', { token: stranger })).body.items).toEqual([]);
    const stolen = `/api/v1/me/rights-requests?cursor=${cursor}`;
    expect((await product.call('GET', stolen, { token: stranger })).status).toBe(400);
  });

  it('takes only what it needs (C1): the requester cannot name the day of receipt, and no field without meaning is kept', async () => {
    expect((await cases.submit(owner, { type: 'access', receivedAt: '2020-01-01T00:00:00.000Z' })).status).toBe(400);
    expect((await cases.submit(owner, { type: 'access', requested_at: '2020-01-01' })).status).toBe(400);
    expect((await cases.submit(owner, { type: 'access', purposes: ['prospecting'] })).status).toBe(422);
    expect(
      (await cases.submit(owner, { type: 'erasure', rectifications: [{ field: 'company', value: 'x' }] })).status,
    ).toBe(422);
    expect((await cases.submit(owner, { type: 'rectification' })).status).toBe(422);
    expect((await cases.submit(owner, { type: 'objection', purposes: ['nothing-known'] })).status).toBe(400);
    expect((await cases.submit(owner, { type: 'forgetting' })).status).toBe(400);
  });

  it('made twice under one idempotency key is one request', async () => {
    const headers = { 'idempotency-key': 'once' };
    const first = await cases.submit(owner, { type: 'erasure' }, headers);
    const again = await cases.submit(owner, { type: 'erasure' }, headers);
    expect(again.body).toEqual(first.body);
    expect((await cases.submit(owner, { type: 'access' }, headers)).status).toBe(422);
    await product.call('POST', `/api/v1/rights-requests/${first.body.id}/cancel`, { token: owner });
  });

  it('is open while acceptances are pending', async () => {
    const publisher = await product.staffToken('publisher');
    const path = '/api/v1/desk/legal-documents/privacy-charter/versions';
    const body = { version: '2.0', title: 'Charte', content: '# Charte' };
    expect((await product.call('POST', path, { token: publisher, body })).status).toBe(201);
    expect((await product.call('GET', '/api/v1/me', { token: stranger })).body.code).toBe('acceptance-required');
    const created = await cases.submit(stranger, { type: 'erasure', details: 'Je n’accepte pas' });
    expect(created.status).toBe(201);
    const cancel = await product.call('POST', `/api/v1/rights-requests/${created.body.id}/cancel`, { token: stranger });
    expect(cancel).toMatchObject({ status: 200, body: { status: 'cancelled' } });
    expect((await product.call('GET', '/api/v1/me/rights-requests', { token: stranger })).status).toBe(200);
  });
});

describe('A2 G9 a request from somebody without an account', () => {
  it('waits for the code that was mailed, and is followed by its tracking code', async () => {
    expect((await cases.submit(undefined, { type: 'erasure' })).status).toBe(422);
    const created = await cases.submit(undefined, { type: 'erasure', contact });
    expect(created).toMatchObject({
      status: 201,
      body: { status: 'awaiting-confirmation', identity: { state: 'not-needed' } },
    });
    const { id, trackingCode } = created.body;
    const code = codeIn((await product.mails(contact.email))[0]);
    const confirm = (given: string) =>
      product.call('POST', `/api/v1/rights-requests/${id}/confirm`, { body: { code: given } });
    expect(await confirm(wrongCode(code))).toMatchObject({ status: 422, body: { code: 'unprocessable' } });
    expect(await confirm(code)).toMatchObject({ status: 200, body: { status: 'in-review' } });
    expect((await confirm(code)).status).toBe(409);

    const headers = { 'x-tracking-code': trackingCode };
    const call = (method: string, path: string, body?: object) =>
      product.call(method, `/api/v1/rights-requests/${id}${path}`, { headers, ...(body ? { body } : {}) });
    expect(await call('GET', '')).toMatchObject({ status: 200, body: { status: 'in-review' } });
    const guessed = { 'x-tracking-code': `${trackingCode.slice(0, -1)}_` };
    expect((await product.call('GET', `/api/v1/rights-requests/${id}`, { headers: guessed })).status).toBe(404);
    expect(await call('POST', '/messages', { text: 'Bonjour' })).toMatchObject({
      status: 201,
      body: { from: 'person' },
    });
    expect((await product.mail('dpo@extranet.example', 'message de la personne')).text).toContain('> Bonjour');
    expect(await call('POST', '/cancel')).toMatchObject({ status: 200, body: { status: 'cancelled' } });
    expect((await call('POST', '/cancel')).status).toBe(409);
    expect((await call('POST', '/messages', { text: 'Encore' })).status).toBe(409);
    const told = await product.mails(contact.email, 3);
    expect(told[1]?.text).toContain('CNIL');
    expect(told[2]?.subject).toContain('retirée');
  });

  it('answers five wrong codes of forty at once; a new code must then be asked for', async () => {
    const created = await cases.submit(undefined, {
      type: 'access',
      contact: { ...contact, email: 'guessed@partner.example' },
    });
    const { id } = created.body;
    const confirm = (given: string) =>
      product.call('POST', `/api/v1/rights-requests/${id}/confirm`, { body: { code: given } });
    const code = codeIn((await product.mails('guessed@partner.example'))[0]);
    const guesses = await Promise.all(Array.from({ length: 40 }, () => confirm(wrongCode(code))));
    const counted = Map.groupBy(guesses, ({ status }) => status);
    expect(counted.get(422)?.length).toBe(5);
    expect(counted.get(410)?.length).toBe(35);
    expect((await confirm(code)).status).toBe(410);
    expect((await product.call('POST', `/api/v1/rights-requests/${id}/confirm/resend`)).status).toBe(202);
    const renewed = codeIn((await product.mails('guessed@partner.example', 2))[1]);
    expect((await confirm(renewed)).status).toBe(200);
    expect((await product.call('POST', `/api/v1/rights-requests/${id}/confirm/resend`)).status).toBe(409);
  });

  it('of twenty right codes at once one confirms', async () => {
    const created = await cases.submit(undefined, {
      type: 'access',
      contact: { ...contact, email: 'raced@partner.example' },
    });
    const code = codeIn((await product.mails('raced@partner.example'))[0]);
    const path = `/api/v1/rights-requests/${created.body.id}/confirm`;
    const answers = await Promise.all(Array.from({ length: 20 }, () => product.call('POST', path, { body: { code } })));
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
    const { body } = await cases.detail(dpo, created.body.id);
    expect(body.history.map(({ action }: { action: string }) => action)).toEqual(['submitted', 'confirmed']);
  });

  it('an address is not flooded with codes', async () => {
    const email = 'flooded@partner.example';
    const { body } = await cases.submit(undefined, { type: 'access', contact: { ...contact, email } });
    const resend = () => product.call('POST', `/api/v1/rights-requests/${body.id}/confirm/resend`);
    let last = await resend();
    for (let sent = 1; sent < 12 && last.status === 202; sent += 1) last = await resend();
    expect(last.status).toBe(429);
    expect(Number(last.headers.get('retry-after'))).toBeGreaterThan(0);
  });
});

describe('G9 G11 what came by letter', () => {
  it('is the same case file: recorded by the desk, its clock runs from the day of receipt', async () => {
    await cases.moveClock('2026-12-10T09:00:00.000Z');
    dpo = await product.staffToken('dpo');
    const letter = {
      type: 'access',
      channel: 'post',
      receivedOn: '2026-11-25',
      contact: { givenName: 'Ana', familyName: 'Costa', postalAddress: '1 rue du Port\n33000 Bordeaux' },
      details: 'Lettre recommandée',
    };
    expect((await cases.record(dpo, { ...letter, receivedOn: '2026-12-11' })).status).toBe(422);
    expect((await cases.record(await product.staffToken('support'), letter)).status).toBe(403);
    const recorded = await cases.record(dpo, letter);
    expect(recorded).toMatchObject({
      status: 201,
      body: {
        channel: 'post',
        status: 'in-review',
        receivedOn: '2026-11-25',
        dueAt: '2026-12-28T22:59:59.999Z',
        history: [{ action: 'recorded', actor: { kind: 'staff' } }],
      },
    });
    const twin = await cases.record(dpo, {
      ...letter,
      channel: 'phone',
      contact: { givenName: 'ANA', familyName: 'Costà' },
    });
    expect(twin.body.possibleDuplicates).toEqual([recorded.body.id]);
    expect((await cases.detail(dpo, recorded.body.id)).body.possibleDuplicates).toEqual([twin.body.id]);
  });

  it('a refusal names ground, reason, the complaint to the CNIL and the court', async () => {
    const { body } = await cases.record(dpo, {
      type: 'portability',
      channel: 'email',
      receivedOn: '2026-12-09',
      contact: { givenName: 'Bo', familyName: 'Li', email: 'bo@partner.example' },
      language: 'en',
    });
    const [received] = await product.mails('bo@partner.example');
    const tracking = /^[\w-]{43}$/m.exec(received?.text ?? '')?.[0] ?? '';
    const headers = { 'x-tracking-code': tracking };
    expect((await product.call('GET', `/api/v1/rights-requests/${body.id}`, { headers })).status).toBe(200);
    expect((await cases.act(dpo, body.id, 'reject', { ground: 'excessive' })).status).toBe(400);
    const rejected = await cases.act(dpo, body.id, 'reject', { ground: 'excessive', reason: 'Fifth time this week' });
    expect(rejected).toMatchObject({ status: 200, body: { status: 'rejected', decision: { ground: 'excessive' } } });
    const text = (await product.mails('bo@partner.example', 2))[1]?.text ?? '';
    for (const said of ['excessive', '> Fifth time this week', 'CNIL', 'court']) expect(text).toContain(said);
    for (const action of ['approve', 'reject', 'extend', 'assign', 'complete', 'request-identity', 'identity'])
      expect((await cases.act(dpo, body.id, action, bodies[action])).status).toBe(409);
    expect((await product.call('GET', `/api/v1/rights-requests/${body.id}`, { headers })).body).toMatchObject({
      status: 'rejected',
      ground: 'excessive',
    });
  });
});

/** A body that each action takes. */
const bodies: Readonly<Record<string, object>> = {
  approve: {},
  reject: { ground: 'excessive', reason: 'x' },
  extend: { reason: 'x' },
  assign: {},
  complete: { note: 'x' },
  'request-identity': { reason: 'x' },
  identity: { decision: 'verified', method: 'knowledge' },
};
