import { readFileSync, writeFileSync } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import { useProduct } from '../support/product.ts';
import { type Counted, counting, requests } from './counting.ts';
import { deskSteps } from './desk-steps.ts';
import { personSteps } from './person-steps.ts';
import { differences, type Row, rowsOf, withTable } from './tables.ts';
import { countTimers } from './timer-steps.ts';

/**
 * What each endpoint and each timer asks of the database, counted there: round trips by kind, and request units. `WRITE_COSTS=1 npx vitest run
 * test/costs` writes the tables of `docs/costs.md`; without it they are held against what is counted.
 */
const product = useProduct();
const DOCUMENT = 'docs/costs.md';

const endpoints = new Map<string, Counted>();
let timers: readonly Row[];

beforeAll(async () => {
  const { endpoint } = counting(product);
  const asked = requests(product);
  const steps = [...(await personSteps(product, asked)), ...(await deskSteps(product, asked))];
  for (const step of steps) endpoints.set(step.name, await endpoint(step));
  // The timers move the clock by years: in a store of their own.
  await product.control('POST', '/reset');
  timers = (await countTimers(product, counting(product), asked)).map(({ job, what, counted }) => ({
    label: [`\`${job}\``, what],
    counted,
  }));
}, 600_000);

const endpointRows = (): readonly Row[] =>
  [...endpoints].map(([name, counted]) => ({ label: [`\`${name}\``], counted }));

describe('round trips to the database', () => {
  const nothing = { reads: 0, queries: 0, plans: 0, writes: 0, batches: 0 };

  it('who a token is costs none', () => {
    expect(endpoints.get('GET /auth/session')).toMatchObject({ ...nothing, units: 0 });
  });

  it('a sign-in costs two reads and one batch', () => {
    expect(endpoints.get('POST /auth/login')).toMatchObject({ ...nothing, reads: 1, queries: 1, batches: 1 });
  });

  it('the own account costs one point read', () => {
    expect(endpoints.get('GET /me')).toMatchObject({ ...nothing, reads: 1 });
  });

  it('a first decision on consent costs one write in one partition, what stands one point read', () => {
    const { reads, queries, writes, batches } = endpoints.get('POST /consents, a visitor') as Counted;
    expect({ reads, queries, written: writes + batches }).toEqual({ reads: 0, queries: 0, written: 1 });
    expect(endpoints.get('GET /consents, a visitor')).toMatchObject({ ...nothing, reads: 1 });
  });

  it('are as docs/costs.md says, give or take what an instance happens to have in memory', () => {
    const document = readFileSync(DOCUMENT, 'utf8');
    if (process.env.WRITE_COSTS) {
      const renewed = withTable(document, 'counted', ['endpoint'], endpointRows());
      writeFileSync(DOCUMENT, withTable(renewed, 'timers', ['timer', 'what'], timers, 1));
      return;
    }
    expect(differences(rowsOf(document, 'counted'), endpointRows())).toEqual([]);
    expect(differences(rowsOf(document, 'timers'), timers)).toEqual([]);
  });
});
