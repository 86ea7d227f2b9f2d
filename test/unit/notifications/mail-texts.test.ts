import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type MailContext,
  type MailParameters,
  type MailTemplate,
  renderMail,
} from '../../../shared/notifications/texts/mail-texts.ts';
import { languages } from '../../../shared/platform/language.ts';

const at = '2026-11-25T23:30:00.000Z';
const link = `https://extranet.example/verify?token=a_b-C.9&from=mail&long=${'x'.repeat(90)}`;
const reference = '2026-7K3F-9QWX';
const hostile = `</p><img src="https://evil.example/'&x">\r\nBcc: thief@evil.example\u2028\u202eאבי 👩‍💻`;

const context: MailContext = {
  givenName: 'Zoé',
  controllerName: 'Assistance Partenaires',
  dpoEmail: 'dpo@extranet.example',
  siteUrl: 'https://extranet.example',
};

function parameters(value: string): MailParameters {
  return {
    'account-verification': { link, expiresAt: at },
    'address-known': { signInLink: link, resetLink: `${link}&reset` },
    'password-reset': { link, expiresAt: at },
    'password-changed': { at },
    'new-device-sign-in': { device: value, at, sessionsLink: link },
    'all-sessions-ended': { at, resetLink: link },
    'second-factor-enabled': { at },
    'second-factor-disabled': { at },
    'recovery-code-used': { at, left: 7 },
    'contact-received': { reference: value, question: value },
    'contact-question': { reference: value, from: value, question: value },
    'case-confirmation-code': { reference, code: '012345', expiresAt: at },
    'case-received': { reference, requestType: 'access', dueAt: at, link, trackingCode: 'aB3-_x' },
    'case-identity-requested': { reference, reason: value, link },
    'case-extended': { reference, reason: value, dueAt: at, link },
    'case-rejected': { reference, requestType: 'erasure', ground: 'legal-claims', reason: value },
    'case-completed': { reference, requestType: 'rectification', note: value, link },
    'case-package-ready': { reference, expiresAt: at, link },
    'case-package-code': { reference, code: '012345', expiresAt: at },
    'case-package-downloaded': { reference, at, link },
    'case-erased': { reference, at, kept: [value] },
    'case-message': { reference, message: value, link },
    'case-cancelled': { reference, at },
    'restriction-lifting': { reference, reason: value, at, link },
    'desk-reminder': { reference, milestone: 'two-days', dueAt: at, link },
    'desk-message': { reference, message: value, link },
    'space-closing': { link, undoUntil: at },
    'space-reopened': { at },
    'address-of-closing-space': {},
    'space-erased': { because: 'closure', kept: [value, value] },
    'directives-changed': { act: 'recorded', at },
    'death-notice-received': { reference: value },
    'death-notice-executed': { reference: value, outcome: 'erased' },
    'space-on-hold': { at },
    'space-hold-ends': { at },
    'space-unused': { lastUsedAt: at, erasedAt: at, signInLink: link },
    'recipient-notice': { act: 'erasure', reference: value, disclosureId: 'dsc_1', disclosedAt: at },
    'breach-reminder': { breachId: 'brc_1', notifyBy: at },
    'breach-notice': { awareAt: at, message: { fr: value, en: value } },
    'document-published': { kind: 'privacy-charter', version: '2.0', effectiveAt: at, link },
    'service-announcement': {
      topic: 'maintenance',
      subject: { fr: `Nouveauté ${value}`, en: `News ${value}` },
      message: { fr: value, en: value },
      link,
    },
    'content-news': {
      topic: 'guides',
      subject: { fr: `Nouveauté ${value}`, en: `News ${value}` },
      message: { fr: value, en: value },
      link,
      preferencesLink: `${link}&preferences`,
    },
  };
}

const templates = Object.keys(parameters('')) as MailTemplate[];
const every = templates.flatMap((template) => languages.map((language) => ({ template, language })));

function render(template: MailTemplate, language: 'fr' | 'en', value: string, givenName = value) {
  return renderMail(template, language, parameters(value)[template], { ...context, givenName });
}

