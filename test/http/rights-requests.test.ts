import { beforeAll, describe, expect, it } from 'vitest';
import { dataCategories } from '../../shared/personal-data/index.ts';
import { casesOf, codeIn, wrongCode } from '../support/cases.ts';
import { useProduct } from '../support/product.ts';
import { storedBy } from '../support/stored.ts';

/** The answers of rights requests that no story reaches by the way. */
const product = useProduct();
const cases = casesOf(product);
const NOBODY = `req_${'x'.repeat(22)}`;
const desk = (id: string, action: string) => `/api/v1/desk/rights-requests/${id}/${action}`;
const bodies = {
  assign: {},
  'request-identity': { reason: 'x' },
  identity: { decision: 'verified', method: 'knowledge' },
  extend: { reason: 'x' },
  approve: {},
  reject: { ground: 'excessive', reason: 'x' },
  complete: { note: 'x' },
  'lift-restriction': { reason: 'x' },
  notes: { text: 'x' },
  messages: { text: 'x' },
};
let owner: string;
let dpo: string;

beforeAll(async () => {
  await product.person('owner@partner.example');
  owner = (await product.signIn('owner@partner.example')).body.accessToken;
  dpo = await cases.staff('dpo-1', 'dpo');
});

describe('a case that is not there', () => {
  it.each(Object.entries(bodies))('cannot be acted on: %s', async (action, body) => {
    const answer = await product.call('POST', desk(NOBODY, action), { token: dpo, body });
    expect(answer).toMatchObject({ status: 404, body: { code: 'not-found' } });
  });

  it('cannot be resumed, read, followed or confirmed', async () => {
    const at = async (method: string, path: string, body?: object, token?: string) =>
      (await product.call(method, path, { ...(token ? { token } : {}), ...(body ? { body } : {}) })).status;
    expect(await at('POST', desk(NOBODY, 'resume'), undefined, dpo)).toBe(404);
    expect(await at('GET', desk(NOBODY, 'package'), undefined, dpo)).toBe(404);
    expect(await at('GET', `/api/v1/desk/rights-requests/${NOBODY}`, undefined, dpo)).toBe(404);
    expect(await at('POST', `/api/v1/rights-requests/${NOBODY}/confirm`, { code: '123456' })).toBe(404);
    expect(await at('POST', `/api/v1/rights-requests/${NOBODY}/confirm/resend`)).toBe(404);
    for (const path of ['', '/package'])
      expect(await at('GET', `/api/v1/rights-requests/${NOBODY}${path}`, undefined, owner)).toBe(404);
    for (const path of ['/cancel', '/package/code'])
      expect(await at('POST', `/api/v1/rights-requests/${NOBODY}${path}`, undefined, owner)).toBe(404);
    expect(await at('POST', `/api/v1/rights-requests/${NOBODY}/messages`, { text: 'x' }, owner)).toBe(404);
  });
});

describe('what a case does not allow', () => {
  it('is a 409: to write, or to note, where there is nobody to read; to resume what does not rest', async () => {
    const contact = { email: 'quiet@partner.example', givenName: 'Q', familyName: 'T' };
    const { body } = await cases.submit(undefined, { type: 'access', contact });
    expect((await cases.act(dpo, body.id, 'messages', { text: 'x' })).status).toBe(409);
    expect((await cases.act(dpo, body.id, 'resume')).status).toBe(409);
    expect((await cases.act(dpo, body.id, 'notes', { text: 'x' })).status).toBe(201);
  });

  it('of two requests at once under one idempotency key one runs', async () => {
    const send = (path: string, body: object, token?: string) =>
      product.call('POST', path, { ...(token ? { token } : {}), body, headers: { 'idempotency-key': 'both' } });
    const { body: created } = await cases.submit(owner, { type: 'access' });
    const writes: readonly (readonly [string, object, string])[] = [
      ['/api/v1/rights-requests', { type: 'portability' }, owner],
      [`/api/v1/rights-requests/${created.id}/messages`, { text: 'x' }, owner],
      [desk(created.id, 'notes'), { text: 'x' }, dpo],
      [desk(created.id, 'messages'), { text: 'x' }, dpo],
      [
        '/api/v1/desk/rights-requests',
        { type: 'access', channel: 'onsite', receivedOn: '2026-01-05', contact: { givenName: 'A', familyName: 'B' } },
        dpo,
      ],
    ];
    for (const [path, body, token] of writes) {
      const answers = await Promise.all(Array.from({ length: 4 }, () => send(path, body, token)));
      const made = answers.filter(({ status, headers }) => status === 201 && !headers.has('idempotency-replayed'));
      expect({ path, made: made.length }).toEqual({ path, made: 1 });
      expect(answers.every(({ status }) => status === 201 || status === 409)).toBe(true);
      expect((await send(path, body, token)).headers.get('idempotency-replayed')).toBe('true');
      expect((await send(path, { ...body, ...{ text: 'y', details: 'y' } }, token)).status).not.toBe(201);
    }
    for (const action of ['notes', 'messages'])
      expect((await send(desk(created.id, action), { text: 'other' }, dpo)).status).toBe(422);
    const other = await send(`/api/v1/rights-requests/${created.id}/messages`, { text: 'other' }, owner);
    expect(other.status).toBe(422);
    expect((await cases.detail(dpo, created.id)).body).toMatchObject({ notes: [{ text: 'x' }] });
  });
});

