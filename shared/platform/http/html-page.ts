import type { Language } from '../language.ts';

const escapes: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};
const escaped = (text: string) => text.replace(/[&<>"']/g, (character) => escapes[character] ?? character);

/** A part of a page: named facts, a list, or a table. */
export interface HtmlSection {
  readonly heading: string;
  readonly text?: string;
  readonly facts?: readonly (readonly [name: string, value: string])[];
  readonly list?: readonly string[];
  readonly table?: { readonly columns: readonly string[]; readonly rows: readonly (readonly string[])[] };
}

interface HtmlPage {
  readonly language: Language;
  readonly title: string;
  /** A line under the title. */
  readonly subtitle?: string;
  readonly sections: readonly HtmlSection[];
}

/**
 * A self-contained page to read, print and hand over: no script, nothing fetched, headings and tables marked up for screen readers. All values are
 * shown as text, whatever they hold.
 */
export function htmlPage({ language, title, subtitle, sections }: HtmlPage): string {
  return `<!doctype html>
<html lang="${language}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>${escaped(title)}</title>
<style>
body{font:15px/1.5 system-ui,sans-serif;max-width:75rem;margin:2rem auto;padding:0 1.5rem;color:#1b1b1f;background:#fff}
h1{font-size:1.6rem;margin-bottom:.25rem}h2{font-size:1.15rem;margin:2rem 0 .5rem;border-bottom:2px solid #0b4fa8;padding-bottom:.2rem}
.subtitle{color:#55555f;margin-top:0}dl{display:grid;grid-template-columns:minmax(12rem,20rem) 1fr;gap:.35rem 1rem;margin:0}dt{font-weight:600}
dd{margin:0;white-space:pre-line}dl+table,dl+p{margin-top:.75rem}table{border-collapse:collapse;width:100%;font-size:.9rem}
th,td{border:1px solid #d5d5dc;padding:.4rem .6rem;text-align:left;vertical-align:top;white-space:pre-line}th{background:#f0f3f9}
section{break-inside:avoid-page}@media print{body{margin:0;max-width:none;font-size:11px}}
</style></head><body><main><h1>${escaped(title)}</h1>${subtitle ? `<p class="subtitle">${escaped(subtitle)}</p>` : ''}
${sections.map(section).join('\n')}
</main></body></html>
`;
}

function section({ heading, text, facts, list, table }: HtmlSection): string {
  const parts = [
    facts && `<dl>${facts.map(([name, value]) => `<dt>${escaped(name)}</dt><dd>${escaped(value)}</dd>`).join('')}</dl>`,
    text && `<p>${escaped(text)}</p>`,
    list && `<ul>${list.map((item) => `<li>${escaped(item)}</li>`).join('')}</ul>`,
    table && tableOf(table),
  ];
  return `<section><h2>${escaped(heading)}</h2>${parts.filter(Boolean).join('')}</section>`;
}

function tableOf({ columns, rows }: NonNullable<HtmlSection['table']>): string {
  const head = columns.map((column) => `<th scope="col">${escaped(column)}</th>`).join('');
  const body = rows.map((row) => `<tr>${row.map((cell) => `<td>${escaped(cell)}</td>`).join('')}</tr>`).join('');
  return `<table><thead><tr>${head}</tr></thead><tbody>${body}</tbody></table>`;
}
