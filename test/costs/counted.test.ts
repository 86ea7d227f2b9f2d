import { readFileSync, writeFileSync } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import { casesOf } from '../support/cases.ts';
import { databaseControl } from '../support/database-control.ts';
import type { Served } from '../support/document-store.ts';
import { type Answer, PASSWORD, tokenIn, useProduct } from '../support/product.ts';

/**
 * What each endpoint asks of the database, counted there: round trips by kind, and request units. `WRITE_COSTS=1 npx vitest run test/costs`
 * writes the table of `docs/costs.md`; without it the table is held against what is counted.
 */
const product = useProduct();
const database = databaseControl(() => product.stack);
const cases = casesOf(product);
const DOCUMENT = 'docs/costs.md';
const MARKED = /(<!-- counted:start -->)[\s\S]*(<!-- counted:end -->)/;
/**
 * What an instance keeps in memory for seconds (texts in force, sources that have to wait) is not read again at each run, and work that an earlier step
 * left may fall into one: what two runs agree on is what the request costs.
 */
const MOST_RUNS = 6;
interface Counted {
  readonly reads: number;
  readonly queries: number;
  readonly writes: number;
  readonly batches: number;
  readonly units: number;
}

interface Step {
  readonly name: string;
  /** Prepares the request; where it sets a mail going, `arrived` waits for it. */
  readonly act: (n: number) => Promise<(() => Promise<Answer>) & { readonly arrived?: () => Promise<unknown> }>;
}

const counts = new Map<string, Counted>();
const email = 'counted@partner.example';
let token: string;
let number = 0;
const choices = Object.fromEntries(
  ['audience-measurement', 'personalisation', 'content-suggestions', 'prospecting'].map((id) => [id, 'granted']),
);
const decision = { noticeVersion: '1.0', language: 'fr', choices, mechanism: 'accept-all' };

/** A name of its own for each run of each step. */
const unique = () => {
  number += 1;
  return `counted-${number}`;
};
const signIn = async (whose = email) => (await product.signIn(whose)).body;
const call = (method: string, path: string, given: Parameters<typeof product.call>[2] = {}) => ({
  name: `${method} ${path.replace('/api/v1', '')}`,
  act: async () => () => product.call(method, path, given),
});
const signedIn = (method: string, path: string, body?: object) => ({
  name: `${method} ${path.replace('/api/v1', '')}`,
  act: async () => () => product.call(method, path, { token, ...(body ? { body } : {}) }),
});
/** A request that sets mails going: the work of delivering them is counted with it. */
const andMails = (send: () => Promise<Answer>, address: string, count: number) =>
  Object.assign(send, { arrived: () => product.mails(address, count) });
const step = (name: string, act: Step['act']): Step => ({ name, act });

