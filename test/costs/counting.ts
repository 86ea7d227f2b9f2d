import { databaseControl } from '../support/database-control.ts';
import type { Served } from '../support/document-store.ts';
import type { Answer, useProduct } from '../support/product.ts';

export type Product = ReturnType<typeof useProduct>;

/** What something asked of the database: round trips by kind, and request units. */
export interface Counted {
  readonly reads: number;
  readonly queries: number;
  /** What the SDK asks before a query over all partitions: as many as there are of these. */
  readonly plans: number;
  readonly writes: number;
  readonly batches: number;
  readonly units: number;
}

/** A request to be sent, and how many mails it sets going: the work of delivering them is counted with it. */
export type Send = (() => Promise<Answer>) & { readonly mails?: number };

export interface Step {
  readonly name: string;
  /** Prepares the request of the `n`th run. */
  readonly act: (n: number) => Promise<Send>;
}

export const step = (name: string, act: Step['act']): Step => ({ name, act });

/** What an instance keeps in memory for seconds (texts in force, sources that have to wait) is not read again at each run: what two agree on counts. */
const MOST_RUNS = 6;

export const tripsOf = ({ reads, queries, plans, writes, batches }: Counted) =>
  reads + queries + plans + writes + batches;

const KINDS = ['reads', 'queries', 'plans', 'writes', 'batches', 'units'] as const;

/** Two counts, kind by kind; never below nothing. */
export function combined(one: Counted, other: Counted, by: (a: number, b: number) => number): Counted {
  const entries = KINDS.map((kind) => [kind, Math.max(0, by(one[kind], other[kind]))] as const);
  return Object.fromEntries(entries) as Record<(typeof KINDS)[number], number>;
}

export const less = (one: Counted, other: Counted) => combined(one, other, (a, b) => a - b);

export function counting(product: Product) {
  const database = databaseControl(() => product.stack);
  let ofWaiting: Counted | undefined;

  /** A run of this timer ends only when all that was set going before has been done; what that set going in its turn is done after another. */
  async function waited(): Promise<Counted> {
    for (let time = 0; time < 2; time += 1) await product.control('POST', '/timers/deliver-notifications');
    return sumOf(await database.served());
  }

  /** Resolves when nothing is under way, with what was asked of the database since the last time, the waiting itself left out. */
  async function settled(): Promise<Counted> {
    if (!ofWaiting) {
      await waited();
      ofWaiting = await waited();
    }
    return less(await waited(), ofWaiting);
  }

  /** What two runs agree on: as many round trips. */
  async function agreed(name: string, run: (n: number) => Promise<Counted>): Promise<Counted> {
    const runs: Counted[] = [];
    for (let n = 0; n < MOST_RUNS; n += 1) {
      const counted = await run(n);
      const same = runs.find((earlier) => tripsOf(earlier) === tripsOf(counted));
      if (same) return same.units < counted.units ? same : counted;
      runs.push(counted);
    }
    throw new Error(`${name}: no two runs cost the same: ${JSON.stringify(runs)}`);
  }

  return {
    settled,
    agreed,

    /** What one request costs. Throws when it is refused. */
    endpoint: ({ name, act }: Step) =>
      agreed(name, async (n) => {
        const send = await act(n);
        // Where nothing had to be prepared, nothing is under way since the run before.
        if ((await database.served()).length > 0) await settled();
        const { status, body } = await withMails(product, send.mails ?? 0, send);
        if (status >= 300 && status !== 401) throw new Error(`${name} answered ${status}: ${JSON.stringify(body)}`);
        return settled();
      }),
  };
}

export type Counting = ReturnType<typeof counting>;

function sumOf(served: readonly Served[]): Counted {
  const of = (...kinds: Served['kind'][]) => served.filter(({ kind }) => kinds.includes(kind)).length;
  return {
    reads: of('read'),
    queries: of('query'),
    plans: of('plan'),
    writes: of('write'),
    batches: of('batch'),
    units: served.reduce((sum, { requestCharge }) => sum + requestCharge, 0),
  };
}

const MOST_TRIES = 500;
const PAUSE = 20;

/** Does what sets so many mails going, which may show only afterwards, and resolves when they have arrived. */
export async function withMails<T>(
  product: Product,
  mails: number | ((done: T) => number),
  act: () => Promise<T>,
): Promise<T> {
  await product.control('DELETE', '/mail');
  const done = await act();
  const expected = typeof mails === 'number' ? mails : mails(done);
  const arrived = async () => (await product.control('GET', '/mail')).body.messages.length >= expected;
  for (let tried = 0; expected > 0 && !(await arrived()); tried += 1) {
    if (tried > MOST_TRIES) throw new Error(`fewer than ${expected} mails arrived`);
    await new Promise((resume) => setTimeout(resume, PAUSE));
  }
  return done;
}

/** What is to be sent with what a test needs to prepare it. */
export function requests(product: Product) {
  let number = 0;
  /** A name of its own for each run of each step. */
  const unique = () => {
    number += 1;
    return `counted-${number}`;
  };
  const named = (method: string, path: string) => `${method} ${path.replace('/api/v1', '')}`;

  return {
    unique,
    newAddress: () => `${unique()}@partner.example`,
    today: async () => (await product.control('GET', '/clock')).body.now.slice(0, 10) as string,

    /** A person of this run, signed in. */
    async person() {
      const { email } = await product.person(`${unique()}@partner.example`);
      const { accessToken } = (await product.signIn(email)).body;
      return { email, token: accessToken as string };
    },

    /** The same request at each run. */
    plain: (method: string, path: string, given: () => Parameters<Product['call']>[2] = () => ({})): Step =>
      step(named(method, path.split('?')[0] ?? path), async () => () => product.call(method, path, given())),

    /** A request that sets mails going. */
    andMails: (mails: number, send: () => Promise<Answer>): Send => Object.assign(send, { mails }),

    /** What is prepared, the mails of it arrived. */
    prepared: <T>(mails: number, act: () => Promise<T>): Promise<T> => withMails(product, mails, act),
  };
}

export type Requests = ReturnType<typeof requests>;
