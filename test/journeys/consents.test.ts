import { describe, expect, it } from 'vitest';
import { PASSWORD, useProduct } from '../support/product.ts';

const ORIGIN = 'https://extranet.example';
const product = useProduct({ ALLOWED_ORIGINS: ORIGIN });
const CONSENTS = '/api/v1/consents';
const ALL = ['audience-measurement', 'personalisation', 'content-suggestions', 'prospecting'];
const everything = (answer: 'granted' | 'denied') => Object.fromEntries(ALL.map((purpose) => [purpose, answer]));

type Headers = Record<string, string>;
const choice = (choices: object, more: object = {}) => ({
  noticeVersion: '1.0',
  language: 'fr',
  choices,
  mechanism: 'choose',
  ...more,
});
const decide = (choices: object, headers: Headers = {}, more: object = {}) =>
  product.call('POST', CONSENTS, { body: choice(choices, more), headers });
const stateOf = (headers: Headers) => product.call('GET', CONSENTS, { headers });
const device = (visitorId: string): Headers => ({ 'x-visitor-id': visitorId });
const bearer = (token: string): Headers => ({ authorization: `Bearer ${token}` });

async function signedIn(email: string, headers: Headers = {}): Promise<string> {
  await product.person(email);
  return (await product.signIn(email, {}, headers)).body.accessToken;
}

describe('H4 H7 a visitor chooses', () => {
  it('silence is refusal: nothing stands before a choice', async () => {
    const { status, body } = await stateOf({});
    expect({ status, body }).toEqual({ status: 200, body: { choices: {}, purposes: [], signals: { gpc: false } } });
  });

  it('accepting and refusing are each one call, with the same proof', async () => {
    for (const answer of ['granted', 'denied'] as const) {
      const { status, headers, body } = await decide(everything(answer));
      expect(status).toBe(201);
      expect(body).toMatchObject({ choices: everything(answer), receipt: `${CONSENTS}/${body.id}/receipt` });
      expect(body.id).toMatch(/^cns_[\w-]{44}$/);
      expect(body.visitorId).toMatch(/^vis_[\w-]{22}$/);
      expect(headers.get('set-cookie')).toMatch(/^__Host-visitor=vis_[\w-]{22};.*HttpOnly/i);
      const { decidedAt, askAgainAt, expiresAt, visitorId } = body;
      expect((await stateOf(device(visitorId))).body).toMatchObject({
        visitorId,
        choices: everything(answer),
        decidedAt,
        askAgainAt,
        expiresAt,
      });
    }
  });

  it('what a choice does not mention stays as it was, with its own terms', async () => {
    const first = (await decide({ prospecting: 'denied', personalisation: 'granted' })).body;
    const second = (await decide({ prospecting: 'granted' }, device(first.visitorId))).body;
    expect(second).toMatchObject({
      visitorId: first.visitorId,
      choices: { prospecting: 'granted', personalisation: 'granted' },
    });
    const { purposes } = (await stateOf(device(first.visitorId))).body;
    const decidedAt = Object.fromEntries(
      purposes.map((one: { purpose: string; decidedAt: string }) => [one.purpose, one.decidedAt]),
    );
    expect(decidedAt).toEqual({ prospecting: second.decidedAt, personalisation: first.decidedAt });
  });

  it('the cookie leads to the same state as the header', async () => {
    const { headers, body } = await decide({ personalisation: 'granted' });
    const cookie = headers.get('set-cookie')?.split(';')[0] ?? '';
    expect((await stateOf({ cookie })).body).toMatchObject({ visitorId: body.visitorId, choices: body.choices });
    const [, maxAge] = /Max-Age=(\d+)/i.exec(headers.get('set-cookie') ?? '') ?? [];
    const seconds = (Date.parse(body.expiresAt) - Date.parse(body.decidedAt)) / 1_000;
    expect(Math.abs(Number(maxAge) - seconds)).toBeLessThanOrEqual(1);
  });

  it('a beacon choses as well: text/plain from an allowed origin, with the id in the body', async () => {
    const { body: first } = await decide(everything('granted'));
    const beacon = (origin: string) =>
      product.call('POST', CONSENTS, {
        body: JSON.stringify(choice(everything('denied'), { visitorId: first.visitorId })),
        headers: { 'content-type': 'text/plain;charset=UTF-8', origin },
      });
    expect((await beacon('https://evil.example')).status).toBe(415);
    expect((await beacon(ORIGIN)).body).toMatchObject({ visitorId: first.visitorId, choices: everything('denied') });
  });

  it('a choice is refused when nobody can have made it', async () => {
    const faults = async (choices: object, more: object) => {
      const { status, body } = await decide(choices, {}, more);
      return { status, paths: body.errors?.map(({ path }: { path: string }) => path) };
    };
    const good = { prospecting: 'granted' };
    expect(await faults(good, { noticeVersion: '9.9' })).toEqual({ status: 422, paths: ['noticeVersion'] });
    expect(await faults({ ...good, essential: 'denied', nonsense: 'granted' }, {})).toEqual({
      status: 422,
      paths: ['choices.essential', 'choices.nonsense'],
    });
    expect(await faults({ prospecting: 'maybe' }, {})).toMatchObject({ status: 400, paths: ['choices.prospecting'] });
    expect(await faults({}, {})).toMatchObject({ status: 400 });
    expect(await faults(good, { decidedAt: '2020-01-01T00:00:00.000Z' })).toEqual({
      status: 400,
      paths: ['decidedAt'],
    });
    expect((await decide(good, { 'x-visitor-id': 'somebody' })).status).toBe(400);
  });

  it('a notice that is published for later cannot have been served yet', async () => {
    const token = await product.staffToken('publisher');
    const path = '/api/v1/desk/legal-documents/cookie-notice/versions';
    const effectiveAt = new Date(Date.now() + 3_600_000).toISOString();
    const body = { version: 'later', title: 'Plus tard', content: '# Cookies', effectiveAt };
    expect((await product.call('POST', path, { token, body })).status).toBe(201);
    expect((await decide({ prospecting: 'granted' }, {}, { noticeVersion: 'later' })).status).toBe(422);
  });
});

