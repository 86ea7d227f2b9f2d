import type { Language } from '../../platform/language.ts';
import { parisInstant } from '../../platform/paris-time.ts';
import type { AccountMails } from './account-mails.ts';
import type { CaseMails } from './case-mails.ts';
import { layOut, oneLine, type RenderedMail } from './mail-layout.ts';
import { english } from './mail-texts.en.ts';
import { french } from './mail-texts.fr.ts';
import type { PostMortemMails } from './post-mortem-mails.ts';
import type { RecordMails } from './record-mails.ts';
import type { SpaceMails } from './space-mails.ts';

/** The mails that the product sends, each with what it must be told. Instants are RFC 3339 UTC, links absolute URLs. */
export type MailParameters = AccountMails & CaseMails & SpaceMails & RecordMails & PostMortemMails;

export type MailTemplate = keyof MailParameters;

/** What a mail is made of: a sentence or more, a link or an address that stands alone, or somebody's own words. */
export type MailBlock = string | { readonly link: string } | { readonly mail: string } | { readonly quote: string };

/** A mail before it gets its layout. */
export interface MailText {
  readonly subject: string;
  readonly paragraphs: readonly MailBlock[];
}

/** Shows an instant to a person. */
export type ShowInstant = (instant: string) => string;

export interface MailContext {
  readonly givenName?: string;
  readonly controllerName: string;
  readonly dpoEmail: string;
  readonly siteUrl: string;
}

/** Everything that a language brings to the mails. */
export interface MailLanguage {
  /** BCP 47, for dates. */
  readonly locale: 'fr-FR' | 'en-GB';
  readonly greeting: (givenName: string | undefined) => string;
  /** Says that a date and time is that of Paris. */
  readonly instant: (dateAndTime: string) => string;
  readonly closing: (context: MailContext) => readonly MailBlock[];
  readonly mails: MailsOf<MailParameters>;
}

/** The texts of a group of mails in one language. */
export type MailsOf<Parameters> = {
  readonly [T in keyof Parameters]: (parameters: Parameters[T], show: ShowInstant) => MailText;
};

const mailLanguages: Readonly<Record<Language, MailLanguage>> = { fr: french, en: english };

/**
 * Renders a mail as text and as HTML: nothing remote, no image, nothing that tracks (clauses D5, D6). The text part has lines of at most 78
 * columns (a longer word stays whole) and links alone on theirs. Whatever the values hold, the HTML shows them as text and the subject
 * is one line. Throws `RangeError` when an instant is none.
 */
export function renderMail<T extends MailTemplate>(
  template: T,
  language: Language,
  parameters: MailParameters[T],
  context: MailContext,
): RenderedMail {
  const { locale, greeting, instant, closing, mails } = mailLanguages[language];
  const { subject, paragraphs } = mails[template](parameters, (at) => instant(parisInstant(new Date(at), locale)));
  return layOut(language, oneLine(subject), [greeting(context.givenName), ...paragraphs], closing(context));
}
