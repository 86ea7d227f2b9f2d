import { beforeEach, describe, expect, it } from 'vitest';
import type { ObjectStore } from '../../../shared/platform/blobs/object-store.ts';
import type { Clock } from '../../../shared/platform/clock.ts';
import type { DocumentContainer, DocumentStore } from '../../../shared/platform/cosmos/document-store.ts';
import { createLogger } from '../../../shared/platform/logger.ts';
import { purgedContainers, purgeExpired } from '../../../shared/retention/index.ts';
import { useDocumentStore } from '../../support/document-store.ts';

const data = useDocumentStore();
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const COUNT = 120;
/** What has ended for the purge, whose clock is ahead, and not yet for the service that keeps it. */
const SOON = HOUR;
const LATER = 30 * 24 * HOUR;
const AHEAD = 2 * HOUR;

/** A clock that is ahead and takes a step at each look. */
function stepping(step: number): Clock {
  let looks = 0;
  return { now: () => new Date(Date.now() + AHEAD + step * looks++) };
}

beforeEach(async () => {
  const expiresIn = (ms: number) => new Date(Date.now() + ms).toISOString();
  const puts: Promise<unknown>[] = [];
  for (let number = 0; number < COUNT; number += 1) {
    for (const [suffix, end] of [
      ['old', SOON],
      ['new', LATER],
    ] as const) {
      const id = `i${number}-${suffix}`;
      const session = { id, type: 'session', expiresAt: expiresIn(end) };
      puts.push(data.store.runtime.upsert(id, { id, type: 'idempotency', expiresAt: expiresIn(end) }));
      puts.push(data.store.accounts.upsert(`acc_${number % 7}`, session));
    }
  }
  await Promise.all(puts);
});

async function left() {
  const counts = { old: 0, new: 0 };
  for (const container of [data.store.runtime, data.store.accounts]) {
    const { items } = await container.query<{ id: string }>({ text: 'SELECT c.id FROM c', limit: 10_000 });
    for (const { id } of items) counts[id.endsWith('old') ? 'old' : 'new'] += 1;
  }
  return counts;
}

function purgeOn(clock: Clock, change: Partial<Record<'accounts' | 'runtime', Partial<DocumentContainer>>> = {}) {
  const { accounts, runtime } = data.store;
  const database: DocumentStore = {
    ...data.store,
    accounts: { ...accounts, ...change.accounts },
    runtime: { ...runtime, ...change.runtime },
  };
  return purgeExpired({
    database,
    objects: { async *list() {} } as unknown as ObjectStore,
    clock,
    logger: createLogger(() => undefined),
    containers: purgedContainers,
    sweeps: [],
  });
}

describe('E1 the purge', () => {
  it('removes what has ended and nothing else', async () => {
    const result = await purgeOn(stepping(0))(undefined);
    expect(result).toEqual({ examined: 2 * COUNT, changed: 2 * COUNT, failed: 0 });
    expect(await left()).toEqual({ old: 0, new: 2 * COUNT });
  });

  it('is bounded, and goes on where it stopped', async () => {
    // The clock leaps so that a run has time for one place alone.
    const purge = purgeOn(stepping(3 * MINUTE));
    const begunAt: (string | undefined)[] = [];
    let continuation: string | undefined;
    while ((await left()).old > 0 && begunAt.length < 20) {
      const result = await purge(continuation);
      begunAt.push(continuation);
      continuation = result.continuation;
      expect(result.failed).toBe(0);
    }
    expect(begunAt.length).toBeGreaterThan(2);
    expect(new Set(begunAt).size).toBe(begunAt.length);
    expect(await left()).toEqual({ old: 0, new: 2 * COUNT });
  });

  it('two runs at once remove everything once, and neither fails', async () => {
    const results = await Promise.all([purgeOn(stepping(0))(undefined), purgeOn(stepping(0))(undefined)]);
    expect(results.map(({ failed }) => failed)).toEqual([0, 0]);
    expect(await left()).toEqual({ old: 0, new: 2 * COUNT });
  });

  it('what is renewed between being found and being removed stays', async () => {
    const { accounts } = data.store;
    let renewed = false;
    const batch: DocumentContainer['batch'] = async (partition, steps) => {
      if (!renewed && partition === 'acc_0') {
        renewed = true;
        const expiresAt = new Date(Date.now() + LATER).toISOString();
        await accounts.upsert('acc_0', { id: 'i0-old', type: 'session', expiresAt });
      }
      return accounts.batch(partition, steps);
    };
    await purgeOn(stepping(0), { accounts: { batch } })(undefined);
    expect(await left()).toEqual({ old: 1, new: 2 * COUNT });
    expect(await accounts.read('acc_0', 'i0-old')).toBeDefined();
  });

  it('a container that fails is counted, and does not keep the others from their turn', async () => {
    const query = async () => {
      throw new Error('down');
    };
    const result = await purgeOn(stepping(0), { accounts: { query } })(undefined);
    expect(result).toMatchObject({ changed: COUNT, failed: 1 });
    expect(await left()).toEqual({ old: COUNT, new: 2 * COUNT });
  });
});
