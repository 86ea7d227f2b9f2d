import { beforeAll, describe, expect, it } from 'vitest';
import type { Account } from '../../../shared/accounts/index.ts';
import type { Clock } from '../../../shared/platform/clock.ts';
import type { AccountId } from '../../../shared/platform/ids.ts';
import type { ProcessingGate } from '../../../shared/processing-gate/index.ts';
import type { CountedEvent } from '../../../shared/statistics/counting-rules.ts';
import { publishedStatistics, statisticsPublishing } from '../../../shared/statistics/index.ts';
import { useDocumentStore } from '../../support/document-store.ts';

const data = useDocumentStore();
const PEOPLE = 350;
const NOW = Date.parse('2026-12-03T08:00:00.000Z');
const MINUTE = 60_000;

const accountId = (number: number) => `acc_${String(number).padStart(22, '0')}` as AccountId;
const isLeftOut = (number: number) => number % 50 === 0;
const numberOf = (id: string) => Number(id.slice('acc_'.length));

const gate = {
  askAll: async (account: Account, purposes: readonly string[]) =>
    purposes.map(() => (isLeftOut(numberOf(account.accountId)) ? 'restricted' : 'permitted')),
} as unknown as ProcessingGate;

async function* eventsOf(id: AccountId, from: Date): AsyncGenerator<CountedEvent> {
  // Only in November, Paris time.
  if (from.toISOString() !== '2026-10-31T23:00:00.000Z') return;
  const number = numberOf(id);
  const company = number < 300 ? 'Grande' : `Petite ${number % 10}`;
  for (let seen = 0; seen < 2; seen += 1) yield { kind: 'visit', path: `/claims/${number}`, company };
}

function publishing(clock: Clock) {
  const { accounts, runtime, statistics } = data.store;
  const published = publishedStatistics(statistics);
  const dataKey = Buffer.alloc(32, 7);
  return { published, run: statisticsPublishing({ accounts, runtime, published, gate, eventsOf, dataKey, clock }) };
}

beforeAll(async () => {
  await Promise.all(
    Array.from({ length: PEOPLE }, (_, number) =>
      data.store.accounts.create(accountId(number), {
        ...{ id: 'account', type: 'account', status: 'active', accountId: accountId(number) },
      }),
    ),
  );
});

describe('C5 publishing', () => {
  it('is bounded, goes on where it stopped, counts each person once, and leaves no draft', async () => {
    let looks = 0;
    const { published, run } = publishing({ now: () => new Date(NOW + 2 * MINUTE * Math.floor(looks++ / 60)) });
    let continuation: string | undefined;
    let runs = 0;
    do {
      ({ continuation } = await run(continuation));
      runs += 1;
    } while (continuation !== undefined && runs < 100);
    expect(runs).toBeGreaterThan(2);
    expect(runs).toBeLessThan(100);
    const cells = await published.cells('2026-11');
    const total = cells.find(({ metric, company, section }) => metric === 'visits' && !company && !section);
    // 343 of 350 people, two visits each.
    expect(total?.value).toBe(690);
    const { items } = await data.store.runtime.query({ text: "SELECT * FROM c WHERE c.type = 'statistics-draft'" });
    expect(items).toEqual([]);
  });

  it('a month that is published stays as it is, whatever is counted again', async () => {
    const { published, run } = publishing({ now: () => new Date(NOW) });
    const before = await published.cells('2026-11');
    const result = await run(JSON.stringify({ month: '2026-11', after: '', drafts: 0 }));
    expect(result).toEqual({ examined: 0, changed: 0, failed: 0 });
    expect(await published.publish('2026-11', [{ metric: 'visits', value: 10 }], new Date(NOW))).toBe(false);
    expect(await published.cells('2026-11')).toEqual(before);
  });

  it('a month whose raw activity has begun to be deleted is not published any more', async () => {
    const late = publishing({ now: () => new Date('2027-06-15T08:00:00.000Z') });
    await late.run(undefined);
    expect(await late.published.isPublished('2027-05')).toBe(true);
    expect(await late.published.isPublished('2027-04')).toBe(true);
    expect(await late.published.isPublished('2027-03')).toBe(false);
  });
});
