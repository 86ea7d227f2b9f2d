import type { Language } from '../../platform/language.ts';
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

/** A mail before it gets its layout: paragraphs, and links that stand alone. */
export interface MailText {
  readonly subject: string;
  readonly paragraphs: readonly (string | { readonly link: string })[];
}

/** Shows an instant to a person. */
export type ShowInstant = (instant: string) => string;

export type MailTexts = {
  readonly [T in MailTemplate]: (parameters: MailParameters[T], show: ShowInstant) => MailText;
};

export interface MailContext {
  readonly givenName?: string;
  readonly controllerName: string;
  readonly dpoEmail: string;
  readonly siteUrl: string;
}

export interface RenderedMail {
  readonly subject: string;
  readonly text: string;
  readonly html: string;
}

const texts: Readonly<Record<Language, MailTexts>> = { fr: french, en: english };

const frames = {
  fr: {
    locale: 'fr-FR',
    greeting: (name: string | undefined) => (name ? `Bonjour ${name},` : 'Bonjour,'),
    closing: ({ controllerName, dpoEmail }: MailContext) =>
      `${controllerName}. Une question sur vos données ? Écrivez à notre délégué à la protection des données : ${dpoEmail}`,
  },
  en: {
    locale: 'en-GB',
    greeting: (name: string | undefined) => (name ? `Hello ${name},` : 'Hello,'),
    closing: ({ controllerName, dpoEmail }: MailContext) =>
      `${controllerName}. A question about your data? Write to our data protection officer: ${dpoEmail}`,
  },
} as const;

/**
 * Renders a mail as text and as HTML: nothing remote, no image, nothing that tracks (clauses D5, D6). Every value is escaped in the HTML, and
 * the subject is one line whatever is in it.
 */
export function renderMail<T extends MailTemplate>(
  template: T,
  language: Language,
  parameters: MailParameters[T],
  context: MailContext,
): RenderedMail {
  const frame = frames[language];
  const show: ShowInstant = (instant) =>
    new Intl.DateTimeFormat(frame.locale, { dateStyle: 'long', timeStyle: 'short', timeZone: 'Europe/Paris' }).format(
      new Date(instant),
    );
  const { subject, paragraphs } = texts[language][template](parameters, show);
  const lines = [frame.greeting(context.givenName), ...paragraphs];
  const closing = frame.closing(context);
  const text = [...lines.map((line) => (typeof line === 'string' ? line : line.link)), '-- ', closing].join('\n\n');
  const body = lines.map((line) =>
    typeof line === 'string'
      ? `<p>${escaped(line).replaceAll('\n', '<br>')}</p>`
      : `<p><a href="${escaped(line.link)}">${escaped(line.link)}</a></p>`,
  );
  const html = `<!doctype html>
<html lang="${language}"><head><meta charset="utf-8"><title>${escaped(subject)}</title></head>
<body style="font:16px/1.5 sans-serif;max-width:40em;color:#1b1b1f"><h1 style="font-size:1.25em">${escaped(subject)}</h1>
${body.join('\n')}
<hr><p style="font-size:.875em">${escaped(closing)}</p></body></html>`;
  return { subject: subject.replace(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, ' '), text, html };
}

const escapes: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

function escaped(value: string): string {
  return value.replace(/[&<>"']/g, (character) => escapes[character] ?? character);
}
