import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decrypted, encrypted } from '../../../shared/platform/blobs/object-encryption.ts';

const FRAME = 64 * 1024;
const SEALED_FRAME = FRAME + 12 + 16;
const key = randomBytes(32);

async function* inChunks(bytes: Buffer, size: number) {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}
async function whole(stream: AsyncIterable<Buffer>): Promise<Buffer> {
  const parts: Buffer[] = [];
  for await (const part of stream) parts.push(part);
  return Buffer.concat(parts);
}
const seal = (plain: Buffer, name = 'exports/a', chunk = 10_000) => whole(encrypted(key, name, inChunks(plain, chunk)));
const open = (sealed: Buffer, name = 'exports/a', chunk = 7_777, with_ = key) =>
  whole(decrypted(with_, name, inChunks(sealed, chunk)));

describe('F1 stored objects', () => {
  it.each([0, 1, FRAME - 1, FRAME, FRAME + 1, 2 * FRAME, 3 * FRAME + 17])(
    '%i bytes come back as they were',
    async (size) => {
      const plain = randomBytes(size);
      const sealed = await seal(plain);
      expect((await open(sealed)).equals(plain)).toBe(true);
      if (size > 32) expect(sealed.includes(plain.subarray(0, 32))).toBe(false);
    },
  );

  it('however the stream is cut into chunks', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 0, max: 3 * FRAME }),
        fc.integer({ min: 1, max: 2 * FRAME }),
        fc.integer({ min: 1, max: 2 * FRAME }),
        async (size, writeChunk, readChunk) => {
          const plain = randomBytes(size);
          const sealed = await seal(plain, 'n', writeChunk);
          expect((await open(sealed, 'n', readChunk)).equals(plain)).toBe(true);
        },
      ),
      { numRuns: 30 },
    );
  });

  it('a single flipped bit anywhere is refused, and not one byte of its frame is handed on', async () => {
    const plain = randomBytes(2 * FRAME + 100);
    const sealed = await seal(plain);
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 0, max: sealed.length * 8 - 1 }), async (bit) => {
        const altered = Buffer.from(sealed);
        altered[bit >> 3] = (altered[bit >> 3] ?? 0) ^ (1 << (bit & 7));
        const handedOn: Buffer[] = [];
        const reading = (async () => {
          for await (const part of decrypted(key, 'exports/a', inChunks(altered, 4_096))) handedOn.push(part);
        })();
        await expect(reading).rejects.toThrow();
        const frame = Math.floor((bit >> 3) / SEALED_FRAME);
        expect(Buffer.concat(handedOn).equals(plain.subarray(0, frame * FRAME))).toBe(true);
      }),
      { numRuns: 60 },
    );
  });

  it('an object that was cut off is refused, also at the border of a frame', async () => {
    const sealed = await seal(randomBytes(3 * FRAME));
    for (const length of [0, 1, 27, SEALED_FRAME - 1, SEALED_FRAME, 2 * SEALED_FRAME, sealed.length - 1]) {
      await expect(open(sealed.subarray(0, length))).rejects.toThrow();
    }
  });

  it('frames that were swapped, repeated, left out or added are refused', async () => {
    const sealed = await seal(randomBytes(3 * FRAME));
    const frame = (index: number) => sealed.subarray(index * SEALED_FRAME, (index + 1) * SEALED_FRAME);
    for (const order of [
      [1, 0, 2],
      [0, 0, 1, 2],
      [0, 2],
      [0, 1, 2, 2],
    ]) {
      await expect(open(Buffer.concat(order.map(frame)))).rejects.toThrow();
    }
  });

  it('an object that was moved to another name, or under another key, is refused', async () => {
    const sealed = await seal(randomBytes(100));
    await expect(open(sealed, 'exports/b')).rejects.toThrow();
    await expect(open(sealed, 'exports/a', 100, randomBytes(32))).rejects.toThrow();
  });

  it('the same content is never sealed the same way twice', async () => {
    const plain = Buffer.alloc(FRAME * 2);
    const [one, two] = [await seal(plain), await seal(plain)];
    expect(one.equals(two)).toBe(false);
    expect(one.subarray(0, SEALED_FRAME).equals(one.subarray(SEALED_FRAME))).toBe(false);
  });
});
