/** The mails about directives on what becomes of data after death, and about notices of death. */
export interface PostMortemMails {
  /** To the author of directives, so that nobody changes them unnoticed. */
  'directives-changed': { readonly act: 'recorded' | 'revoked'; readonly at: string };
  /** To whoever reported a death. */
  'death-notice-received': { readonly reference: string };
  'death-notice-executed': { readonly reference: string; readonly outcome: 'erased' | 'handed-over' };
  /** To the person whose death was reported, in case it was wrong. */
  'space-on-hold': { readonly at: string };
  'space-hold-ends': { readonly at: string };
}
