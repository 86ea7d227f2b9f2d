import { type Notification, released } from '../notifications/index.ts';
import type { Erasure, ErasureTask } from '../personal-data/index.ts';
import type { DocumentContainer, Stored } from '../platform/cosmos/document-store.ts';
import type { NotificationId } from '../platform/ids.ts';
import type { PendingWork, WorkHandler } from '../platform/pending-work.ts';

/** The partition of the erasures that are to be carried out, in `governance`. */
export const ERASURE_KIND = 'erasure';
/** Advances in one run: with the bound of each, well below a function's time limit. */
const ROUNDS = 20;

/** An erasure that somebody commissioned: it lies outside of the partition that it empties. */
export interface ErasureWork extends PendingWork {
  readonly type: 'erasure';
  readonly task: ErasureTask;
  /** The mail that is held back in `runtime` until all is done. */
  readonly farewellId?: NotificationId;
}

interface ErasureWorkPlatform {
  readonly governance: DocumentContainer;
  readonly runtime: DocumentContainer;
  readonly erasure: Erasure;
  readonly nudge: (container: DocumentContainer, partition: string, id: string) => void;
}

/** Carries commissioned erasures out; attempts, delays and the stalled state are those of all pending work. */
export function erasureWork({ governance, runtime, erasure, nudge }: ErasureWorkPlatform) {
  /** Lets the person's last mail go. Nothing when it was sent already. */
  async function release(id: NotificationId, now: Date): Promise<void> {
    const found = await runtime.read<Notification>(id, id);
    if (!found) return;
    const { _etag, ...mail } = found;
    const due = released(mail, now);
    if (due !== mail) await runtime.replace(id, due, _etag);
    nudge(runtime, id, id);
  }

  const carryOut: WorkHandler = async (work, { container, partition }, now) => {
    const { _etag, ...erasing } = work as Stored<ErasureWork>;
    for (let round = 0; round < ROUNDS; round += 1) {
      const progress = await erasure.advance(erasing.task, now);
      if (progress.outcome !== 'erased') continue;
      if (erasing.farewellId) await release(erasing.farewellId, now);
      await container.remove(partition, erasing.id, _etag);
      return;
    }
    const next: ErasureWork = { ...erasing, attempts: 0, pendingAt: now.toISOString() };
    await container.replace(partition, next, _etag);
  };

  return {
    /** Commits an erasure to be carried out. The same id is the same erasure: committing it again changes nothing. */
    async commission(task: ErasureTask, now: Date, farewellId?: NotificationId): Promise<void> {
      const work: ErasureWork = {
        id: task.erasureId,
        type: 'erasure',
        task,
        ...(farewellId ? { farewellId } : {}),
        pendingAt: now.toISOString(),
        attempts: 0,
      };
      await governance.create(ERASURE_KIND, work);
    },
    work: { erasure: carryOut },
  };
}

export type ErasureCommission = ReturnType<typeof erasureWork>['commission'];
