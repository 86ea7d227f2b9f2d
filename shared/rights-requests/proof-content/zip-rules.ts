const END_OF_DIRECTORY = Buffer.from('PK\u0005\u0006', 'latin1');
const DIRECTORY_ENTRY = Buffer.from('PK\u0001\u0002', 'latin1');
/** A zip is found from its end: the last record and a comment of up to 64 KiB. */
const TAIL_BYTES = 22 + 65_535;

/**
 * Whether programs would open the bytes as a zip archive too (a polyglot): zip readers look for the directory from the end, whatever stands before
 * it, so that an archive can hide behind or inside a picture.
 */
export function holdsZip(bytes: Buffer): boolean {
  const tail = bytes.subarray(Math.max(0, bytes.length - TAIL_BYTES));
  for (
    let at = tail.lastIndexOf(END_OF_DIRECTORY);
    at >= 0;
    at = at > 0 ? tail.lastIndexOf(END_OF_DIRECTORY, at - 1) : -1
  ) {
    if (at + 22 > tail.length) continue;
    const entries = tail.readUInt16LE(at + 10);
    const directoryBytes = tail.readUInt32LE(at + 12);
    const directoryAt = bytes.length - tail.length + at - directoryBytes;
    if (entries === 0) return true; // an empty archive has nothing but this record
    if (directoryAt >= 0 && bytes.subarray(directoryAt, directoryAt + 4).equals(DIRECTORY_ENTRY)) return true;
  }
  return false;
}
