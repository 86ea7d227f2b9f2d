import { describe, expect, it } from 'vitest';
import { createLogger } from '../../shared/platform/logger.ts';
import { type PendingWork, pendingWork, type WorkHandler } from '../../shared/platform/pending-work.ts';
import { useDocumentStore } from '../support/document-store.ts';

const database = useDocumentStore();
const logger = createLogger(() => undefined);
const AT_ONCE = 8;

const queues = () => [
  { container: database.store.accounts, partitionKey: 'accountId' },
  { container: database.store.runtime, partitionKey: 'id' },
];

/** So many pieces of work that are due, each in a partition of its own. */
async function commit(type: string, count: number): Promise<void> {
  const pendingAt = database.clock.now().toISOString();
  for (let n = 0; n < count; n += 1) {
    const work: PendingWork = { id: `${type}-${n}`, type, pendingAt, attempts: 0 };
    await database.store.accounts.create(work.id, work);
  }
}

function runnerOf(type: string, act: (id: string) => Promise<void>) {
  const handler: WorkHandler = async ({ _etag, pendingAt: _due, ...work }, { container, partition }) => {
    await act(work.id);
    await container.replace(partition, work, _etag);
  };
  return pendingWork(queues(), { [type]: handler }, { clock: database.clock, logger });
}

/** Something that is waited for until it is opened. */
function gate() {
  let open = () => {};
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { opened, open };
}

describe('committed work', () => {
  it('is carried out several pieces at the same time, and never more than that', async () => {
    await commit('abreast', 30);
    const { opened, open } = gate();
    let underWay = 0;
    let most = 0;
    const runner = runnerOf('abreast', async () => {
      underWay += 1;
      most = Math.max(most, underWay);
      await opened;
      underWay -= 1;
    });
    const running = runner.run(1_000, ['abreast'], AT_ONCE);
    await expect.poll(() => underWay).toBe(AT_ONCE);
    open();
    expect(await running).toEqual({ examined: 30, changed: 30, failed: 0 });
    expect(most).toBe(AT_ONCE);
  });

  it('is not held up by a piece that takes long', async () => {
    await commit('slow', 250);
    const { opened, open } = gate();
    const done = new Set<string>();
    const runner = runnerOf('slow', async (id) => {
      if (id === 'slow-0') await opened;
      done.add(id);
    });
    const running = runner.run(1_000, ['slow'], AT_ONCE);
    // More than a page: the others go on past the one that hangs.
    await expect.poll(() => done.size, { timeout: 20_000 }).toBe(249);
    expect(done.has('slow-0')).toBe(false);
    open();
    expect(await running).toEqual({ examined: 250, changed: 250, failed: 0 });
  }, 30_000);

  it('is not held up by pieces that fail: each is tried again later, by itself, and never twice in one run', async () => {
    await commit('failing', 20);
    const tries = new Map<string, number>();
    const runner = runnerOf('failing', async (id) => {
      tries.set(id, (tries.get(id) ?? 0) + 1);
      if (id.endsWith('3')) throw new Error('refused');
    });
    expect(await runner.run(1_000, ['failing'], AT_ONCE)).toEqual({ examined: 20, changed: 18, failed: 2 });
    expect([...tries.values()].every((count) => count === 1)).toBe(true);
    expect(await runner.run(1_000, ['failing'], AT_ONCE)).toEqual({ examined: 0, changed: 0, failed: 0 });
    database.clock.setOffset(database.clock.offsetMs + 60_000);
    expect(await runner.run(1_000, ['failing'], AT_ONCE)).toEqual({ examined: 2, changed: 0, failed: 2 });
  });

  it('by two runs at once is done once, and a run takes no more than it was told to', async () => {
    await commit('shared', 60);
    const done: string[] = [];
    const runner = () =>
      runnerOf('shared', async (id) => {
        done.push(id);
      });
    const counts = await Promise.all([runner().run(20, ['shared'], AT_ONCE), runner().run(20, ['shared'], AT_ONCE)]);
    for (const { examined } of counts) expect(examined).toBeLessThanOrEqual(20);
    expect(new Set(done).size).toBe(done.length);
    await runner().run(1_000, ['shared'], AT_ONCE);
    expect(done.toSorted()).toEqual(Array.from({ length: 60 }, (_, n) => `shared-${n}`).toSorted());
  });

  it('of a long queue does not keep another queue waiting', async () => {
    await commit('many', 300);
    const pendingAt = database.clock.now().toISOString();
    const urgent: PendingWork = { id: 'urgent', type: 'many', pendingAt, attempts: 0 };
    await database.store.runtime.create('urgent', urgent);
    const order: string[] = [];
    const runner = runnerOf('many', async (id) => {
      order.push(id);
    });
    await runner.run(1_000, ['many'], AT_ONCE);
    expect(order).toHaveLength(301);
    expect(order.indexOf('urgent')).toBeLessThan(150);
  }, 30_000);

  it('is left alone by a run whose store does not answer, which says so once all that it began has ended', async () => {
    await commit('outage', 20);
    const { opened, open } = gate();
    let begun = 0;
    let ended = 0;
    const runner = runnerOf('outage', async () => {
      begun += 1;
      await opened;
      ended += 1;
    });
    const running = runner.run(1_000, ['outage'], AT_ONCE).catch((error: Error) => error.name);
    await expect.poll(() => begun).toBe(AT_ONCE);
    await database.strikeNext(1_000_000, 503);
    open();
    expect(await running).toBe('StoreUnavailable');
    expect(ended).toBe(begun);
    await database.strikeNoMore();
  }, 30_000);
});
