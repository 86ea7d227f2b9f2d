import { DAY, plus } from '../../platform/clock.ts';
import type { Document, DocumentContainer, Stored } from '../../platform/cosmos/document-store.ts';
import { isId, newId, type PackageId } from '../../platform/ids.ts';
import type { BuiltPackage, PackageTask } from '../tasks.ts';

/** A built package can be fetched this long (retention defaults). */
const PACKAGE_KEPT = 14 * DAY;
/** A package that is not finished by then is begun anew by whoever still wants it. */
const BUILDING_KEPT = DAY;

/** An export: whose, and which object holds it. When the record has gone the object is nobody's and is cleared away. */
export interface PackageRecord extends Document {
  readonly type: 'package';
  readonly kind: PackageTask['kind'];
  readonly requestId: PackageTask['requestId'];
  /** Account id, or the pseudonym of the e-mail. */
  readonly subject?: string;
  readonly state: 'building' | 'ready';
  /** The object that this build writes, or wrote: another try writes another one. */
  readonly object: string;
  readonly readyAt?: string;
  readonly size?: number;
  readonly sha256?: string;
  readonly expiresAt: string;
}

const idOf = (packageId: PackageId) => `package:${packageId}`;

/** The package that an object belongs to; nothing for a name that is not of ours. */
export function packageOf(object: string): PackageId | undefined {
  const [packageId = '', build] = object.split('.');
  return build !== undefined && isId('pkg', packageId) ? packageId : undefined;
}

/** The package of a record; nothing while it is being built. */
export function builtPackage(packageId: PackageId, record: PackageRecord): BuiltPackage | undefined {
  const { readyAt, size, sha256, expiresAt } = record;
  if (record.state !== 'ready' || readyAt === undefined || size === undefined || sha256 === undefined) return undefined;
  return { packageId, readyAt, expiresAt, size, sha256 };
}

/** The records of all packages. */
export function packageRecords(runtime: DocumentContainer) {
  const read = (packageId: PackageId) => runtime.read<PackageRecord>(idOf(packageId), idOf(packageId));
  return {
    read,

    /**
     * Takes the building of a package over from nobody, or from a builder that is taken to be dead: should it live, its end finds another record and
     * it throws its object away. A package that is ready is answered as it is.
     */
    async begin(task: PackageTask, now: Date): Promise<Stored<PackageRecord>> {
      const { packageId, kind, requestId, subject } = task;
      const key = subject.accountId ?? subject.emailKey;
      for (;;) {
        const found = await read(packageId);
        if (found?.state === 'ready') return found;
        const begun: PackageRecord = {
          id: idOf(packageId),
          type: 'package',
          kind,
          requestId,
          ...(key === undefined ? {} : { subject: key }),
          state: 'building',
          object: `${packageId}.${newId('pkg').slice('pkg_'.length)}`,
          expiresAt: plus(now, BUILDING_KEPT).toISOString(),
        };
        const written = found
          ? await runtime.replace(begun.id, begun, found._etag)
          : await runtime.create(begun.id, begun);
        if (written.outcome === 'written') return { ...begun, _etag: written.etag };
      }
    },

    /** Marks the package as ready; nothing when the record is another's by now, or gone with the person. */
    async finish(
      { _etag, ...record }: Stored<PackageRecord>,
      stored: { readonly size: number; readonly sha256: string },
      now: Date,
    ): Promise<PackageRecord | undefined> {
      const ready: PackageRecord = {
        ...record,
        ...stored,
        state: 'ready',
        readyAt: now.toISOString(),
        expiresAt: plus(now, PACKAGE_KEPT).toISOString(),
      };
      return (await runtime.replace(record.id, ready, _etag)).outcome === 'written' ? ready : undefined;
    },

    async remove(packageId: PackageId): Promise<void> {
      await runtime.remove(idOf(packageId), idOf(packageId));
    },
  };
}
