/** What is wrong with a file that claims to be an identity document. */
export type ContentFault =
  /** The bytes are not what the media type says. */
  | 'not-what-it-claims'
  /** It begins well and does not end. */
  | 'truncated'
  /** Something else is in it or behind it: an archive, a second file. */
  | 'holds-another-file'
  /** A picture of more pixels than anybody needs to read a card, or of none. */
  | 'too-many-pixels'
  /** A PDF that runs something when opened, or that cannot be looked into because it is encrypted. */
  | 'active-or-encrypted';

/** The largest picture, in pixels: today's best telephones fit, what a decompression bomb declares does not. */
export const MAX_PIXELS = 64_000_000;