describe('G8 withdrawing is as easy as granting', () => {
  it('one call withdraws everything, and is on record', async () => {
    const { visitorId } = (await decide({ prospecting: 'granted', personalisation: 'denied' })).body;
    const withdrawn = await product.call('DELETE', CONSENTS, { headers: device(visitorId) });
    expect(withdrawn).toMatchObject({
      status: 200,
      body: { visitorId, choices: { prospecting: 'denied', personalisation: 'denied' } },
    });
    const receipt = await product.call('GET', withdrawn.body.receipt);
    expect(JSON.stringify(receipt.body)).toContain('dpv:ConsentWithdrawn');
    expect((await product.call('DELETE', CONSENTS, { headers: device(visitorId) })).body).not.toHaveProperty('id');
    expect((await product.call('DELETE', CONSENTS)).body).toMatchObject({ choices: {} });
  });

  it('the receipt of what was granted does not go on saying that it stands', async () => {
    const { visitorId, receipt } = (await decide({ prospecting: 'granted' })).body;
    await product.call('DELETE', CONSENTS, { headers: device(visitorId) });
    const { body } = await product.call('GET', receipt);
    const statuses = body['dpv:hasProcess'][0]['dpv:hasConsentStatus'].map(
      (event: { '@type': string[] }) => event['@type'][0],
    );
    expect(statuses).toEqual(['dpv:ConsentGiven', 'dpv:ConsentWithdrawn']);
  });
});

describe('G8 B1 the receipt', () => {
  it('is JSON-LD for programs and a page for people, and tells nothing of who decided', async () => {
    const { receipt, visitorId } = (await decide({ prospecting: 'granted' }, {}, { language: 'en' })).body;
    const document = await product.call('GET', receipt, {
      headers: { accept: 'application/ld+json, text/html;q=0.5' },
    });
    expect(document.headers.get('content-type')).toBe('application/ld+json');
    expect(document.body).toMatchObject({ '@type': ['dpv:ConsentReceipt'], 'dct:language': 'en' });
    const controller = (await product.call('GET', '/api/v1/controller')).body;
    expect(document.body['dpv:hasEntity'][0]).toMatchObject({ 'dpv:hasName': controller.name });
    expect(JSON.stringify(document.body)).not.toContain(visitorId.slice(4));
    const notice = await product.call('GET', '/api/v1/legal-documents/cookie-notice', {
      headers: { 'accept-language': 'en' },
    });
    expect(document.body['dpv:hasNotice']['dct:identifier']).toBe(`sha256:${notice.body.sha256}`);

    const page = await product.call('GET', receipt, {
      headers: { accept: 'text/html,application/xhtml+xml,*/*;q=0.8', 'accept-language': 'fr' },
    });
    expect(page.headers.get('content-type')).toBe('text/html; charset=utf-8');
    expect(page.body).toContain('<html lang="fr">');
    expect(page.body).toContain(controller.registration);
  });
});

