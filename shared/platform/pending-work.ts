import { alertEvents } from './alert-events.ts';
import type { Clock } from './clock.ts';
import { HOUR, MINUTE, plus, SECOND } from './clock.ts';
import type { Document, DocumentContainer, Stored } from './cosmos/document-store.ts';
import { faultFields, type Logger } from './logger.ts';

/**
 * Work that a state change implies, written in the same batch as the change ("commit once, then act"). It is found by `pendingAt`, claimed
 * by a conditional write that moves `pendingAt` into the future, and carried out at least once; a worker that dies leaves the
 * claim to run out.
 */
export interface PendingWork extends Document {
  /** The next try is not before this instant; absent once the work is done or has stalled. */
  readonly pendingAt?: string;
  readonly attempts: number;
  /** Since when the work has been given up, for an operator to see. */
  readonly stalledAt?: string;
}

/** Where a piece of work lies. */
export interface WorkPlace {
  readonly container: DocumentContainer;
  readonly partition: string;
}

/** Carries out one piece of claimed work and records that it is done, conditionally on the claim's entity tag. */
export type WorkHandler = (work: Stored<PendingWork>, place: WorkPlace, now: Date) => Promise<void>;

/** The handlers by document type. Each type is looked for in every queue. */
export type WorkHandlers = Readonly<Record<string, WorkHandler>>;

export interface WorkQueue {
  readonly container: DocumentContainer;
  /** The property that is the partition key of this container's documents. */
  readonly partitionKey: string;
}

export interface RunCounts {
  examined: number;
  changed: number;
  failed: number;
}

/** What waits of one type, for an operator. */
export interface Backlog {
  readonly type: string;
  /** Pieces whose time has come. */
  readonly due: number;
  /** Since when the oldest of them waits. */
  readonly dueSince?: string;
  /** Pieces that were given up after the last attempt. */
  readonly stalled: readonly {
    readonly id: string;
    readonly partition: string;
    readonly attempts: number;
    readonly stalledAt: string;
  }[];
}

interface DueWork {
  readonly queue: WorkQueue;
  readonly work: Stored<PendingWork>;
}

const partitionOf = ({ partitionKey }: WorkQueue, work: PendingWork) =>
  String((work as unknown as Record<string, unknown>)[partitionKey]);

/** No run begins another piece after this, in milliseconds; the host would end it after ten minutes. */
const RUN_FOR = 4 * MINUTE;
/** Pieces of one queue that are looked up at once. */
const PAGE = 100;
/** Documents of one container that a backlog counts at the most. */
const SURVEYED = 1_000;
const MAX_ATTEMPTS = 12;
const CLAIM = 2 * MINUTE;

/** The pause after a failed attempt: half a minute, doubled each time, at most six hours. */
export function retryDelay(attempts: number): number {
  return Math.min(6 * HOUR, 30 * SECOND * 2 ** (attempts - 1));
}

