import { beforeAll, describe, expect, it } from 'vitest';
import { useProduct } from '../support/product.ts';
import { rawStore } from '../support/raw-store.ts';

const product = useProduct();
const path = '/api/v1/desk/statistics';
const MONTH_END = Date.parse('2027-03-31T20:00:00.000Z');

interface Member {
  readonly email: string;
  readonly company: string;
  /** The paths that the person sees, each once. */
  readonly paths: readonly string[];
}

const crowd = (size: number, company: string, paths: readonly string[]): readonly Member[] =>
  Array.from({ length: size }, (_, index) => ({
    email: `${company.toLowerCase().replace(/\W/g, '')}-${index}@partner.example`,
    company,
    paths,
  }));
const members = [
  ...crowd(14, 'Assistance Nord', ['/claims/1', '/claims/2', '/contracts']),
  ...crowd(12, 'Garage du Lac', ['/claims', '/contracts']),
  ...crowd(11, 'Dépannage Sud', ['/claims', '/help/secret-of-one-person']),
  ...crowd(2, 'Zoé Martin', ['/claims']),
];

const setClock = (at: number) => product.control('PUT', '/clock', { now: new Date(at).toISOString() });
const publish = async () => (await product.control('POST', '/timers/publish-statistics')).body;

async function cells(query = '?from=2027-03&to=2027-03') {
  const token = await product.staffToken('statistician');
  return (await product.call('GET', `${path}${query}`, { token })).body.cells as readonly {
    readonly metric: string;
    readonly dimension?: string;
    readonly value: number | null;
    readonly suppressed: boolean;
  }[];
}

/** A person who agrees to be measured and looks at some pages. */
async function member({ email, company, paths }: Member): Promise<string> {
  await product.call('POST', '/api/v1/accounts', { body: product.registration(email, { company }) });
  const [mail] = await product.mails(email);
  const token = /token=([\w.-]+)/.exec(mail?.text ?? '')?.[1];
  await product.call('POST', '/api/v1/accounts/verify', { body: { token } });
  return measured(email, paths);
}

async function measured(email: string, paths: readonly string[], at?: string): Promise<string> {
  const { accessToken: token } = (await product.signIn(email)).body;
  const { noticeVersion } = (await product.call('GET', '/api/v1/cookies')).body;
  const choices = { 'audience-measurement': 'granted' };
  const body = { noticeVersion, language: 'fr', choices, mechanism: 'banner' };
  await product.call('POST', '/api/v1/consents', { token, body });
  const now = at ?? (await product.control('GET', '/clock')).body.now;
  const events = paths.map((seen) => ({ type: 'page-view', path: seen, at: now }));
  const answer = await product.call('POST', '/api/v1/activity', { token, body: { events } });
  if (answer.body.accepted !== paths.length) throw new Error(`accepted ${answer.body.accepted}`);
  return token;
}

beforeAll(async () => {
  await setClock(MONTH_END);
  const queue = [...members];
  const one = async () => {
    for (let next = queue.pop(); next; next = queue.pop()) await member(next);
  };
  await Promise.all([one(), one(), one(), one()]);
}, 120_000);

describe('C5 anonymous statistics', () => {
  it('a month is not published before it is over in Paris', async () => {
    await setClock(Date.parse('2027-03-31T21:30:00.000Z'));
    expect(await publish()).toMatchObject({ job: 'publish-statistics', failed: 0 });
    expect(await cells()).toEqual([]);
    // The months before are, with nothing in them to be told.
    expect((await cells('?from=2027-02&to=2027-03')).every(({ suppressed }) => suppressed)).toBe(true);
  });

  it('people who are restricted, object or have withdrawn are left out', async () => {
    const withdrawn = (await product.signIn(members[0]?.email ?? '')).body.accessToken;
    await product.call('DELETE', '/api/v1/consents', { token: withdrawn });
    const objecting = (await product.signIn(members[1]?.email ?? '')).body.accessToken;
    const path = '/api/v1/me/objections';
    const seen = await product.call('GET', path, { token: objecting });
    const headers = { 'if-match': seen.headers.get('etag') ?? '' };
    const objected = await product.call('PUT', path, { token: objecting, headers, body: { purposes: ['D8'] } });
    expect(objected.status).toBe(200);
    // Half past midnight in Paris on 1 April: in UTC it is still March.
    await setClock(Date.parse('2027-03-31T22:30:00.000Z'));
    expect(await publish()).toMatchObject({ failed: 0, examined: members.length });
    const total = (await cells()).find(({ metric, dimension }) => metric === 'page-views' && !dimension);
    // 37 people: 12 of the first company see 3 pages, 12 and 11 see 2, and 2 see 1.
    expect(total).toMatchObject({ value: 80, suppressed: false });
  });

  it('tells counts in steps of ten, and nothing of a company with few people', async () => {
    const told = await cells();
    for (const { value, suppressed } of told) {
      expect(suppressed).toBe(value === null);
      if (value !== null) expect(value % 10).toBe(0);
    }
    const companies = told.filter(
      ({ metric, dimension }) => metric === 'page-views' && /^company=[^;]*$/.test(dimension ?? ''),
    );
    expect(companies.map(({ dimension, value }) => [dimension, value]).sort()).toEqual([
      ['company=(other)', 20],
      ['company=Assistance Nord', 40],
      ['company=Dépannage Sud', null],
      ['company=Garage du Lac', 20],
    ]);
    expect(told.filter(({ metric }) => metric === 'visits')).toEqual([
      { period: '2027-03', metric: 'visits', value: null, suppressed: true },
    ]);
  });

  it('lets no key, no name of a person and no full path leave', async () => {
    const text = JSON.stringify(await cells());
    expect(text).not.toMatch(/acc_|secret-of-one-person|@|Zoé Martin|Nguyễn/);
    const stored = (await rawStore(product.stack).everything()).filter(
      ({ container, item }) => container === 'statistics' && item.period === '2027-03',
    );
    expect(stored.map(({ item }) => item.type).sort()).toEqual(['statistics-cells', 'statistics-publication']);
    expect(JSON.stringify(stored)).not.toMatch(/acc_|secret-of-one-person|@|Zoé Martin/);
  });

  it('a late event, or a later objection, changes no published number: differences tell nothing', async () => {
    const before = await cells();
    await measured(members[3]?.email ?? '', ['/claims', '/claims', '/claims'], '2027-03-31T20:30:00.000Z');
    await setClock(Date.parse('2027-04-02T08:00:00.000Z'));
    await publish();
    await publish();
    expect(await cells()).toEqual(before);
  });

  it('is for statisticians, and for months', async () => {
    expect((await product.call('GET', path, { token: await product.staffToken('dpo') })).status).toBe(403);
    const token = await product.staffToken('statistician');
    expect((await product.call('GET', `${path}?from=march`, { token })).status).toBe(400);
    expect((await product.call('GET', `${path}?from=1900-01`, { token })).status).toBe(400);
    expect(await cells('?from=2027-03-05&to=2027-04-30')).toEqual(await cells());
    expect((await cells('')).slice(-(await cells()).length)).toEqual(await cells());
  });
});
