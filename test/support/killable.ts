import type { Platform } from '../../functions/platform.ts';
import type { SealStore } from '../../shared/audit/index.ts';
import type { ObjectStore } from '../../shared/platform/blobs/object-store.ts';
import { containerIds } from '../../shared/platform/cosmos/containers.ts';
import type { DocumentContainer, DocumentStore } from '../../shared/platform/cosmos/document-store.ts';

/** Whether a process is killed at every single write (`EVERY_WRITE=1 npx vitest run test/faults`, some ten minutes); else at every third. */
export const EVERY_WRITE = process.env.EVERY_WRITE !== undefined;

/** The write to be killed at after the `nth`. */
export const laterWrite = (nth: number) => nth + (EVERY_WRITE || nth === 0 ? 1 : 3);

/** What a store call of a dead process ends with. */
export class Killed extends Error {
  override readonly name = 'Killed';
}

/**
 * A process that dies instead of its `nth` write: everything up to it has happened, mails included, and nothing after it. From then on every store
 * call fails, so that no handler of a fault can tidy up.
 */
export function killedAtWrite(nth: number) {
  let writes = 0;
  let dead = false;

  const alive = <T>(call: () => Promise<T>): Promise<T> => (dead ? Promise.reject(new Killed()) : call());
  const write = <T>(call: () => Promise<T>): Promise<T> =>
    alive(() => {
      writes += 1;
      if (writes < nth) return call();
      dead = true;
      return Promise.reject(new Killed());
    });

  const container = (real: DocumentContainer): DocumentContainer => ({
    read: (...given) => alive(() => real.read(...given)),
    query: (...given) => alive(() => real.query(...given)),
    batch: (...given) => write(() => real.batch(...given)),
    create: (...given) => write(() => real.create(...given)),
    replace: (...given) => write(() => real.replace(...given)),
    upsert: (...given) => write(() => real.upsert(...given)),
    remove: (...given) => write(() => real.remove(...given)),
  });
  const objects = (real: ObjectStore): ObjectStore => ({
    put: (...given) => write(() => real.put(...given)),
    open: (...given) => alive(() => real.open(...given)),
    scanResult: (...given) => alive(() => real.scanResult(...given)),
    remove: (...given) => write(() => real.remove(...given)),
    list: (...given) => real.list(...given),
  });

  const seals = (real: SealStore): SealStore => ({
    days: () => alive(() => real.days()),
    read: (day) => alive(() => real.read(day)),
    write: (seal) => write(() => real.write(seal)),
  });

  return {
    /** Whether it has come to that write. */
    hasDied: () => dead,
    writes: () => writes,
    change: (platform: Platform): Platform => {
      const { database } = platform;
      const wrapped = Object.fromEntries(containerIds.map((id) => [id, container(database[id])]));
      return {
        ...platform,
        database: { ...wrapped, ping: database.ping } as DocumentStore,
        objects: objects(platform.objects),
        seals: seals(platform.seals),
      };
    },
  };
}

/** Runs what may be killed; any other fault is thrown on. */
export async function untilKilled(run: () => Promise<unknown>): Promise<void> {
  try {
    await run();
  } catch (error) {
    const faults = error instanceof AggregateError ? error.errors : [error];
    if (!faults.every((fault) => fault instanceof Killed)) throw error;
  }
}