/** As the person would meet them. The work that a request sets going at once (its mail) is counted with it. */
const steps: readonly Step[] = [
  call('GET', '/.well-known/jwks.json'),
  call('GET', '/api/v1/controller'),
  call('GET', '/api/v1/cookies'),
  call('GET', '/api/v1/legal-documents/privacy-charter'),
  step('POST /accounts, and its mail', async () => {
    const address = `${unique()}@partner.example`;
    const body = product.registration(address);
    return andMails(() => product.call('POST', '/api/v1/accounts', { body }), address, 1);
  }),
  step('POST /accounts/verify', async () => {
    const address = `${unique()}@partner.example`;
    await product.call('POST', '/api/v1/accounts', { body: product.registration(address) });
    const body = { token: tokenIn((await product.mails(address))[0]) };
    return () => product.call('POST', '/api/v1/accounts/verify', { body });
  }),
  step('POST /auth/login', async () => () => product.signIn(email)),
  step('POST /auth/login, wrong password', async () => {
    const { email: other } = await product.person(`${unique()}@partner.example`);
    return () => product.signIn(other, { password: 'wrong-wrong-wrong-1' });
  }),
  step('POST /auth/login, unknown e-mail', async () => {
    const other = `${unique()}@partner.example`;
    return () => product.signIn(other);
  }),
  step('POST /auth/refresh', async () => {
    const { refreshToken } = await signIn();
    return () => product.call('POST', '/api/v1/auth/refresh', { body: { refreshToken } });
  }),
  signedIn('GET', '/api/v1/auth/session'),
  step('POST /auth/logout', async () => {
    const { accessToken } = await signIn();
    return () => product.call('POST', '/api/v1/auth/logout', { token: accessToken });
  }),
  signedIn('POST', '/api/v1/auth/reauthenticate', { password: PASSWORD }),
  step('POST /auth/password-reset, and its mail', async () => {
    const { email: other } = await product.person(`${unique()}@partner.example`);
    const body = { email: other };
    return andMails(() => product.call('POST', '/api/v1/auth/password-reset', { body }), other, 2);
  }),
  step('POST /auth/password-reset/confirm, and its mail', async () => {
    const { email: other } = await product.person(`${unique()}@partner.example`);
    await product.call('POST', '/api/v1/auth/password-reset', { body: { email: other } });
    const body = { token: tokenIn((await product.mails(other, 2))[1]), newPassword: 'velours-aquarium-tempo-77' };
    return andMails(() => product.call('POST', '/api/v1/auth/password-reset/confirm', { body }), other, 3);
  }),
  signedIn('GET', '/api/v1/me'),
  step('PATCH /me', async (n) => {
    const etag = (await product.call('GET', '/api/v1/me', { token })).headers.get('etag') ?? '';
    const headers = { 'if-match': etag };
    return () => product.call('PATCH', '/api/v1/me', { token, headers, body: { jobTitle: `Poste ${n}` } });
  }),
  signedIn('GET', '/api/v1/me/sessions'),
  signedIn('GET', '/api/v1/me/acceptances'),
  signedIn('GET', '/api/v1/me/preferences'),
  step('PUT /me/preferences', async () => {
    const { headers } = await product.call('GET', '/api/v1/me/preferences', { token });
    const condition = { 'if-match': headers.get('etag') ?? '' };
    return () => product.call('PUT', '/api/v1/me/preferences', { token, headers: condition, body: { language: 'fr' } });
  }),
  step('PUT /me/form-drafts/{formId}', async () => {
    const path = `/api/v1/me/form-drafts/${unique()}`;
    return () => product.call('PUT', path, { token, body: { fields: { plaque: 'AB-123-CD' } } });
  }),
  signedIn('GET', '/api/v1/me/form-drafts'),
  signedIn('GET', '/api/v1/me/objections'),
  step('POST /consents, a visitor', async () => () => product.call('POST', '/api/v1/consents', { body: decision })),
  step('POST /consents, the same visitor again', async () => {
    const { visitorId } = (await product.call('POST', '/api/v1/consents', { body: decision })).body;
    const headers = { 'x-visitor-id': visitorId };
    return () => product.call('POST', '/api/v1/consents', { headers, body: decision });
  }),
  step('GET /consents, a visitor', async () => {
    const { visitorId } = (await product.call('POST', '/api/v1/consents', { body: decision })).body;
    return () => product.call('GET', '/api/v1/consents', { headers: { 'x-visitor-id': visitorId } });
  }),
  step(
    'POST /consents, signed in',
    async () => () => product.call('POST', '/api/v1/consents', { token, body: decision }),
  ),
  signedIn('GET', '/api/v1/consents'),
  step('POST /activity, one event', async () => {
    const at = (await product.control('GET', '/clock')).body.now;
    const body = { events: [{ type: 'page-view', path: '/sinistres', at }] };
    return () => product.call('POST', '/api/v1/activity', { token, body });
  }),
  step('POST /contact, and its mails', async (n) => {
    const address = `asks-${n}@partner.example`;
    const contact = { email: address, givenName: 'Ana', familyName: 'Łuk' };
    const body = { message: 'Bonjour', contact };
    return andMails(() => product.call('POST', '/api/v1/contact', { body }), address, 1);
  }),
  step('POST /rights-requests, signed in, and its mail', async () => {
    const { email: other } = await product.person(`${unique()}@partner.example`);
    const { accessToken } = await signIn(other);
    return andMails(() => cases.submit(accessToken, { type: 'access' }), other, 2);
  }),
  step('GET /rights-requests/{id}', async () => {
    const { email: other } = await product.person(`${unique()}@partner.example`);
    const { accessToken } = await signIn(other);
    const { id } = (await cases.submit(accessToken, { type: 'access' })).body;
    await product.mails(other, 2);
    return () => cases.read(id, accessToken);
  }),
];

/** Resolves when the database has had nothing to do for a while, with what it did meanwhile. */
async function settled(): Promise<readonly Served[]> {
  const found: Served[] = [];
  for (let quiet = 0; quiet < 8; ) {
    const served = await database.served();
    found.push(...served);
    quiet = served.length > 0 ? 0 : quiet + 1;
    await new Promise((resume) => setTimeout(resume, 10));
  }
  return found;
}

