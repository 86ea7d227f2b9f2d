import { crc32 } from 'node:zlib';
import { type ContentFault, MAX_PIXELS } from './content-fault.ts';

const SIGNATURE = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
const HEADER_BYTES = 13;
/** Length, type and checksum of a chunk. */
const FRAME_BYTES = 12;

/** The faults of a PNG (W3C PNG, third edition): every chunk with its checksum, `IHDR` first, picture data, `IEND` last, and nothing behind. */
export function pngFault(bytes: Buffer): ContentFault | undefined {
  if (!bytes.subarray(0, SIGNATURE.length).equals(SIGNATURE)) return 'not-what-it-claims';
  let at = SIGNATURE.length;
  let first = true;
  let pictured = false;
  while (at + FRAME_BYTES <= bytes.length) {
    const length = bytes.readUInt32BE(at);
    const end = at + FRAME_BYTES + length;
    if (end > bytes.length) return 'truncated';
    const type = bytes.toString('latin1', at + 4, at + 8);
    if (!/^[A-Za-z]{4}$/.test(type)) return 'not-what-it-claims';
    if (crc32(bytes.subarray(at + 4, end - 4)) !== bytes.readUInt32BE(end - 4)) return 'not-what-it-claims';
    if (first !== (type === 'IHDR')) return 'not-what-it-claims';
    if (type === 'IHDR') {
      const fault = headerFault(bytes.subarray(at + 8, end - 4));
      if (fault) return fault;
    }
    if (type === 'IDAT' && length > 0) pictured = true;
    if (type === 'IEND') {
      if (!pictured) return 'not-what-it-claims';
      return end === bytes.length ? undefined : 'holds-another-file';
    }
    first = false;
    at = end;
  }
  return 'truncated';
}

function headerFault(header: Buffer): ContentFault | undefined {
  if (header.length !== HEADER_BYTES) return 'not-what-it-claims';
  const width = header.readUInt32BE(0);
  const height = header.readUInt32BE(4);
  if (width === 0 || height === 0 || width * height > MAX_PIXELS) return 'too-many-pixels';
  const [depth = 0, colour = 0] = header.subarray(8);
  const isKnown = [1, 2, 4, 8, 16].includes(depth) && [0, 2, 3, 4, 6].includes(colour);
  return isKnown ? undefined : 'not-what-it-claims';
}
