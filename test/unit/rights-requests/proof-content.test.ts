import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { contentFault, type ProofMediaType } from '../../../shared/rights-requests/proof-content/content-rules.ts';
import { jpeg, pdf, png, pngText, zip } from '../../support/identity-documents.ts';

const whole: Readonly<Record<ProofMediaType, Buffer>> = {
  'application/pdf': pdf(),
  'image/jpeg': jpeg(),
  'image/png': png(),
};
const types = Object.keys(whole) as ProofMediaType[];

describe.each(types)('an identity document as %s', (type) => {
  const file = whole[type];

  it('is taken when it is whole', () => {
    expect(contentFault(type, file)).toBeUndefined();
  });

  it('is refused when it is cut off anywhere', () => {
    for (let length = 0; length < file.length - 2; length += 1)
      expect({ length, fault: contentFault(type, file.subarray(0, length)) !== undefined }).toEqual({
        length,
        fault: true,
      });
  });

  it('is refused when something stands before or behind it (a polyglot)', () => {
    const html = Buffer.from('<script>alert(1)</script>');
    for (const other of [zip(), html, Buffer.from('GIF89a'), Buffer.from('MZ')]) {
      expect(contentFault(type, Buffer.concat([file, other]))).toBe('holds-another-file');
      expect(contentFault(type, Buffer.concat([other, file]))).toBeDefined();
    }
  });

  it('is refused when it is something else under this name', () => {
    for (const other of [zip(), Buffer.from('MZ\x90\0'), Buffer.from('<html></html>'), Buffer.alloc(64)])
      expect(contentFault(type, other)).toBeDefined();
    for (const other of types.filter((candidate) => candidate !== type))
      expect(contentFault(type, whole[other])).toBe('not-what-it-claims');
  });

  it('is decided about whatever the bytes are, without an error', () => {
    const spoiled = fc.tuple(fc.nat(file.length - 1), fc.nat(255)).map(([at, value]) => {
      const copy = Buffer.from(file);
      copy[at] = value;
      return copy;
    });
    fc.assert(
      fc.property(fc.oneof(fc.uint8Array({ maxLength: 300 }), spoiled), (bytes) => {
        contentFault(type, bytes);
      }),
      { numRuns: 500 },
    );
  });
});

describe('a picture', () => {
  it('of more pixels than a card needs is refused before anybody decodes it', () => {
    expect(contentFault('image/png', png(100_000, 100_000))).toBe('too-many-pixels');
    expect(contentFault('image/png', png(0, 10))).toBe('too-many-pixels');
    expect(contentFault('image/jpeg', jpeg(65_000, 65_000))).toBe('too-many-pixels');
    expect(contentFault('image/png', png(8_000, 8_000))).toBeUndefined();
  });

  it('with an altered byte is refused (PNG has checksums)', () => {
    const altered = png();
    altered[altered.length - 20] = (altered[altered.length - 20] ?? 0) ^ 1;
    expect(contentFault('image/png', altered)).toBe('not-what-it-claims');
  });

  it('with an archive hidden in a well-formed chunk is refused', () => {
    expect(contentFault('image/png', png(2, 2, [pngText(zip())]))).toBe('holds-another-file');
    expect(contentFault('image/png', png(2, 2, [pngText(Buffer.from('Photo'))]))).toBeUndefined();
  });

  it('may be followed by the further pictures and zeros that cameras append', () => {
    expect(contentFault('image/jpeg', Buffer.concat([jpeg(), jpeg(), Buffer.alloc(100)]))).toBeUndefined();
  });
});

describe('a PDF', () => {
  it('that runs, opens or hides something is refused, however its names are spelled', () => {
    for (const extra of [
      '/OpenAction << /S /JavaScript /JS (app.alert(1)) >>',
      '/OpenAction << /S /J#61vaScript /J#53 (app.alert(1)) >>',
      '/OpenAction << /S /Launch /F (cmd.exe) >>',
      '/Names << /EmbeddedFiles 4 0 R >>',
      '/AcroForm << /XFA 5 0 R >>',
    ])
      expect(contentFault('application/pdf', pdf(extra))).toBe('active-or-encrypted');
    expect(contentFault('application/pdf', pdf('/Encrypt 6 0 R'))).toBe('active-or-encrypted');
  });

  it('with plain properties is taken', () => {
    expect(contentFault('application/pdf', pdf('/Lang (fr) /PageLayout /SinglePage'))).toBeUndefined();
  });
});