async function count({ name, act }: Step): Promise<Counted> {
  const runs: Counted[] = [];
  for (let run = 0; run < MOST_RUNS; run += 1) {
    const send = await act(run);
    await settled();
    const { status } = await send();
    await send.arrived?.();
    expect({ name, isExpected: status < 300 || status === 401 }).toEqual({ name, isExpected: true });
    const served = await settled();
    const of = (...kinds: Served['kind'][]) => served.filter(({ kind }) => kinds.includes(kind)).length;
    const counted = {
      reads: of('read'),
      queries: of('query', 'plan'),
      writes: of('write'),
      batches: of('batch'),
      units: served.reduce((sum, { requestCharge }) => sum + requestCharge, 0),
    };
    const same = runs.find((earlier) => tripsOf(earlier) === tripsOf(counted));
    if (same) return same.units < counted.units ? same : counted;
    runs.push(counted);
  }
  throw new Error(`${name}: no two runs cost the same: ${JSON.stringify(runs)}`);
}

const tripsOf = ({ reads, queries, writes, batches }: Counted) => reads + queries + writes + batches;

beforeAll(async () => {
  await product.person(email);
  token = (await signIn()).accessToken;
  await product.call('POST', '/api/v1/consents', { token, body: decision });
  await product.call('PUT', '/api/v1/me/preferences', { token, body: { language: 'fr' } });
  for (const each of steps) counts.set(each.name, await count(each));
}, 300_000);

describe('round trips to the database', () => {
  const nothing = { reads: 0, queries: 0, writes: 0, batches: 0 };

  it('who a token is costs none', () => {
    expect(counts.get('GET /auth/session')).toMatchObject({ ...nothing, units: 0 });
  });

  it('a sign-in costs two reads and one batch', () => {
    expect(counts.get('POST /auth/login')).toMatchObject({ ...nothing, reads: 1, queries: 1, batches: 1 });
  });

  it('the own account costs one point read', () => {
    expect(counts.get('GET /me')).toMatchObject({ ...nothing, reads: 1 });
  });

  it('a first decision on consent costs one write in one partition, what stands one point read', () => {
    const { reads, queries, writes, batches } = counts.get('POST /consents, a visitor') as Counted;
    expect({ reads, queries, written: writes + batches }).toEqual({ reads: 0, queries: 0, written: 1 });
    expect(counts.get('GET /consents, a visitor')).toMatchObject({ ...nothing, reads: 1 });
  });

  it('are as docs/costs.md says, give or take what an instance happens to have in memory', () => {
    const document = readFileSync(DOCUMENT, 'utf8');
    if (process.env.WRITE_COSTS) {
      writeFileSync(DOCUMENT, document.replace(MARKED, `$1\n\n${table()}\n\n$2`));
      return;
    }
    const rows = new Map(
      [...document.matchAll(/^\| `(.+?)` +\| +(\d+) +\| +(\d+) +\| +(\d+) +\| +(\d+) +\| +([\d.]+) +\|$/gm)].map(
        ([, name = '', reads, queries, writes, batches, units]) => [
          name,
          {
            reads: Number(reads),
            queries: Number(queries),
            writes: Number(writes),
            batches: Number(batches),
            units: Number(units),
          },
        ],
      ),
    );
    for (const [name, counted] of counts) {
      const told = rows.get(name);
      expect({ name, isTold: told !== undefined }).toEqual({ name, isTold: true });
      if (!told) continue;
      const isNear =
        Math.abs(tripsOf(told) - tripsOf(counted)) <= 1 && Math.abs(told.units - counted.units) <= told.units / 4 + 3;
      expect({ name, isNear, told, counted }).toMatchObject({ name, isNear: true });
    }
    expect([...rows.keys()].filter((name) => !counts.has(name))).toEqual([]);
  });
});

function table(): string {
  const rows = [...counts].map(([name, { reads, queries, writes, batches, units }]) => [
    `\`${name}\``,
    ...[reads, queries, writes, batches].map(String),
    units.toFixed(1),
  ]);
  const header = ['endpoint', 'point reads', 'queries', 'writes', 'batches', 'request units'];
  const widths = header.map((title, column) => Math.max(title.length, ...rows.map((row) => row[column]?.length ?? 0)));
  const line = (cells: readonly string[]) =>
    `| ${cells.map((cell, at) => (at === 0 ? cell.padEnd(widths[at] ?? 0) : cell.padStart(widths[at] ?? 0))).join(' | ')} |`;
  const rule = `| ${widths.map((width, at) => (at === 0 ? '-'.repeat(width) : `${'-'.repeat(width - 1)}:`)).join(' | ')} |`;
  return [line(header), rule, ...rows.map(line)].join('\n');
}
