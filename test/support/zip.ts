import { buffer } from 'node:stream/consumers';
import { fromBuffer } from 'yauzl';

/** The files of a zip by their names. */
export async function unzipped(zip: Uint8Array): Promise<ReadonlyMap<string, Buffer>> {
  const files = new Map<string, Buffer>();
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  fromBuffer(Buffer.from(zip), { lazyEntries: true }, (fault, archive) => {
    if (!archive) return reject(fault);
    archive.on('error', reject).on('end', () => resolve());
    archive.on('entry', (entry) => {
      archive.openReadStream(entry, (broken, stream) => {
        if (!stream) return reject(broken);
        buffer(stream).then((content) => {
          files.set(entry.fileName, content);
          archive.readEntry();
        }, reject);
      });
    });
    archive.readEntry();
  });
  await promise;
  return files;
}

/** Everything that a stream gives. */
export async function collected(stream: AsyncIterable<Uint8Array> | undefined): Promise<Buffer> {
  if (!stream) throw new Error('there is nothing to read');
  const chunks: Uint8Array[] = [];
  for await (const chunk of stream) chunks.push(chunk);
  return Buffer.concat(chunks);
}
