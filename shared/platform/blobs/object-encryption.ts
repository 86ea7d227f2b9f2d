import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';

/**
 * AES-256-GCM over a stream, in frames: an object of any size passes through in constant memory, and not one byte of a frame that was
 * altered is handed on. Each frame is authenticated with the object's name, its own number and whether it is the last, so that frames
 * cannot be swapped, dropped, cut off or moved to another object.
 */
const ALGORITHM = 'aes-256-gcm';
const FRAME_BYTES = 64 * 1024;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
const SEALED_FRAME_BYTES = FRAME_BYTES + NONCE_BYTES + TAG_BYTES;

const contextOf = (name: string, index: number, last: boolean) =>
  Buffer.from(`${name}|${index}|${last ? 'last' : 'more'}`);

/** Cuts a stream into pieces of exactly `size` bytes; the last may be shorter. An empty stream is one empty piece. */
async function* pieces(
  stream: AsyncIterable<Uint8Array>,
  size: number,
): AsyncGenerator<{ bytes: Buffer; last: boolean }> {
  let held: Buffer[] = [];
  let length = 0;
  for await (const chunk of stream) {
    held.push(Buffer.from(chunk));
    length += chunk.length;
    // One byte more than a piece is waited for: only then is it known that the piece is not the last.
    while (length > size) {
      const whole = Buffer.concat(held);
      yield { bytes: whole.subarray(0, size), last: false };
      held = [whole.subarray(size)];
      length -= size;
    }
  }
  yield { bytes: Buffer.concat(held), last: true };
}

/** Encrypts a stream under `key`, which must be fresh for this object. */
export async function* encrypted(key: Buffer, name: string, plain: AsyncIterable<Uint8Array>): AsyncGenerator<Buffer> {
  let index = 0;
  for await (const { bytes, last } of pieces(plain, FRAME_BYTES)) {
    const nonce = randomBytes(NONCE_BYTES);
    const cipher = createCipheriv(ALGORITHM, key, nonce).setAAD(contextOf(name, index, last));
    const body = Buffer.concat([cipher.update(bytes), cipher.final()]);
    yield Buffer.concat([nonce, cipher.getAuthTag(), body]);
    index += 1;
  }
}

/** Decrypts what {@link encrypted} wrote. Throws at the first frame that was altered, moved, or is missing. */
export async function* decrypted(key: Buffer, name: string, sealed: AsyncIterable<Uint8Array>): AsyncGenerator<Buffer> {
  let index = 0;
  for await (const { bytes, last } of pieces(sealed, SEALED_FRAME_BYTES)) {
    const decipher = createDecipheriv(ALGORITHM, key, bytes.subarray(0, NONCE_BYTES), { authTagLength: TAG_BYTES })
      .setAAD(contextOf(name, index, last))
      .setAuthTag(bytes.subarray(NONCE_BYTES, NONCE_BYTES + TAG_BYTES));
    yield Buffer.concat([decipher.update(bytes.subarray(NONCE_BYTES + TAG_BYTES)), decipher.final()]);
    index += 1;
  }
}
