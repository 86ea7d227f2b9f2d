import type { Language } from '../../platform/language.ts';
import { layOut, oneLine, type RenderedMail } from './mail-layout.ts';
import { english } from './mail-texts.en.ts';
import { french } from './mail-texts.fr.ts';

/** The mails that the product sends, each with what it must be told. Instants are RFC 3339 UTC, links absolute URLs. */
export interface MailParameters {
  'account-verification': { readonly link: string; readonly expiresAt: string };
  'address-known': { readonly signInLink: string; readonly resetLink: string };
  'password-reset': { readonly link: string; readonly expiresAt: string };
  'password-changed': { readonly at: string };
  'new-device-sign-in': { readonly device: string; readonly at: string; readonly sessionsLink: string };
  /** A refresh token was used twice, and its session was ended. */
  'all-sessions-ended': { readonly at: string; readonly resetLink: string };
  'second-factor-enabled': { readonly at: string };
  'second-factor-disabled': { readonly at: string };
  'recovery-code-used': { readonly at: string; readonly left: number };
  'contact-received': { readonly reference: string; readonly question: string };
  'contact-question': { readonly reference: string; readonly from: string; readonly question: string };
}

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
  readonly locale: string;
  readonly greeting: (givenName: string | undefined) => string;
  /** Says that a date and time is that of Paris. */
  readonly instant: (dateAndTime: string) => string;
  readonly closing: (context: MailContext) => readonly MailBlock[];
  readonly mails: {
    readonly [T in MailTemplate]: (parameters: MailParameters[T], show: ShowInstant) => MailText;
  };
}

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
  const format = new Intl.DateTimeFormat(locale, { dateStyle: 'long', timeStyle: 'short', timeZone: 'Europe/Paris' });
  const { subject, paragraphs } = mails[template](parameters, (at) => instant(format.format(new Date(at))));
  return layOut(language, oneLine(subject), [greeting(context.givenName), ...paragraphs], closing(context));
}
