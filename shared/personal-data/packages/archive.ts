import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';

/** A file of an archive as it was written: size in bytes, SHA-256 in hexadecimal. */
export interface ArchivedFile {
  readonly path: string;
  readonly size: number;
  readonly sha256: string;
}

/** Adds a file; resolves once all of its content has been taken. */
export type AddFile = (path: string, content: AsyncIterable<string> | Iterable<string>) => Promise<ArchivedFile>;

/** Characters gathered before they are handed on: a chunk for each of 200 000 records would cost more than the records. */
const CHUNK = 32 * 1024;

/**
 * A zip, written while it is read: its content is made as fast as it is taken and never held as a whole. `fill` adds the files one after the other; a
 * fault of it, or of a file's content, is thrown to whoever reads.
 */
export async function* archive(fill: (add: AddFile) => Promise<void>, mtime: Date): AsyncGenerator<Uint8Array> {
  const { ZipFile } = await import('yazl');
  const zip = new ZipFile();
  const output = zip.outputStream as Readable;
  zip.on('error', (error: Error) => output.destroy(error));
  /** Rejects when whoever reads has gone: nothing will take any content any more. */
  const gone = new Promise<never>((_, reject) => {
    output.once('close', () => reject(new Error('the archive is not read any more')));
  });
  gone.catch(() => undefined);

  const add: AddFile = async (path, content) => {
    const hash = createHash('sha256');
    let size = 0;
    async function* bytes() {
      for await (const text of gathered(content)) {
        const chunk = Buffer.from(text, 'utf8');
        hash.update(chunk);
        size += chunk.length;
        yield chunk;
      }
    }
    const stream = Readable.from(bytes(), { objectMode: false });
    const taken = new Promise<void>((resolve, reject) => {
      stream.once('end', resolve).once('error', reject);
      zip.addReadStreamLazy(path, { mtime }, (give) => give(null, stream));
    });
    await Promise.race([taken, gone]);
    return { path, size, sha256: hash.digest('hex') };
  };

  const filling = fill(add).then(
    () => zip.end(),
    (error: Error) => {
      output.destroy(error);
    },
  );
  try {
    for await (const chunk of output) yield chunk as Uint8Array;
  } finally {
    output.destroy();
    await filling;
  }
}

async function* gathered(content: AsyncIterable<string> | Iterable<string>): AsyncGenerator<string> {
  let held: string[] = [];
  let length = 0;
  for await (const text of content) {
    held.push(text);
    length += text.length;
    if (length < CHUNK) continue;
    yield held.join('');
    held = [];
    length = 0;
  }
  if (length > 0) yield held.join('');
}
