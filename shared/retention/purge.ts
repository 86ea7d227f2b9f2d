import type { ObjectStore } from '../platform/blobs/object-store.ts';
import { type Clock, MINUTE, plus } from '../platform/clock.ts';
import type { DocumentContainer, DocumentStore, Stored } from '../platform/cosmos/document-store.ts';
import { faultFields, type Logger } from '../platform/logger.ts';
import type { RunCounts } from '../platform/pending-work.ts';
import type { RunResult } from '../platform/timer.ts';
import { blobRetention, type PurgedContainer } from './retention-rules.ts';

/** Another thing that ends and that `expiresAt` does not tell of: works off at most `limit` and tells how many it looked at and changed. */
export interface Sweep {
  readonly name: string;
  readonly run: (limit: number, now: Date) => Promise<{ readonly examined: number; readonly changed: number }>;
}

interface PurgePlatform {
  readonly database: DocumentStore;
  readonly objects: ObjectStore;
  readonly clock: Clock;
  readonly logger: Logger;
  /** The containers in the order in which they are worked off, each with its partition key. */
  readonly containers: readonly PurgedContainer[];
  readonly sweeps: readonly Sweep[];
}

/** One run works this long and leaves the rest to the next: well below the function's ten minutes, and the lease's. */
const BUDGET = 4 * MINUTE;
const PAGE = 400;
/** A transactional batch takes 100 steps. */
const BATCH = 100;
/** Partitions worked on at the same time. */
const AT_ONCE = 16;

interface Expired {
  readonly id: string;
  readonly partition: string;
}

/**
 * Removes what has passed its term and that the service's own expiry missed, in every container, and stored files whose term is over, whether or not
 * a document still tells of them (clause E1). What is renewed meanwhile stays: each removal is conditional. Bounded; goes on where it stopped.
 */
export function purgeExpired(platform: PurgePlatform) {
  const { database, objects, clock, logger, containers, sweeps } = platform;

  async function removeOneByOne(container: DocumentContainer, items: readonly Stored<Expired>[]): Promise<number> {
    let removed = 0;
    for (const { id, partition, _etag } of items) {
      const { outcome } = await container.remove(partition, id, _etag);
      if (outcome === 'written' || outcome === 'not-found') removed += 1;
    }
    return removed;
  }

  /** Removes documents of one partition: in batches, or one by one where one of a batch has changed or gone. */
  async function removeFrom(container: DocumentContainer, items: readonly Stored<Expired>[]): Promise<number> {
    const partition = items[0]?.partition ?? '';
    if (items.length === 1) return removeOneByOne(container, items);
    let removed = 0;
    for (let start = 0; start < items.length; start += BATCH) {
      const part = items.slice(start, start + BATCH);
      const { outcome } = await container.batch(
        partition,
        part.map(({ id, _etag }) => ({ remove: id, etag: _etag })),
      );
      removed += outcome === 'written' ? part.length : await removeOneByOne(container, part);
    }
    return removed;
  }

  /** Removes one page, several partitions at a time. A fault of one does not keep the others, and is thrown at the end. */
  async function removePage(container: DocumentContainer, expired: readonly Stored<Expired>[]): Promise<number> {
    const partitions = [...Map.groupBy(expired, ({ partition }) => partition).values()];
    const faults: unknown[] = [];
    let removed = 0;
    for (let start = 0; start < partitions.length; start += AT_ONCE) {
      const group = partitions.slice(start, start + AT_ONCE);
      for (const result of await Promise.allSettled(group.map((part) => removeFrom(container, part)))) {
        if (result.status === 'fulfilled') removed += result.value;
        else faults.push(result.reason);
      }
    }
    if (removed === 0 && faults.length > 0) throw faults[0];
    return removed;
  }

  async function purgeContainer({ id, partitionKey }: PurgedContainer, counts: RunCounts): Promise<boolean> {
    const { items } = await database[id].query<Record<string, string>>({
      text: `SELECT c.id, c.${partitionKey}, c._etag FROM c WHERE c.expiresAt <= @now`,
      parameters: { now: clock.now().toISOString() },
      limit: PAGE,
    });
    const expired = items.map(
      (item): Stored<Expired> => ({ id: item.id ?? '', partition: item[partitionKey] ?? '', _etag: item._etag }),
    );
    const removed = await removePage(database[id], expired);
    counts.examined += expired.length;
    counts.changed += removed;
    // Without progress the same page would come for ever; what was renewed meanwhile is not in the next one.
    return items.length < PAGE || removed === 0;
  }

  async function purgeBlobs(container: keyof typeof blobRetention, counts: RunCounts): Promise<boolean> {
    const before = plus(clock.now(), -blobRetention[container]);
    for await (const { name, storedAt } of objects.list(container)) {
      counts.examined += 1;
      if (storedAt <= before && (await objects.remove(container, name))) counts.changed += 1;
    }
    return true;
  }

  async function sweep({ run }: Sweep, counts: RunCounts): Promise<boolean> {
    const { examined, changed } = await run(PAGE, clock.now());
    counts.examined += examined;
    counts.changed += changed;
    return examined < PAGE || changed === 0;
  }

  const steps: readonly Step[] = [
    ...containers.map(
      (container): Step => ({ name: container.id, work: (counts) => purgeContainer(container, counts) }),
    ),
    ...sweeps.map((one): Step => ({ name: one.name, work: (counts) => sweep(one, counts) })),
    ...(Object.keys(blobRetention) as (keyof typeof blobRetention)[]).map(
      (container): Step => ({ name: `blobs:${container}`, work: (counts) => purgeBlobs(container, counts) }),
    ),
  ];

  /** Works at one place; `true` once nothing is left there, or it fails: then it has its next turn with the next run. */
  async function worked(step: Step, counts: RunCounts): Promise<boolean> {
    try {
      return await step.work(counts);
    } catch (error) {
      counts.failed += 1;
      logger.warn('purge-step-failed', { step: step.name, ...faultFields(error) });
      return true;
    }
  }

  return async (continuation: string | undefined): Promise<RunResult> => {
    const counts: RunCounts = { examined: 0, changed: 0, failed: 0 };
    const end = plus(clock.now(), BUDGET);
    const first = steps.findIndex(({ name }) => name === continuation);
    // Around the circle once, beginning behind the place where the last run stopped: one that never gets done does not keep the others waiting.
    const left = first < 0 ? [...steps] : [...steps.slice(first), ...steps.slice(0, first)];
    for (let step = left[0]; step; step = left[0]) {
      const isDone = await worked(step, counts);
      if (clock.now() >= end && (left.length > 1 || !isDone)) {
        return { ...counts, continuation: (left[1] ?? step).name };
      }
      if (isDone) left.shift();
    }
    return counts;
  };
}

interface Step {
  readonly name: string;
  /** Does one bounded piece; `true` once nothing is left to do. */
  readonly work: (counts: RunCounts) => Promise<boolean>;
}