describe('H7 nobody reads or changes what another has chosen', () => {
  it('an id that was never handed out leads nowhere, and another device’s is not touched', async () => {
    const { body } = await decide(everything('granted'));
    expect((await stateOf(device(`vis_${'a'.repeat(22)}`))).body).not.toHaveProperty('visitorId');
    await decide(everything('denied'));
    expect((await stateOf(device(body.visitorId))).body.choices).toEqual(everything('granted'));
  });

  it('a receipt is for who holds its id, or for its owner, and for nobody else', async () => {
    const { id, receipt, visitorId } = (await decide({ prospecting: 'denied' })).body;
    const other = (await decide({ prospecting: 'denied' })).body;
    const asked = async (headers: Headers) => (await product.call('GET', receipt, { headers })).status;
    expect(await asked({})).toBe(200);
    expect(await asked(device(visitorId))).toBe(200);
    expect(await asked(device(other.visitorId))).toBe(404);
    expect(await asked(bearer(await signedIn('curious@partner.example')))).toBe(404);
    const guessed = receipt.replace(id, `${id.slice(0, -1)}${id.endsWith('A') ? 'B' : 'A'}`);
    expect((await product.call('GET', guessed)).status).toBe(404);
    expect((await product.call('GET', `${CONSENTS}/cns_short/receipt`)).status).toBe(404);
  });

  it('a page elsewhere cannot choose by somebody’s cookie', async () => {
    const { headers, body } = await decide(everything('granted'));
    const cookie = headers.get('set-cookie')?.split(';')[0] ?? '';
    expect((await decide(everything('denied'), { cookie, origin: 'https://evil.example' })).status).toBe(403);
    expect((await stateOf(device(body.visitorId))).body.choices).toEqual(everything('granted'));
    expect((await decide(everything('denied'), { cookie, origin: ORIGIN })).status).toBe(201);
  });

  it('an idempotency key replays to the same device only, and never hides another choice', async () => {
    const key = { 'idempotency-key': 'banner-1' };
    const { visitorId } = (await decide({ prospecting: 'granted' })).body;
    const first = await decide({ prospecting: 'granted' }, { ...key, ...device(visitorId) });
    const again = await decide({ prospecting: 'granted' }, { ...key, ...device(visitorId) });
    expect(again.headers.get('idempotency-replayed')).toBe('true');
    expect(again.body).toEqual(first.body);
    expect((await decide({ prospecting: 'denied' }, { ...key, ...device(visitorId) })).status).toBe(422);
    const other = (await decide({ prospecting: 'denied' })).body;
    const theirs = await decide({ prospecting: 'granted' }, { ...key, ...device(other.visitorId) });
    expect(theirs).toMatchObject({ status: 201, body: { visitorId: other.visitorId } });
    expect(theirs.headers.get('idempotency-replayed')).toBeNull();
  });

  it('contradictory choices at once end in a definite order that is on record', async () => {
    const { visitorId } = (await decide({ prospecting: 'denied' })).body;
    const token = await signedIn('parallel@partner.example');
    await Promise.all(
      Array.from({ length: 12 }, (_, index) =>
        decide({ prospecting: index % 2 ? 'granted' : 'denied' }, { ...device(visitorId), ...bearer(token) }),
      ),
    );
    const { items, choices } = (await product.call('GET', '/api/v1/me/consents', { token })).body;
    expect(items.length).toBeGreaterThanOrEqual(12);
    expect(choices.prospecting).toBe(items[0].choices.prospecting.answer);
    expect(new Set(items.map(({ id }: { id: string }) => id)).size).toBe(items.length);
  });
});

