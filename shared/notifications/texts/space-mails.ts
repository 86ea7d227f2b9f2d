/** The mails about exports, erasure, closure and inactivity of a space. */
export interface SpaceMails {
  /** The space is closed; the link undoes it until it is erased. */
  'space-closing': { readonly link: string; readonly undoUntil: string };
  'space-reopened': { readonly at: string };
  /** Someone registered with the address of a space that is closing. */
  'address-of-closing-space': Readonly<Record<never, never>>;
  /** Everything is erased; `kept` says what is not and why, a sentence each. */
  'space-erased': { readonly because: 'closure' | 'inactivity'; readonly kept: readonly string[] };
  /** Nobody has used the account for a long time. */
  'space-unused': { readonly lastUsedAt: string; readonly erasedAt: string; readonly signInLink: string };
}
