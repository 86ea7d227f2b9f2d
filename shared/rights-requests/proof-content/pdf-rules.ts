import type { ContentFault } from './content-fault.ts';

const HEADER = /^%PDF-(?:1\.[0-7]|2\.0)[\r\n ]/;
/** The last line of every PDF (ISO 32000-2, 7.5.5); behind it only white space, however padded. */
const TRAILER = /(?:startxref\s+(\d+)\s+)?%%EOF[\s\0]*$/;
const OBJECT = /\b\d+\s+\d+\s+obj\b/;
/** Names that make a reader run or open something, and that of encryption. */
const REFUSED =
  /\/(?:JavaScript|JS|Launch|EmbeddedFiles?|RichMedia|XFA|GoToE|SubmitForm|ImportData|Encrypt)(?![A-Za-z0-9])/;
const STREAM = /\bstream\r?\n/g;
const TAIL_BYTES = 2_048;

/**
 * The faults of a PDF: the header is the very first thing, there are objects, the trailer is the very last, and what stands outside the streams
 * names nothing that a reader would run. Compressed objects are not looked into: nobody but the desk's reader opens them, in its sandbox.
 */
export function pdfFault(bytes: Buffer): ContentFault | undefined {
  if (!HEADER.test(bytes.toString('latin1', 0, 16))) return 'not-what-it-claims';
  const text = bytes.toString('latin1');
  if (!OBJECT.test(text)) return text.includes('%%EOF') ? 'not-what-it-claims' : 'truncated';
  const trailer = TRAILER.exec(text.slice(-TAIL_BYTES));
  if (!trailer) return text.includes('%%EOF') ? 'holds-another-file' : 'truncated';
  if (trailer[1] !== undefined && Number(trailer[1]) >= bytes.length) return 'truncated';
  return REFUSED.test(decodedNames(outsideStreams(text))) ? 'active-or-encrypted' : undefined;
}

/** The text without the contents of its streams. */
function outsideStreams(text: string): string {
  const parts: string[] = [];
  let from = 0;
  for (const match of text.matchAll(STREAM)) {
    if (match.index < from) continue; // inside a stream that was skipped
    parts.push(text.slice(from, match.index));
    const end = text.indexOf('endstream', match.index);
    if (end < 0) return parts.join(' ');
    from = end;
  }
  parts.push(text.slice(from));
  return parts.join(' ');
}

/** `/J#61vaScript` is `/JavaScript` (ISO 32000-2, 7.3.5). */
function decodedNames(text: string): string {
  return text.replace(/#([0-9A-Fa-f]{2})/g, (_, code: string) => String.fromCharCode(Number.parseInt(code, 16)));
}