export function pendingWork(
  queues: readonly WorkQueue[],
  handlers: WorkHandlers,
  platform: { readonly clock: Clock; readonly logger: Logger },
) {
  const { clock, logger } = platform;
  /** What was nudged in this process and has not ended yet. */
  const underWay = new Set<Promise<void>>();

  async function carryOut(queue: WorkQueue, work: Stored<PendingWork>): Promise<'done' | 'failed' | 'taken'> {
    const now = clock.now();
    const partition = partitionOf(queue, work);
    const handler = handlers[work.type];
    // Not due: done, given up, or claimed by somebody who is at it, when a nudge comes late.
    if (!handler || work.pendingAt === undefined || work.pendingAt > now.toISOString()) return 'taken';
    const { _etag, ...body } = work;
    const attempts = work.attempts + 1;
    const claim = { ...body, attempts, pendingAt: plus(now, CLAIM).toISOString() };
    const claimed = await queue.container.replace(partition, claim, _etag);
    if (claimed.outcome !== 'written') return 'taken';
    try {
      await handler({ ...claim, _etag: claimed.etag }, { container: queue.container, partition }, now);
      return 'done';
    } catch (error) {
      const { pendingAt: _, ...rest } = claim;
      const next =
        attempts >= MAX_ATTEMPTS
          ? { ...rest, stalledAt: now.toISOString() }
          : { ...rest, pendingAt: plus(now, retryDelay(attempts)).toISOString() };
      await queue.container.replace(partition, next, claimed.etag);
      const fields = { work: work.type, id: work.id, attempts, ...faultFields(error) };
      if ('stalledAt' in next) logger.error(alertEvents.workGivenUp, fields);
      else logger.warn('pending-work-failed', fields);
      return 'failed';
    }
  }

  /** What is due of these types, each piece once: a page of every queue in turn, so that a long one does not keep the others waiting. */
  async function* dueWork(types: readonly string[]): AsyncGenerator<DueWork, undefined> {
    const names = types.map((_, index) => `@type${index}`).join(', ');
    const parameters = Object.fromEntries(types.map((type, index) => [`type${index}`, type]));
    const seen = new Set<string>();
    for (let open = queues; open.length > 0; ) {
      const goOn: WorkQueue[] = [];
      for (const queue of open) {
        const { items } = await queue.container.query<PendingWork>({
          text: `SELECT * FROM c WHERE c.pendingAt <= @now AND c.type IN (${names})`,
          parameters: { now: clock.now().toISOString(), ...parameters },
          limit: PAGE,
        });
        // What is claimed at this very moment comes again.
        const fresh = items.filter((work) => !seen.has(`${partitionOf(queue, work)}|${work.id}`));
        for (const work of fresh) {
          seen.add(`${partitionOf(queue, work)}|${work.id}`);
          yield { queue, work };
        }
        if (items.length >= PAGE && fresh.length > 0) goOn.push(queue);
      }
      open = goOn;
    }
    return undefined;
  }

  /** The first documents of all queues that fit, a bounded number of each. */
  async function survey(condition: string, parameters: Readonly<Record<string, string>>) {
    const found = await Promise.all(
      queues.map(async ({ container, partitionKey }) => {
        const { items } = await container.query<PendingWork>({
          text: `SELECT c.id, c.type, c.attempts, c.pendingAt, c.stalledAt, c.${partitionKey} FROM c WHERE ${condition}`,
          parameters,
          limit: SURVEYED,
        });
        return items
          .slice(0, SURVEYED)
          .map((work) => ({ work, partition: partitionOf({ container, partitionKey }, work) }));
      }),
    );
    return found.flat();
  }

  return {
    /** What waits and what has been given up, by type; counted up to a thousand in each container. */
    async backlog(): Promise<readonly Backlog[]> {
      const [due, stalled] = await Promise.all([
        survey('c.pendingAt <= @now', { now: clock.now().toISOString() }),
        survey('IS_DEFINED(c.stalledAt)', {}),
      ]);
      const types = [...new Set([...Object.keys(handlers), ...[...due, ...stalled].map(({ work }) => work.type)])];
      return types.toSorted().map((type) => {
        const waiting = due.filter(({ work }) => work.type === type).map(({ work }) => work.pendingAt ?? '');
        const dead = stalled.filter(({ work }) => work.type === type);
        const oldest = waiting.toSorted()[0];
        return {
          type,
          due: waiting.length,
          ...(oldest ? { dueSince: oldest } : {}),
          stalled: dead.map(({ work, partition }) => ({
            id: work.id,
            partition,
            attempts: work.attempts,
            stalledAt: work.stalledAt ?? '',
          })),
        };
      });
    },

    /** Gives work that was given up another chance, with a fresh count of attempts. `false` when there is none such. */
    async retry(partition: string, id: string): Promise<boolean> {
      for (const { container } of queues) {
        const work = await container.read<PendingWork>(partition, id);
        if (!work?.stalledAt) continue;
        const { _etag, stalledAt: _stalledAt, ...rest } = work;
        const again = { ...rest, attempts: 0, pendingAt: clock.now().toISOString() };
        return (await container.replace(partition, again, _etag)).outcome === 'written';
      }
      return false;
    },

    /**
     * Carries out what is due and of one of these types, `limit` pieces at the most and `atOnce` at the same time, in no order; what is left when the time
     * of a run is over is found by the next. A piece that fails or takes long keeps only its own place. Work that was nudged is claimed already: the run
     * waits for it, so that what was due before a run is done after it.
     */
    async run(limit: number, types: readonly string[], atOnce = 1): Promise<RunCounts> {
      await Promise.all(underWay);
      const counts: RunCounts = { examined: 0, changed: 0, failed: 0 };
      const endsAt = performance.now() + RUN_FOR;
      const due = dueWork(types);
      let left = limit;
      async function worker(): Promise<void> {
        while (left > 0 && performance.now() < endsAt) {
          left -= 1;
          const next = await due.next();
          if (next.done) return;
          counts.examined += 1;
          const result = await carryOut(next.value.queue, next.value.work);
          if (result === 'done') counts.changed += 1;
          if (result === 'failed') counts.failed += 1;
        }
      }
      // A store that does not answer ends a worker; the run ends when all have, and then tells of it.
      const workers = await Promise.allSettled(Array.from({ length: atOnce }, worker));
      const fault = workers.find((ended) => ended.status === 'rejected');
      if (fault) throw fault.reason;
      return counts;
    },

    /**
     * Starts one piece of work at once instead of at the next timer run, without making anybody wait for it. It may be lost with
     * the process: the timer is what guarantees the work.
     */
    nudge(container: DocumentContainer, partition: string, id: string): void {
      const queue = queues.find((candidate) => candidate.container === container);
      if (!queue) return;
      const start = async () => {
        const work = await container.read<PendingWork>(partition, id);
        if (work) await carryOut(queue, work);
      };
      const started = new Promise((resume) => setImmediate(resume))
        .then(start)
        .catch((error: unknown) => logger.warn('nudge-failed', faultFields(error)))
        .finally(() => underWay.delete(started));
      underWay.add(started);
    },
  };
}

export type PendingWorkRunner = ReturnType<typeof pendingWork>;
