import type { ObjectStore } from '../../platform/blobs/object-store.ts';
import type { Clock } from '../../platform/clock.ts';
import type { DocumentStore } from '../../platform/cosmos/document-store.ts';
import type { PackageId } from '../../platform/ids.ts';
import { scatteredSource } from '../document-source.ts';
import type { DataSubject, PersonalDataSource } from '../source.ts';
import type { BuiltPackage, Packages, PackageTask } from '../tasks.ts';
import { staffAndHost } from '../words.ts';
import { archive } from './archive.ts';
import { type ContentsPlatform, writeContents } from './contents.ts';
import { builtPackage, type PackageRecord, packageOf, packageRecords } from './package-record.ts';

interface PackagesPlatform extends ContentsPlatform {
  readonly database: DocumentStore;
  readonly objects: ObjectStore;
  readonly clock: Clock;
  readonly complete: (subject: DataSubject) => Promise<DataSubject>;
}

const OBJECTS = 'exports';

/** Another builder has taken this package over, or the person was erased: what was built is thrown away. */
export class PackageTakenOver extends Error {
  override readonly name = 'PackageTakenOver';
}

/** Exports of the data of a person (art. 15 and 20): built as a stream, encrypted at rest, gone after 14 days. */
export function packages(platform: PackagesPlatform) {
  const { database, objects, clock, complete } = platform;
  const records = packageRecords(database.runtime);

  const services: Packages = {
    async build(task: PackageTask, now: Date): Promise<BuiltPackage> {
      const { packageId } = task;
      const begun = await records.begin(task, now);
      const ready = builtPackage(packageId, begun);
      if (ready) return ready;
      const whole: PackageTask = { ...task, subject: await complete(task.subject) };
      const stored = await objects.put(
        OBJECTS,
        begun.object,
        archive((add) => writeContents(add, whole, platform, now), now),
      );
      const finished = await records.finish(begun, stored, now);
      const built = finished && builtPackage(packageId, finished);
      if (built) return built;
      await objects.remove(OBJECTS, begun.object);
      const current = await records.read(packageId);
      const others = current && builtPackage(packageId, current);
      if (others) return others;
      throw new PackageTakenOver('the package is being built by another');
    },

    async open(packageId: PackageId) {
      const record = await records.read(packageId);
      if (record?.state !== 'ready' || record.expiresAt <= clock.now().toISOString()) return undefined;
      return objects.open(OBJECTS, record.object);
    },

    /** The object goes first: a death in between leaves a record that opens nothing. */
    async remove(packageId: PackageId) {
      const record = await records.read(packageId);
      if (!record) return;
      await objects.remove(OBJECTS, record.object);
      await records.remove(packageId);
    },
  };

  return {
    ...services,

    /**
     * Clears away objects whose record has gone: packages past their 14 days, and what a death left behind. Removes `limit` objects at the most; what
     * is left is found by the next call.
     */
    async purge(limit: number): Promise<{ readonly examined: number; readonly removed: number }> {
      let examined = 0;
      let removed = 0;
      for await (const { name } of objects.list(OBJECTS)) {
        if (removed >= limit) break;
        examined += 1;
        const packageId = packageOf(name);
        if (!packageId) continue; // not ours to judge: the term of its container ends it
        const record = await records.read(packageId);
        const now = clock.now().toISOString();
        if (record && record.object === name && record.expiresAt > now) continue;
        if (await objects.remove(OBJECTS, name)) removed += 1;
      }
      return { examined, removed };
    },

    source: packageSource(database, objects),
  };
}

/** The exports themselves are personal data, for as long as they can be fetched. */
function packageSource(database: DocumentStore, objects: ObjectStore): PersonalDataSource {
  const source = scatteredSource<PackageRecord>(database, {
    id: 'exports',
    title: { fr: 'Copies de vos données préparées pour vous', en: 'Copies of your data made for you' },
    category: 'requests',
    container: 'runtime',
    documentTypes: ['package'],
    origin: 'derived',
    purposes: ['D9'],
    recipients: staffAndHost,
    retention: { fr: '14 jours', en: '14 days' },
    show: ({ kind, requestId, state, readyAt, size, expiresAt }) => ({
      kind,
      requestId,
      state,
      ...(readyAt === undefined ? {} : { readyAt, size }),
      expiresAt,
    }),
    beforeRemoval: async ({ object }) => {
      await objects.remove(OBJECTS, object);
    },
  });
  return { ...source, store: { container: 'runtime', documentTypes: ['package'], blobContainer: OBJECTS } };
}