/** The elements of a mail in order, attribute values aside: what hostile values must not change. */
function elements(html: string): readonly string[] {
  return [...html.matchAll(/<\/?([a-z][a-z0-9]*|!doctype)[^>]*>/gi)].map(([tag]) => tag.replace(/"[^"]*"/g, '""'));
}

describe.each(every)('$template in $language', ({ template, language }) => {
  const mail = render(template, language, 'Firefox on Windows', 'Zoé');

  it('has a subject of one line, a greeting by name and the address of the DPO', () => {
    expect(mail.subject).toMatch(/^\S.{4,}\S$/);
    expect(mail.text).toMatch(language === 'fr' ? /^Bonjour Zoé,\n/ : /^Hello Zoé,\n/);
    expect(mail.text).toContain(`\n${context.dpoEmail}\n${context.siteUrl}\n`);
    expect(mail.text + mail.html).not.toMatch(/undefined|\[object|Invalid Date/);
  });

  it('greets without a name when there is none', () => {
    const { givenName: _, ...anonymous } = context;
    expect(renderMail(template, language, parameters('x')[template], anonymous).text).toMatch(/^(Bonjour|Hello),\n/);
  });

  it('keeps every link exactly, alone on its line', () => {
    const values = Object.values(parameters('x')[template]).filter((value) => String(value).startsWith('https:'));
    for (const value of values) {
      expect(mail.text.split('\n')).toContain(value);
      expect(mail.html).toContain(`href="${String(value).replaceAll('&', '&amp;')}"`);
    }
  });

  it('keeps the text within 78 columns, links aside', () => {
    const long = render(template, language, 'mot '.repeat(200).trim());
    for (const line of long.text.split('\n').filter((candidate) => !candidate.startsWith('https:')))
      expect([...line].length).toBeLessThanOrEqual(78);
  });

  it('shows instants in Paris time', () => {
    if (Object.values(parameters('')[template]).includes(at))
      expect(mail.text.replace(/\s/g, ' ')).toMatch(
        /26 (novembre|November) 2026 (à|at) 00:30 \((heure de Paris|Paris time)\)/,
      );
    else expect(mail.text).not.toContain('2026');
  });

  it('is accessible HTML with nothing remote and nothing that tracks', () => {
    expect(mail.html).toContain(`<html lang="${language}"`);
    expect(mail.html.match(/<h1\b/g)).toHaveLength(1);
    expect(mail.html).not.toMatch(/<(img|script|link|iframe|style|svg|form)\b|\bsrc=|url\(|@import/i);
  });

  it('shows hostile values as text, and lets none into a header or a line of its own', () => {
    const attacked = render(template, language, hostile);
    expect(elements(attacked.html).filter((tag) => tag !== '<br>')).toEqual(elements(mail.html));
    expect(attacked.html).toContain('&lt;/p&gt;&lt;img src=&quot;https://evil.example/&#39;&amp;x&quot;&gt;');
    expect(attacked.subject).not.toMatch(/[\p{Cc}\p{Zl}\p{Zp}]/u);
    expect(attacked.text).not.toMatch(/^Bcc:/m);
    expect(attacked.text + attacked.html).not.toMatch(/\p{Bidi_Control}/u);
    expect(attacked.text).toMatch(/אבי\s👩‍💻/u);
  });
});

describe('any value', () => {
  const anything = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc
      .array(
        fc.constantFrom('<', '>', '"', "'", '&', '\r\n', '\n', '\0', '\u2028', '\u202e', '\ud800', 'é', '-- ', 'a'),
      )
      .map((parts) => parts.join('')),
  );

  it('never adds an element, a header line or an unquoted line', () => {
    fc.assert(
      fc.property(fc.constantFrom(...every), anything, ({ template, language }, value) => {
        const plain = render(template, language, 'Zoé');
        const mail = render(template, language, value);
        expect(elements(mail.html).filter((tag) => tag !== '<br>')).toEqual(elements(plain.html));
        expect(mail.subject).not.toMatch(/[\p{Cc}\p{Zl}\p{Zp}]/u);
        expect(mail.text.match(/^-- $/gm)).toHaveLength(1);
        expect(mail.text.isWellFormed() && mail.html.isWellFormed()).toBe(true);
      }),
    );
  });

  it('of a question is quoted line by line, with its line breaks', () => {
    const { text, html } = render('contact-received', 'fr', 'Qui a vu\n\n-- \nmes données ?', 'Zoé');
    expect(text).toContain('\n> Qui a vu\n>\n> --\n> mes données ?\n');
    expect(html).toContain('Qui a vu<br><br>--<br>mes données ?');
  });
});

it('refuses an instant that is none', () => {
  expect(() => renderMail('password-changed', 'fr', { at: 'yesterday' }, context)).toThrow(RangeError);
});
