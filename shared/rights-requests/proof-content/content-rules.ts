import type { ContentFault } from './content-fault.ts';
import { jpegFault } from './jpeg-rules.ts';
import { pdfFault } from './pdf-rules.ts';
import { pngFault } from './png-rules.ts';
import { holdsZip } from './zip-rules.ts';

/** The media types that identity documents may have. */
export const proofMediaTypes = ['application/pdf', 'image/jpeg', 'image/png'] as const;
export type ProofMediaType = (typeof proofMediaTypes)[number];

const checks: Readonly<Record<ProofMediaType, (bytes: Buffer) => ContentFault | undefined>> = {
  'application/pdf': pdfFault,
  'image/jpeg': jpegFault,
  'image/png': pngFault,
};

/**
 * Holds a file's structure against its media type, from the first byte to the last. Nothing is decoded, rendered or executed. A file that passes
 * is one document of that type and nothing else.
 */
export function contentFault(mediaType: ProofMediaType, bytes: Uint8Array): ContentFault | undefined {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return checks[mediaType](buffer) ?? (holdsZip(buffer) ? 'holds-another-file' : undefined);
}
