import { type ContentFault, MAX_PIXELS } from './content-fault.ts';

const START = 0xd8;
const END = 0xd9;
const SCAN = 0xda;
const isRestart = (marker: number) => marker >= 0xd0 && marker <= 0xd7;
/** Start of frame, with the size of the picture; C4, C8 and CC are other things. */
const isFrame = (marker: number) => marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker);

/**
 * The faults of a JPEG (ITU-T T.81): every segment by its length, a frame with a size, at least one scan, and the end marker. Cameras append further
 * pictures (CIPA DC-007) and zeros: those may follow, nothing else.
 */
export function jpegFault(bytes: Buffer): ContentFault | undefined {
  if (bytes[0] !== 0xff || bytes[1] !== START || bytes[2] !== 0xff) return 'not-what-it-claims';
  let at = 0;
  while (at < bytes.length) {
    const walked = walkPicture(bytes, at);
    if (typeof walked === 'string') return at === 0 ? walked : 'holds-another-file';
    at = walked;
    while (at < bytes.length && bytes[at] === 0) at += 1;
    const isAnotherPicture = bytes[at] === 0xff && bytes[at + 1] === START;
    if (at < bytes.length && !isAnotherPicture) return 'holds-another-file';
  }
  return undefined;
}

/** Where the picture that begins at `start` ends, or what is wrong with it. */
function walkPicture(bytes: Buffer, start: number): number | ContentFault {
  let at = start + 2;
  let framed = false;
  let scanned = false;
  for (;;) {
    if (at + 2 > bytes.length) return 'truncated';
    if (bytes[at] !== 0xff) return 'not-what-it-claims';
    const marker = bytes[at + 1] ?? 0;
    if (marker === 0xff) {
      at += 1; // fill
      continue;
    }
    if (marker === END) return framed && scanned ? at + 2 : 'not-what-it-claims';
    if (marker === START || marker === 0 || isRestart(marker)) return 'not-what-it-claims';
    if (at + 4 > bytes.length) return 'truncated';
    const length = bytes.readUInt16BE(at + 2);
    const end = at + 2 + length;
    if (length < 2) return 'not-what-it-claims';
    if (end > bytes.length) return 'truncated';
    if (isFrame(marker)) {
      if (length < 8) return 'not-what-it-claims';
      const pixels = bytes.readUInt16BE(at + 5) * bytes.readUInt16BE(at + 7);
      if (pixels === 0 || pixels > MAX_PIXELS) return 'too-many-pixels';
      framed = true;
    }
    at = end;
    if (marker === SCAN) {
      scanned = true;
      at = endOfScan(bytes, at);
    }
  }
}

/** The first marker after entropy-coded data, in which `FF` is followed by `00` or a restart marker. */
function endOfScan(bytes: Buffer, start: number): number {
  let at = start;
  for (;;) {
    at = bytes.indexOf(0xff, at);
    if (at < 0 || at + 1 >= bytes.length) return bytes.length;
    const next = bytes[at + 1] ?? 0;
    if (next !== 0 && !isRestart(next)) return at;
    at += 2;
  }
}
