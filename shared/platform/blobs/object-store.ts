import { createHash, randomBytes } from 'node:crypto';
import { Readable } from 'node:stream';
import type { BlobServiceClient } from '@azure/storage-blob';
import type { Clock } from '../clock.ts';
import type { KeyWrapper } from '../keys/key-wrapper.ts';
import { ServiceUnavailable } from '../unavailable.ts';
import type { blobContainers } from './containers.ts';
import { decrypted, encrypted } from './object-encryption.ts';

export type BlobContainer = (typeof blobContainers)[number];

/** An object as it was stored: size in bytes and SHA-256 in hexadecimal, both of the plain content. */
export interface StoredObject {
  readonly size: number;
  readonly sha256: string;
}

/**
 * Encrypted objects: a fresh AES-256-GCM key for each, wrapped by the key service and kept with it. Names are random ids and never
 * hold personal data. A missing object is a value; storage that does not answer throws
 * {@link ServiceUnavailable}.
 */
export interface ObjectStore {
  /** Stores a stream in constant memory; an object of that name is replaced as a whole or not at all. */
  put(container: BlobContainer, name: string, content: AsyncIterable<Uint8Array>): Promise<StoredObject>;
  /** The content; the stream throws when it was altered or its key does not open (it fails closed), or when the storage ceases to answer. */
  open(container: BlobContainer, name: string): Promise<AsyncIterable<Uint8Array> | undefined>;
  /** What a scan of the storage account has found of an object; `unknown` as long as none has ended. */
  scanResult(container: BlobContainer, name: string): Promise<'clean' | 'malicious' | 'unknown'>;
  /** `false` when there was none. */
  remove(container: BlobContainer, name: string): Promise<boolean>;
  /** Every object whose name begins with `prefix`, page by page. */
  list(container: BlobContainer, prefix?: string): AsyncIterable<{ readonly name: string; readonly storedAt: Date }>;
}

const BLOCK_BYTES = 4 * 1024 * 1024;
const BLOCKS_AT_ONCE = 2;
const KEY_BYTES = 32;
/** Where Defender for Storage leaves what it has found. */
const SCAN_TAG = 'Malware Scanning scan result';
const scanResults: ReadonlyMap<string, 'clean' | 'malicious'> = new Map([
  ['No threats found', 'clean'],
  ['Malicious', 'malicious'],
]);
/** Storage that cannot be reached, or refuses for load after the client's own retries, as what the caller is told of it. */
export function unreachable(error: unknown): unknown {
  const { name, statusCode } = (error ?? {}) as { name?: unknown; statusCode?: unknown };
  const isRefused = typeof statusCode !== 'number' || statusCode >= 500 || statusCode === 429 || statusCode === 408;
  return name === 'RestError' && isRefused
    ? new ServiceUnavailable('the object storage did not answer', { cause: error })
    : error;
}

/** What comes of a download; the client has asked again for what was missing each time that the connection broke. */
async function* arriving(body: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  try {
    yield* body;
  } catch (error) {
    throw unreachable(error);
  }
}

export const isMissing = (error: unknown) => (error as { statusCode?: unknown } | null)?.statusCode === 404;

export function objectStore(connect: () => Promise<BlobServiceClient>, keys: KeyWrapper, clock: Clock): ObjectStore {
  let service: Promise<BlobServiceClient> | undefined;
  const blob = async (container: BlobContainer, name: string) => {
    service ??= connect();
    return (await service).getContainerClient(container).getBlockBlobClient(name);
  };

  return {
    async put(container, name, content) {
      const key = randomBytes(KEY_BYTES);
      const wrapped = await keys.wrap(key);
      const hash = createHash('sha256');
      let size = 0;
      async function* counted() {
        for await (const chunk of content) {
          hash.update(chunk);
          size += chunk.length;
          yield chunk;
        }
      }
      const target = await blob(container, name);
      const body = Readable.from(encrypted(key, `${container}/${name}`, counted()), { objectMode: false });
      try {
        await target.uploadStream(body, BLOCK_BYTES, BLOCKS_AT_ONCE, {
          // The product's time, from which its terms are counted, not that of the storage service.
          metadata: { wrappedkey: wrapped, storedat: clock.now().toISOString() },
          blobHTTPHeaders: { blobContentType: 'application/octet-stream', blobContentDisposition: 'attachment' },
        });
      } catch (error) {
        throw unreachable(error);
      }
      return { size, sha256: hash.digest('hex') };
    },

    async open(container, name) {
      try {
        const { readableStreamBody, metadata } = await (await blob(container, name)).download();
        if (!readableStreamBody || !metadata?.wrappedkey) throw new Error('the object has no key');
        const key = await keys.unwrap(metadata.wrappedkey);
        return decrypted(key, `${container}/${name}`, arriving(readableStreamBody as AsyncIterable<Uint8Array>));
      } catch (error) {
        if (isMissing(error)) return undefined;
        throw unreachable(error);
      }
    },

    async scanResult(container, name) {
      try {
        const { tags } = await (await blob(container, name)).getTags();
        return scanResults.get(tags[SCAN_TAG] ?? '') ?? 'unknown';
      } catch (error) {
        if (isMissing(error)) return 'unknown';
        throw unreachable(error);
      }
    },

    async remove(container, name) {
      try {
        const { succeeded } = await (await blob(container, name)).deleteIfExists({ deleteSnapshots: 'include' });
        return succeeded;
      } catch (error) {
        throw unreachable(error);
      }
    },

    async *list(container, prefix = '') {
      service ??= connect();
      const client = (await service).getContainerClient(container);
      for await (const { name, metadata, properties } of client.listBlobsFlat({ prefix, includeMetadata: true })) {
        const storedAt = metadata?.storedat ? new Date(metadata.storedat) : undefined;
        yield { name, storedAt: storedAt ?? properties.createdOn ?? properties.lastModified };
      }
    },
  };
}
