import { beforeAll, describe, expect, it } from 'vitest';
import { connectBlobs } from '../../shared/platform/blobs/connect.ts';
import { objectStore } from '../../shared/platform/blobs/object-store.ts';
import { readConfig } from '../../shared/platform/config.ts';
import { containers } from '../../shared/platform/cosmos/containers.ts';
import { keyWrapper } from '../../shared/platform/keys/key-wrapper.ts';
import { retentionRules } from '../../shared/retention/index.ts';
import { casesOf } from '../support/cases.ts';
import { pdf } from '../support/identity-documents.ts';
import { useProduct } from '../support/product.ts';
import { rawStore } from '../support/raw-store.ts';

const product = useProduct();
const HOUR = 3_600_000;
const DAY = 24 * HOUR;
/** The lease of a run ends with the run, and the record of the purge is written anew by each. */
const BORN_OF_THE_RUN = new Set(['lease', 'job-run']);
/** Where only the service itself may remove, and what `expire-consents` ends. */
const UNTOUCHED = new Set(['audit', 'consents']);

const clock = async () => new Date((await product.control('GET', '/clock')).body.now);
const setClock = (at: number) => product.control('PUT', '/clock', { now: new Date(at).toISOString() });
const desk = async (method: string, path: string, body: object) =>
  product.call(method, path, { token: await product.staffToken('dpo'), body });
const purge = async () => (await product.control('POST', '/timers/purge-expired-data')).body;

/** Objects stored as the product stores them, at its time. */
function objects() {
  const config = readConfig(product.stack.environment);
  return objectStore(() => connectBlobs(config), keyWrapper(config), { now: () => new Date() });
}

async function* bytes() {
  yield Buffer.from('a file');
}

async function blobNames(container: 'exports' | 'identity-proofs') {
  const names: string[] = [];
  for await (const { name } of objects().list(container)) names.push(name);
  return names;
}

/** Requests in the states in which something of them ends: never confirmed, with an identity document, closed. */
async function rightsRequests() {
  const cases = casesOf(product);
  const dpo = await product.staffToken('dpo');
  const contact = { givenName: 'Ana', familyName: 'Costa', email: 'ana@partner.example' };
  await cases.submit(undefined, { type: 'access', contact });
  const doubted = await cases.confirmed({ type: 'access' }, { email: 'doubted@partner.example' });
  await cases.act(dpo, doubted.id, 'request-identity', { reason: 'x' });
  await cases.upload(doubted.id, pdf(), doubted.headers);
  const receivedOn = (await clock()).toISOString().slice(0, 10);
  const { body } = await cases.record(dpo, { type: 'access', channel: 'post', receivedOn, contact });
  await cases.act(dpo, body.id, 'notes', { text: 'x' });
  await cases.act(dpo, body.id, 'messages', { text: 'x' });
  await cases.act(dpo, body.id, 'reject', { ground: 'excessive', reason: 'x' });
}

