import { plus } from '../platform/clock.ts';
import type { DocumentContainer, Stored } from '../platform/cosmos/document-store.ts';
import type { PendingWork, WorkHandler } from '../platform/pending-work.ts';
import { type ErasureLedger, LEDGER_KEPT } from './erasure-ledger.ts';
import type { Inventory } from './source.ts';
import type { ErasureTask } from './tasks.ts';

/** The partition of the replays in `governance`. */
const KIND = 'erasure-replay';
/** People looked at before the position is saved. */
const HOLDERS_AT_ONCE = 5_000;

/** One replay of the ledger: which part of it, how far it has come, what it found. */
export interface ErasureReplay extends PendingWork {
  readonly type: 'erasure-replay';
  /** Entries from this instant on are replayed. */
  readonly since: string;
  readonly startedAt: string;
  /** Where it goes on: the source, and the last person seen there. */
  readonly position?: { readonly source: string; readonly after?: string };
  readonly examined: number;
  /** People whom the ledger knows as erased and who are there again: their erasure has been begun. */
  readonly found: number;
  readonly finishedAt?: string;
  readonly expiresAt: string;
}

interface ReplayPlatform {
  readonly governance: DocumentContainer;
  readonly inventory: () => Inventory;
  readonly ledger: ErasureLedger;
  /** Commits an erasure to be carried out; committing it again changes nothing. */
  readonly commission: (task: ErasureTask, now: Date) => Promise<void>;
}

/**
 * Replays the erasure ledger after a restore: everyone of whom anything is held is looked up in it by keyed hash, and who was erased is erased
 * again. Bounded, and it goes on where it was after a death.
 */
export function erasureReplays({ governance, inventory, ledger, commission }: ReplayPlatform) {
  const carryOut: WorkHandler = async (work, { partition }, now) => {
    const { _etag, ...replay } = work as Stored<ErasureReplay>;
    const erased = await ledger.idsSince(replay.since);
    const counts = { examined: replay.examined, found: replay.found };
    const sources = inventory().filter(({ holders }) => holders);
    const seen = new Set<string>();
    const from = Math.max(
      0,
      sources.findIndex(({ id }) => id === replay.position?.source),
    );
    let looked = 0;
    for (const [index, source] of sources.entries()) {
      if (index < from) continue;
      const after = index === from ? replay.position?.after : undefined;
      for await (const { subject, position } of source.holders?.(after) ?? []) {
        const id = ledger.entryId(subject);
        counts.examined += 1;
        if (id !== undefined && erased.has(id) && !seen.has(id)) {
          seen.add(id);
          await commission({ erasureId: `${replay.id}.${id}`, subject, reason: 'request' }, now);
          counts.found += 1;
        }
        looked += 1;
        if (looked < HOLDERS_AT_ONCE) continue;
        const saved: ErasureReplay = {
          ...replay,
          ...counts,
          attempts: 0,
          pendingAt: now.toISOString(),
          position: { source: source.id, after: position },
        };
        await governance.replace(partition, saved, _etag);
        return;
      }
    }
    const { pendingAt: _pendingAt, position: _position, ...rest } = replay;
    const finished: ErasureReplay = { ...rest, ...counts, finishedAt: now.toISOString() };
    await governance.replace(partition, finished, _etag);
  };

  return {
    /** Commits a replay of the entries from `since` on. The same id is the same replay. */
    async begin(id: string, since: Date, now: Date): Promise<ErasureReplay> {
      const replay: ErasureReplay = {
        id,
        type: 'erasure-replay',
        since: since.toISOString(),
        startedAt: now.toISOString(),
        examined: 0,
        found: 0,
        pendingAt: now.toISOString(),
        attempts: 0,
        expiresAt: plus(now, LEDGER_KEPT).toISOString(),
      };
      await governance.create(KIND, replay);
      return replay;
    },

    read: (id: string) => governance.read<ErasureReplay>(KIND, id),

    /** The partition in which its work waits. */
    partition: KIND,
    work: { 'erasure-replay': carryOut },
  };
}

export type ErasureReplays = ReturnType<typeof erasureReplays>;
