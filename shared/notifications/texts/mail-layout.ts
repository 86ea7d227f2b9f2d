import type { Language } from '../../platform/language.ts';
import type { MailBlock } from './mail-texts.ts';

export interface RenderedMail {
  readonly subject: string;
  readonly text: string;
  readonly html: string;
}

/** Columns of the text part (RFC 5322 §2.1.1). */
const COLUMNS = 78;

/** Gives a mail its two parts. The signature separator of the text part is that of RFC 3676 §4.3. */
export function layOut(
  language: Language,
  subject: string,
  body: readonly MailBlock[],
  closing: readonly MailBlock[],
): RenderedMail {
  const text = `${body.map(asText).join('\n\n')}\n\n-- \n${closing.map(asText).join('\n')}\n`;
  const html = `<!doctype html>
<html lang="${language}" dir="ltr"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>${escaped(subject)}</title></head>
<body style="font:16px/1.5 sans-serif;max-width:40em"><h1 style="font-size:1.25em">${escaped(subject)}</h1>
${body.map(asHtml).join('\n')}
<hr>
${closing.map(asHtml).join('\n')}
</body></html>
`;
  return { subject, text, html };
}

/**
 * The value on one line: no line break or control that could start a header or a line of its own, no bidirectional control that could turn
 * round what follows, no half character.
 */
export function oneLine(value: string): string {
  return value
    .toWellFormed()
    .replace(/\p{Bidi_Control}/gu, '')
    .replace(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, ' ')
    .trim();
}

function asText(block: MailBlock): string {
  if (typeof block === 'string') return wrapped(glued(oneLine(block)), COLUMNS).join('\n');
  if ('link' in block) return block.link;
  if ('mail' in block) return block.mail;
  // Marked as a quotation, so that it cannot pass for words of ours.
  return linesOf(block.quote)
    .flatMap((line) => wrapped(line, COLUMNS - 2))
    .map((line) => `> ${line}`.trimEnd())
    .join('\n');
}

function asHtml(block: MailBlock): string {
  if (typeof block === 'string') return `<p>${escaped(glued(oneLine(block)))}</p>`;
  if ('link' in block) return `<p><a href="${escaped(block.link)}">${escaped(block.link)}</a></p>`;
  if ('mail' in block) return `<p><a href="mailto:${escaped(block.mail)}">${escaped(block.mail)}</a></p>`;
  return `<blockquote dir="auto">${linesOf(block.quote).map(escaped).join('<br>')}</blockquote>`;
}

function linesOf(quote: string): readonly string[] {
  return quote.split(/\r\n|[\r\n\p{Zl}\p{Zp}]/u).map(oneLine);
}

/** French puts a space before these marks, which must not begin a line. */
function glued(sentence: string): string {
  return sentence.replace(/ (?=[:;?!»])|(?<=«) /g, '\u00a0');
}

function wrapped(line: string, columns: number): readonly string[] {
  const lines: string[] = [];
  let current = '';
  for (const word of line.split(/ +/)) {
    const longer = current ? `${current} ${word}` : word;
    if (current && [...longer].length > columns) {
      lines.push(current);
      current = word;
    } else {
      current = longer;
    }
  }
  return [...lines, current];
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