/** One of everything that ends, made by using the product. */
beforeAll(async () => {
  await product.call('POST', '/api/v1/accounts', { body: product.registration('never-confirmed@partner.example') });
  const { email } = await product.person('person@partner.example');
  const { accessToken: token } = (await product.signIn(email)).body;
  const { accountId } = (await product.call('GET', '/api/v1/auth/session', { token })).body;
  await product.call('PUT', '/api/v1/me/preferences', { token, body: { language: 'en' } });
  await product.call('PUT', '/api/v1/me/form-drafts/claim', { token, body: { fields: { plate: 'AB-123-CD' } } });
  await product.signIn(email, { password: 'not the password' });
  await product.signIn('nobody@partner.example');
  await product.call('POST', '/api/v1/auth/password-reset', { body: { email } });
  await product.mails(email, 2);
  await rightsRequests();
  await product.control('PUT', '/faults', { target: 'mail', rate: 1, status: 451 });
  await product.call('POST', '/api/v1/contact', {
    token,
    body: { message: 'Bonjour' },
    headers: { 'idempotency-key': 'contact' },
  });
  const disclosure = { name: 'Tribunal', contact: 'greffe@tribunal.example' };
  const body = { accountId, recipient: disclosure, categories: ['identity'], ground: 'legal-obligation' };
  await desk('POST', '/api/v1/desk/disclosures', { ...body, reference: '2026/117' });
  const facts = { nature: 'x', categories: ['identity'], approximatePeople: 1, approximateRecords: 1, highRisk: true };
  const breach = { ...facts, awareAt: (await clock()).toISOString(), consequences: 'x', measures: 'x' };
  await desk('POST', '/api/v1/desk/breaches', breach);
  const { id } = (await desk('POST', '/api/v1/desk/breaches', breach)).body;
  const words = { audience: { kind: 'everyone' }, message: { fr: 'x', en: 'x' } };
  await desk('POST', `/api/v1/desk/breaches/${id}/tell-people`, words);
  const path = `/api/v1/desk/breaches/${id}`;
  const seen = await product.call('GET', path, { token: await product.staffToken('dpo') });
  await product.call('PATCH', path, {
    token: await product.staffToken('dpo'),
    body: { notNotifiedReason: 'x', status: 'closed' },
    headers: { 'if-match': seen.headers.get('etag') ?? '' },
  });
  await product.control('POST', '/timers/deliver-notifications');
  await product.control('DELETE', '/faults');
  // A crash between reserving an address and confirming the account leaves such a thing.
  const orphan = { id: 'orphan', type: 'login', accountId: `acc_${'z'.repeat(22)}` };
  const store = rawStore(product.stack);
  await store.container('logins').items.create({ ...orphan, provisionalUntil: (await clock()).toISOString() });
  await objects().put('exports', 'pkg_export', bytes());
  await objects().put('identity-proofs', 'prf_proof', bytes());
});

/** Activity, consents, a habilitation and its use, an export. */
beforeAll(async () => {
  const cases = casesOf(product);
  const { email } = await product.person('cases@partner.example');
  const { accessToken: token } = (await product.signIn(email)).body;
  const { accountId } = (await product.call('GET', '/api/v1/auth/session', { token })).body;
  const { noticeVersion } = (await product.call('GET', '/api/v1/cookies')).body;
  const choices = { 'audience-measurement': 'granted' };
  const consent = { noticeVersion, language: 'fr', choices, mechanism: 'banner' };
  await product.call('POST', '/api/v1/consents', { token, body: consent });
  await product.call('POST', '/api/v1/consents', { body: consent });
  const event = { type: 'page-view', path: '/claims', at: (await clock()).toISOString() };
  await product.call('POST', '/api/v1/activity', { token, body: { events: [event] } });

  const staffId = 'staff-retention';
  const dpo = (await product.control('GET', `/staff-token?roles=dpo&sub=${staffId}`)).body.token;
  const expiresOn = new Date((await clock()).getTime() + 30 * DAY).toISOString().slice(0, 10);
  await product.call('PUT', `/api/v1/desk/habilitations/${staffId}`, {
    token: await product.staffToken('habilitation-admin'),
    body: { categories: ['identity', 'identity-proofs'], missions: ['rights-requests'], expiresOn },
  });
  const why = 'categories=identity&mission=rights-requests&reason=dossier';
  await product.call('GET', `/api/v1/desk/accounts/${accountId}?${why}`, { token: dpo });

  const access = (await cases.submit(token, { type: 'access' })).body.id;
  await cases.act(dpo, access, 'approve', {});
  await cases.advance();
  await cases.advance();
});

/** What the use above makes of what ends; each other type is put there as the code would, with its end. */
const MADE_BY_USE = [
  ...['account', 'credential', 'acceptance', 'session', 'password-reset', 'form-draft', 'notification'].map(
    (type) => `accounts/${type}`,
  ),
  ...['rights-request', 'case-letter', 'case-history', 'identity-proof', 'one-time-code', 'notification'].map(
    (type) => `rights-requests/${type}`,
  ),
  'activity/activity-event',
  'case-archive/archived-case',
  ...['disclosure', 'breach', 'notification', 'mail-fan-out', 'habilitation', 'habilitation-use'].map(
    (type) => `governance/${type}`,
  ),
  ...['account-failures', 'source-failures', 'idempotency', 'notification', 'package', 'mail-budget'].map(
    (type) => `runtime/${type}`,
  ),
];

