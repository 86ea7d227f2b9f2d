import { casesOf } from '../support/cases.ts';
import { movingClock } from '../support/moving-clock.ts';
import { PASSWORD } from '../support/product.ts';
import { rawStore } from '../support/raw-store.ts';
import { type Counted, type Counting, combined, less, type Product, type Requests, withMails } from './counting.ts';
import { decision } from './person-steps.ts';

/** What the runs of a timer cost: one with nothing to do, and each thing that it does. */
export interface CountedTimer {
  readonly job: string;
  /** `an empty run`, or what one of is counted. */
  readonly what: string;
  readonly counted: Counted;
}

interface Item {
  readonly what: string;
  /** Makes some, and tells how many; nothing where the run counts them itself. */
  readonly make: () => Promise<number | undefined>;
  /** Lets them become due. */
  readonly due: () => Promise<unknown>;
  /** Mails that each sets going: the work of delivering them is counted with it. */
  readonly mails?: number;
  /** What was counted before and comes along with it. */
  readonly over?: string;
}

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const MONTH = 30.5 * DAY;
const EMPTY = 'an empty run';
/** The control port looks at the run record of each run. */
const OF_THE_CONTROL_PORT: Counted = { reads: 1, queries: 0, plans: 0, writes: 0, batches: 0, units: 1 };

/** Runs of the timers, in the order in which their days come; the product's clock moves by years. */
export async function countTimers(
  product: Product,
  { settled, agreed }: Counting,
  { newAddress, person }: Requests,
): Promise<readonly CountedTimer[]> {
  const cases = casesOf(product);
  const { now, moveBy, moveTo } = movingClock(product);
  /** Tokens end while the clock moves on. */
  const dpo = () => cases.staff('dpo-1', 'dpo');

  async function run(job: string): Promise<number> {
    const { status, body } = await product.control('POST', `/timers/${job}`);
    if (status !== 200 || body.failed !== 0) throw new Error(`${job} failed: ${JSON.stringify(body)}`);
    return body.changed;
  }

  /** Runs a timer until it finds nothing more to change; tells how much each run changed, that last one included. */
  async function untilIdle(job: string): Promise<readonly number[]> {
    const changed = [await run(job)];
    while (changed.at(-1) !== 0) changed.push(await run(job));
    return changed;
  }

  /** What one of an item costs beyond the runs themselves. */
  async function each(job: string, { make, due, mails = 0 }: Item, aRun: Counted): Promise<Counted> {
    const made = await make();
    await settled();
    await due();
    const countOf = (changed: readonly number[]) => made ?? changed.reduce((sum, some) => sum + some, 0);
    const changed = await withMails(
      product,
      (runs) => countOf(runs) * mails,
      () => untilIdle(job),
    );
    const count = countOf(changed);
    if (count === 0 || changed.length === 1) throw new Error(`${job} had nothing to do`);
    return combined(await settled(), aRun, (all, run) => (all - changed.length * run) / count);
  }

  async function timer(job: string, ...items: readonly Item[]): Promise<readonly CountedTimer[]> {
    await untilIdle(job);
    await settled();
    const aRun = await agreed(job, async () => {
      await run(job);
      return settled();
    });
    const counted: CountedTimer[] = [{ job, what: EMPTY, counted: less(aRun, OF_THE_CONTROL_PORT) }];
    for (const item of items) {
      const one = await each(job, item, aRun);
      const under = counted.find(({ what }) => what === item.over)?.counted;
      counted.push({ job, what: item.what, counted: under ? less(one, under) : one });
    }
    return counted;
  }

  /** Makes so many of something. */
  async function several(count: number, make: () => Promise<unknown>): Promise<number> {
    await Promise.all(Array.from({ length: count }, make));
    return count;
  }

  async function measured(): Promise<void> {
    const { token } = await person();
    await product.call('POST', '/api/v1/consents', { token, body: decision });
    const at = now().toISOString();
    const events = Array.from({ length: 10 }, () => ({ type: 'page-view', path: '/sinistres', at }));
    await product.call('POST', '/api/v1/activity', { token, body: { events } });
  }

  async function closed(): Promise<void> {
    const { email, token } = await person();
    await product.call('POST', '/api/v1/me/closure', { token, body: { password: PASSWORD } });
    await product.mails(email, 2);
  }

  async function open(): Promise<void> {
    const receivedOn = now().toISOString().slice(0, 10);
    const contact = { givenName: 'Ana', familyName: 'Łuk', email: newAddress() };
    await cases.record(await dpo(), { type: 'access', channel: 'post', receivedOn, contact });
  }

  const start = now();
  const noonOf = (day: Date) => new Date(`${day.toISOString().slice(0, 10)}T12:00:00.000Z`);
  await moveTo(noonOf(start));

  const statistics = await timer('publish-statistics', {
    what: 'a person who agreed to be measured, with ten events',
    make: () => several(6, measured),
    due: () => moveBy(MONTH),
  });

  const mails = await timer('deliver-notifications', {
    what: 'a mail delivered',
    mails: 1,
    async make() {
      await product.control('PUT', '/faults', { target: 'mail', rate: 1, status: 451 });
      return several(10, () => product.call('POST', '/api/v1/accounts', { body: product.registration(newAddress()) }));
    },
    async due() {
      await product.control('DELETE', '/faults?target=mail');
      await moveBy(10 * MINUTE);
    },
  });

  const requests = await timer(
    'advance-rights-requests',
    {
      what: 'a closed space erased and told',
      mails: 1,
      make: () => several(4, closed),
      due: () => moveBy(8 * DAY),
    },
    { what: 'a deadline of an open case', make: () => several(10, open), due: () => moveBy(21 * DAY) },
  );

  const seals = await timer(
    'seal-audit-log',
    { what: 'a closed day', make: async () => 1, due: () => moveBy(DAY) },
    {
      what: 'fifty more entries of a closed day',
      over: 'a closed day',
      async make() {
        const token = await dpo();
        await several(50, () => product.call('GET', '/api/v1/desk/rights-requests', { token }));
        return 1;
      },
      due: () => moveBy(DAY),
    },
  );

  const store = rawStore(product.stack);
  const untold = async () => {
    await store.withoutServiceExpiry();
    return undefined;
  };
  const purge = await timer('purge-expired-data', {
    what: 'an expired document removed',
    make: untold,
    due: () => moveBy(2 * MONTH),
  });

  const consents = await timer('expire-consents', {
    what: 'an ended document removed',
    async make() {
      await several(10, () => product.call('POST', '/api/v1/consents', { body: decision }));
      return untold();
    },
    due: () => moveBy(14 * MONTH),
  });

  const reviewed = await timer('review-inactive-accounts', {
    what: 'a holder of an unused account told',
    mails: 1,
    make: async () => undefined,
    due: () => moveTo(new Date(Math.max(now().getTime(), start.getTime() + 26 * MONTH))),
  });

  return [...mails, ...requests, ...purge, ...reviewed, ...consents, ...seals, ...statistics];
}
