import type { BlobServiceClient, ContainerClient } from '@azure/storage-blob';
import { isMissing, unreachable } from '../platform/blobs/object-store.ts';
import type { Seal } from './seal-rules.ts';

/**
 * Where seals are kept: written once, never replaced (in Azure the container is immutable, WORM). They hold hashes and random ids only, and are
 * therefore readable without a key of ours: an auditor can check the chain with any SHA-256. Storage that does not answer throws `ServiceUnavailable`.
 */
export interface SealStore {
  /** The sealed days in their order. */
  days(): Promise<readonly string[]>;
  /** The seal of a day; `unreadable` when what lies there is no seal. */
  read(day: string): Promise<Seal | 'unreadable' | undefined>;
  /** Keeps a seal. `exists` when the day is sealed already: nothing is replaced. */
  write(seal: Seal): Promise<'written' | 'exists'>;
}

const nameOf = (day: string) => `${day}.json`;
const SEAL_NAME = /^(\d{4}-\d{2}-\d{2})\.json$/;
const statusOf = (error: unknown) => (error as { statusCode?: unknown } | null)?.statusCode;

/** One blob a day in `audit-seals`, created only where there is none (`If-None-Match: *`). */
export function blobSealStore(connect: () => Promise<BlobServiceClient>): SealStore {
  let container: Promise<ContainerClient> | undefined;
  const seals = () => {
    container ??= connect().then((service) => service.getContainerClient('audit-seals'));
    return container;
  };

  return {
    async days() {
      const found: string[] = [];
      try {
        for await (const { name } of (await seals()).listBlobsFlat()) {
          const day = SEAL_NAME.exec(name)?.[1];
          if (day) found.push(day);
        }
      } catch (error) {
        throw unreachable(error);
      }
      return found.toSorted();
    },

    async read(day) {
      let text: string;
      try {
        text = (await (await seals()).getBlockBlobClient(nameOf(day)).downloadToBuffer()).toString('utf8');
      } catch (error) {
        if (isMissing(error)) return undefined;
        throw unreachable(error);
      }
      try {
        const seal = JSON.parse(text) as Seal;
        return seal.header.day === day && Array.isArray(seal.leaves) ? seal : 'unreadable';
      } catch {
        return 'unreadable';
      }
    },

    async write(seal) {
      const body = Buffer.from(JSON.stringify(seal));
      try {
        await (await seals()).getBlockBlobClient(nameOf(seal.header.day)).uploadData(body, {
          conditions: { ifNoneMatch: '*' },
          blobHTTPHeaders: { blobContentType: 'application/json' },
        });
        return 'written';
      } catch (error) {
        if (statusOf(error) === 409 || statusOf(error) === 412) return 'exists';
        throw unreachable(error);
      }
    },
  };
}