/** The types that end by `expiresAt`, each once for each container in which it does. */
const ruled = retentionRules
  .filter(({ container, documentType, terms }) => {
    const ends = terms.some(({ kind }) => kind === 'days' || kind === 'months' || kind === 'own-lifetime');
    return ends && !UNTOUCHED.has(container) && !BORN_OF_THE_RUN.has(documentType);
  })
  .map(({ container, documentType }) => `${container}/${documentType}`);

async function putWhatIsMissing(covered: ReadonlySet<string>): Promise<void> {
  const store = rawStore(product.stack);
  for (const name of ruled.filter((one) => !covered.has(one))) {
    const [container = '', type = ''] = name.split('/');
    const path = containers.find(({ id }) => id === container)?.partitionKey.slice(1) ?? '';
    const expiresAt = new Date((await clock()).getTime() + 20 * DAY).toISOString();
    const id = `put-${type}`;
    await store.container(container).items.create({ [path]: id, id, type, expiresAt, ttl: -1 });
  }
}

const endingNow = async () =>
  (await rawStore(product.stack).everything()).filter(
    ({ container, item }) =>
      !UNTOUCHED.has(container) && item.expiresAt !== undefined && !BORN_OF_THE_RUN.has(item.type),
  );
const typesOf = (found: Awaited<ReturnType<typeof endingNow>>) =>
  new Set(found.map(({ container, item }) => `${container}/${item.type}`));

describe('E1 nothing outlives its term, even where the expiry of the service has missed it', () => {
  it('each type of document is there one day before its end, and gone after', async () => {
    const store = rawStore(product.stack);
    await store.withoutServiceExpiry();
    const made = typesOf(await endingNow());
    expect(MADE_BY_USE.filter((name) => !made.has(name))).toEqual([]);
    await putWhatIsMissing(made);
    const ending = await endingNow();
    expect([...typesOf(ending)].sort()).toEqual(ruled.toSorted());

    const ends = ending.map(({ item }) => Date.parse(item.expiresAt ?? ''));
    const instants = [...new Set(ends.flatMap((end) => [end - DAY, end + HOUR]))].sort((a, b) => a - b);
    const start = (await clock()).getTime();
    for (const instant of instants.filter((at) => at > start)) {
      await setClock(instant);
      expect(await purge()).toMatchObject({ job: 'purge-expired-data', failed: 0 });
      const now = (await clock()).toISOString();
      const left = new Set((await store.everything()).map(({ name }) => name));
      for (const { name, item } of ending) {
        expect({ name, at: now, there: left.has(name) }).toEqual({
          name,
          at: now,
          there: (item.expiresAt ?? '') > now,
        });
      }
    }
    expect(await endingNow()).toEqual([]);
    const after = await store.everything();
    const kept = after.map(({ item }) => item.type);
    expect(kept).toEqual(expect.arrayContaining(['account', 'credential', 'login', 'preferences']));
  });

  it('a reservation of an address that nothing came of is freed, one in use stays', async () => {
    const logins = (await rawStore(product.stack).everything()).filter(({ container }) => container === 'logins');
    expect(logins).toHaveLength(2);
    for (const { item } of logins) expect(item).not.toHaveProperty('provisionalUntil');
    expect((await product.signIn('person@partner.example')).status).toBe(200);
  });

  it('stored files go at their term, whether or not a document still tells of them', async () => {
    const stored = Date.now();
    await objects().put('exports', 'pkg_export', bytes());
    await objects().put('identity-proofs', 'prf_proof', bytes());
    for (const [days, exports, proofs] of [
      [13, ['pkg_export'], ['prf_proof']],
      [16, [], ['prf_proof']],
      [29, [], ['prf_proof']],
      [31, [], []],
    ] as const) {
      await setClock(stored + days * DAY);
      await purge();
      expect([await blobNames('exports'), await blobNames('identity-proofs')]).toEqual([exports, proofs]);
    }
  });
});
