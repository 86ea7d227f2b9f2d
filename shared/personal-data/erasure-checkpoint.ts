import { DAY, plus } from '../platform/clock.ts';
import type { Document, DocumentContainer, Stored } from '../platform/cosmos/document-store.ts';
import type { DataSubject } from './source.ts';
import type { ErasureTask, KeptData } from './tasks.ts';

/** The partition of the checkpoints in `governance`. */
const KIND = 'erasure-checkpoint';
/** How long it is remembered that an erasure is done, so that whoever asks again is told so. */
const REMEMBERED = 30 * DAY;

/**
 * How far an erasure has come. While it is under way it holds the pseudonymous ids by which the person is found, and nothing else about them;
 * afterwards not even those.
 */
export interface ErasureCheckpoint extends Document {
  readonly type: 'erasure-checkpoint';
  readonly reason: ErasureTask['reason'];
  readonly startedAt: string;
  readonly person?: DataSubject;
  /** Ids of the sources that have erased all they held. */
  readonly confirmed: readonly string[];
  readonly erasedAt?: string;
  readonly kept?: readonly KeptData[];
}

/** The checkpoints of all erasures. */
export function erasureCheckpoints(governance: DocumentContainer) {
  const read = (erasureId: string) => governance.read<ErasureCheckpoint>(KIND, erasureId);
  return {
    /** The checkpoint of an erasure, begun now when there is none. `person` is asked for only then. */
    async begin(task: ErasureTask, person: () => Promise<DataSubject>, now: Date): Promise<Stored<ErasureCheckpoint>> {
      for (;;) {
        const found = await read(task.erasureId);
        if (found) return found;
        const begun: ErasureCheckpoint = {
          id: task.erasureId,
          type: 'erasure-checkpoint',
          reason: task.reason,
          startedAt: now.toISOString(),
          person: await person(),
          confirmed: [],
        };
        await governance.create(KIND, begun);
      }
    },

    /** Saves what is confirmed; `false` when another run saved first. */
    async save({ _etag, ...checkpoint }: Stored<ErasureCheckpoint>, confirmed: readonly string[]): Promise<boolean> {
      const saved: ErasureCheckpoint = { ...checkpoint, confirmed };
      return (await governance.replace(KIND, saved, _etag)).outcome === 'written';
    },

    /** Ends an erasure: the person's ids go. Ending one that another run has ended changes nothing. */
    async end(erasureId: string, kept: readonly KeptData[], now: Date): Promise<ErasureCheckpoint> {
      for (;;) {
        const found = await read(erasureId);
        if (!found) throw new Error('the erasure has no checkpoint');
        const { _etag, person: _person, ...rest } = found;
        if (rest.erasedAt) return rest;
        const ended: ErasureCheckpoint = {
          ...rest,
          erasedAt: now.toISOString(),
          kept,
          expiresAt: plus(now, REMEMBERED).toISOString(),
        };
        if ((await governance.replace(KIND, ended, _etag)).outcome === 'written') return ended;
      }
    },
  };
}