describe('what is asked for too often', () => {
  it('is a 429 that says when to come back', async () => {
    const contact = { email: 'many@partner.example', givenName: 'M', familyName: 'Y' };
    const answers = [];
    for (let sent = 0; sent < 21; sent += 1) answers.push(await cases.submit(undefined, { type: 'access', contact }));
    expect(answers.slice(0, 20).every(({ status }) => status === 201)).toBe(true);
    expect(answers[20]).toMatchObject({ status: 429, body: { code: 'too-many-requests' } });
    expect(Number(answers[20]?.headers.get('retry-after'))).toBeGreaterThan(3_600);
  });
});

describe('what has not changed', () => {
  it('is not sent again', async () => {
    const { body } = await cases.submit(owner, { type: 'access' });
    for (const [path, token] of [
      [`/api/v1/rights-requests/${body.id}`, owner],
      [`/api/v1/desk/rights-requests/${body.id}`, dpo],
    ] as const) {
      const seen = await product.call('GET', path, { token });
      const headers = { 'if-none-match': seen.headers.get('etag') ?? '' };
      expect((await product.call('GET', path, { token, headers })).status).toBe(304);
    }
  });
});

describe('work that has stalled', () => {
  it('is shown to the desk, which has it tried again', async () => {
    const email = 'stalled@partner.example';
    const { id, headers } = await cases.confirmed({ type: 'access' }, { email });
    await cases.act(dpo, id, 'approve', {});
    await cases.advance();
    const { database } = storedBy(product);
    const stalledAt = new Date().toISOString();
    // As a dozen failures in a row leave it.
    const reopened = await database['rights-requests'].read<never>(id, 'case');
    const {
      package: _built,
      closedAt: _closed,
      expiresAt: _end,
      ttl: _ttl,
      ...open
    } = reopened as unknown as {
      id: string;
      type: string;
      [name: string]: unknown;
    };
    await database['rights-requests'].upsert(id, { ...open, status: 'executing' } as never);
    const execution = { id: 'execution', type: 'case-execution', attempts: 12, stalledAt };
    await database['rights-requests'].create(id, execution);
    expect((await cases.detail(dpo, id)).body.execution).toEqual({ attempts: 12, stalledAt });
    await cases.advance();
    expect((await cases.detail(dpo, id)).body.status).toBe('executing');
    expect((await cases.act(dpo, id, 'resume')).status).toBe(200);
    await cases.advance();
    expect((await cases.detail(dpo, id)).body.status).toBe('completed');

    const path = `/api/v1/rights-requests/${id}/package`;
    await product.call('POST', `${path}/code`, { headers });
    const code = codeIn(await product.mail(email, 'Votre code'));
    const by = (given: string) => product.call('GET', path, { headers: { ...headers, 'x-confirmation-code': given } });
    expect((await by(wrongCode(code))).status).toBe(422);
    expect((await by(code)).status).toBe(200);
  });
});

describe('a package of a letter', () => {
  it('is handed over by the desk once it is there, and only what came to the desk', async () => {
    const letter = {
      type: 'access',
      channel: 'onsite',
      contact: { givenName: 'A', familyName: 'B', email: 'ab@partner.example' },
    };
    const receivedOn = (await product.control('GET', '/clock')).body.now.slice(0, 10);
    const { body } = await cases.record(dpo, { ...letter, receivedOn });
    const path = desk(body.id, 'package');
    const inThreeMonths = new Date(Date.parse(receivedOn) + 90 * 86_400_000).toISOString().slice(0, 10);
    const granted = await product.call('PUT', '/api/v1/desk/habilitations/dpo-1', {
      token: await product.staffToken('habilitation-admin'),
      body: { categories: dataCategories, missions: ['rights-requests'], expiresOn: inThreeMonths },
    });
    expect(granted.status).toBeLessThan(300);
    expect((await product.call('GET', path, { token: dpo })).status).toBe(409);
    await cases.act(dpo, body.id, 'approve', {});
    await cases.advance();
    expect((await product.call('GET', path, { token: dpo })).status).toBe(200);
    const now = new Date((await product.control('GET', '/clock')).body.now);
    await cases.moveClock(new Date(now.getTime() + 15 * 86_400_000).toISOString());
    expect((await product.call('GET', path, { token: await cases.staff('dpo-1', 'dpo') })).status).toBe(410);
    await cases.moveClock(now.toISOString());
  });
});