describe('C4 C6 what was chosen before the sign-in joins the account', () => {
  it('at sign-in, with its proof and its own terms', async () => {
    const before = (await decide({ prospecting: 'granted', personalisation: 'denied' })).body;
    const token = await signedIn('joins@partner.example', device(before.visitorId));
    const { body } = await product.call('GET', '/api/v1/me/consents', { token });
    expect(body).toMatchObject({ choices: before.choices, decidedAt: before.decidedAt, expiresAt: before.expiresAt });
    expect(body.items).toHaveLength(1);
    expect(body.items[0]).toMatchObject({ noticeVersion: '1.0', mechanism: 'choose', decidedAt: before.decidedAt });
    expect(body.items[0]).toHaveProperty('joinedAt');
    // The person may read the receipt of the device's own record as well.
    expect((await product.call('GET', before.receipt, { token })).status).toBe(200);
  });

  it('where device and account differ refusal wins, and both stay on record', async () => {
    const token = await signedIn('differs@partner.example');
    await decide({ prospecting: 'granted', personalisation: 'denied' }, bearer(token));
    const onDevice = (await decide({ prospecting: 'denied', personalisation: 'granted' })).body;
    const again = await product.signIn('differs@partner.example', {}, device(onDevice.visitorId));
    const { body } = await product.call('GET', '/api/v1/me/consents', { token: again.body.accessToken });
    expect(body.choices).toEqual({ prospecting: 'denied', personalisation: 'denied' });
    expect(body.items).toHaveLength(2);
  });

  it('a device joins once: what the person grants later is not undone by its old refusal', async () => {
    const { visitorId } = (await decide({ prospecting: 'denied' })).body;
    const token = await signedIn('later@partner.example', device(visitorId));
    await decide({ prospecting: 'granted' }, bearer(token));
    await product.signIn('later@partner.example', {}, device(visitorId));
    expect((await stateOf({ ...bearer(token), ...device(visitorId) })).body.choices).toEqual({
      prospecting: 'granted',
    });
  });

  it('a choice of a signed-in person counts on the device too, so that signing out undoes no withdrawal', async () => {
    const { visitorId } = (await decide({ prospecting: 'granted' })).body;
    const token = await signedIn('leaves@partner.example', device(visitorId));
    await product.call('DELETE', CONSENTS, { headers: { ...bearer(token), ...device(visitorId) } });
    expect((await stateOf(device(visitorId))).body.choices).toEqual({ prospecting: 'denied' });
    expect((await stateOf(bearer(token))).body.choices).toEqual({ prospecting: 'denied' });
  });

  it('whoever knows a device’s id without an account learns nothing of the account', async () => {
    const { visitorId } = (await decide({ prospecting: 'denied' })).body;
    const token = await signedIn('private@partner.example', device(visitorId));
    await decide({ personalisation: 'granted' }, bearer(token));
    expect((await stateOf(device(visitorId))).body.choices).toEqual({ prospecting: 'denied' });
  });

  it('the history is paged, latest first, and is the person’s own', async () => {
    const token = await signedIn('pages@partner.example');
    for (const answer of ['granted', 'denied', 'granted']) await decide({ prospecting: answer }, bearer(token));
    const first = (await product.call('GET', '/api/v1/me/consents?limit=2', { token })).body;
    const cursor = encodeURIComponent(first.nextCursor);
    const second = (await product.call('GET', `/api/v1/me/consents?limit=2&cursor=${cursor}`, { token })).body;
    const statuses = [...first.items, ...second.items].map((item) => item.choices.prospecting.status);
    expect(statuses).toEqual(['ConsentGiven', 'ConsentWithdrawn', 'ConsentGiven']);
    expect(second).not.toHaveProperty('nextCursor');
    const other = await signedIn('stranger@partner.example');
    expect((await product.call('GET', `/api/v1/me/consents?cursor=${cursor}`, { token: other })).status).toBe(400);
  });

  it('in cookie mode a beacon from an allowed origin is heard without a token that it cannot send', async () => {
    await product.person('beacon@partner.example');
    const login = await product.call('POST', '/api/v1/auth/login', {
      body: { email: 'beacon@partner.example', password: PASSWORD, transport: 'cookie' },
      headers: { origin: ORIGIN },
    });
    const cookie = login.headers
      .getSetCookie()
      .map((set) => set.split(';')[0])
      .join('; ');
    const send = (contentType: string) =>
      product.call('POST', CONSENTS, {
        body: JSON.stringify(choice({ prospecting: 'denied' })),
        headers: { cookie, origin: ORIGIN, 'content-type': contentType },
      });
    expect((await send('application/json')).status).toBe(403);
    expect((await send('text/plain')).status).toBe(201);
    expect((await product.call('GET', '/api/v1/me/consents', { headers: { cookie } })).body.choices).toEqual({
      prospecting: 'denied',
    });
  });
});

describe('H7 Global Privacy Control', () => {
  it('is a signal when it says 1, and never an answer', async () => {
    const { body } = await decide({ prospecting: 'granted' }, { 'sec-gpc': '1' });
    expect(body.choices).toEqual({ prospecting: 'granted' });
    expect((await stateOf(device(body.visitorId))).body.signals).toEqual({ gpc: true });
    for (const value of ['0', 'true', '1.0']) {
      const other = (await decide({ prospecting: 'granted' }, { 'sec-gpc': value })).body;
      expect((await stateOf(device(other.visitorId))).body.signals).toEqual({ gpc: false });
    }
    expect((await stateOf({ 'sec-gpc': '1' })).body).toMatchObject({ choices: {}, signals: { gpc: true } });
  });

  it('is announced where browsers look for it', async () => {
    const { status, body } = await product.call('GET', '/.well-known/gpc.json');
    expect({ status, body }).toEqual({ status: 200, body: { gpc: true, lastUpdate: '2022-01-01' } });
  });
});
