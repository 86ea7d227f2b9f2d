import { recourseIn } from '../../controller/index.ts';
import type { Controller } from '../../platform/config.ts';
import type { Language } from '../../platform/language.ts';
import { type LegalBasis, purposeById } from '../../purposes/index.ts';
import type { PersonalDataSource } from '../source.ts';
import type { PackageTask } from '../tasks.ts';
import type { Cells } from './cells.ts';
import { fieldName, valueName } from './field-names.ts';
import { pageStyle } from './page-style.ts';
import { pageWords } from './page-words.ts';
import { PREVIEW_ROWS, type Summary } from './summary.ts';

/** A source of which something is held, with what passed when its files were written. */
export interface Held {
  readonly source: PersonalDataSource;
  readonly summary: Summary;
}

export interface PageContent {
  readonly task: PackageTask;
  readonly controller: Controller;
  readonly madeAt: Date;
  readonly held: readonly Held[];
  /** Sources that hold nothing about the person. */
  readonly empty: readonly PersonalDataSource[];
  /** Receipts of consents in the package. */
  readonly receipts: number;
}

const ESCAPES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};
/** Text in HTML, whatever it holds: no markup, no half character, no control that could turn round what follows it. */
const escaped = (text: string) =>
  text
    .toWellFormed()
    .replace(/[\p{Bidi_Control}\0]/gu, '')
    .replace(/[&<>"']/g, (character) => ESCAPES[character] ?? character);

const INSTANT = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d+)?Z$/;
/** A table with more columns than this is a wall; its rows are shown as entries instead. */
const TABLE_COLUMNS = 7;

/**
 * The page that a person reads: one file, no script, nothing fetched, legible with a screen reader, on a small screen and on paper. Bounded: of
 * each source only the first rows are shown.
 */
export function* page({ task, controller, madeAt, held, empty, receipts }: PageContent): Generator<string> {
  const { language, kind } = task;
  const words = pageWords[language];
  const days = new Intl.DateTimeFormat(words.locale, {
    dateStyle: 'long',
    timeStyle: 'short',
    timeZone: 'Europe/Paris',
  });
  const numbers = new Intl.NumberFormat(words.locale);
  const shown = (instant: Date) => `<time datetime="${instant.toISOString()}">${escaped(days.format(instant))}</time>`;
  const plain = (text: string) => `<bdi>${escaped(text)}</bdi>`;
  const value = (text: string, isTheirs: boolean) => {
    if (text === '') return words.nothing;
    if (INSTANT.test(text)) return shown(new Date(text));
    if (text === 'true' || text === 'false') return text === 'true' ? words.yes : words.no;
    return plain(isTheirs ? text : valueName(text, language));
  };
  const name = held.find(({ source }) => source.id === 'identity')?.summary.preview[0]?.get('givenName');
  const title = words.titles[kind];

  yield `<!doctype html>
<html lang="${language}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'"><meta name="robots" content="noindex"><meta name="referrer" content="no-referrer">
<title>${escaped(title)}</title><style>${pageStyle}</style></head><body>
<a class="skip" href="#content">${words.skip}</a>
<header><h1>${escaped(title)}</h1>
${name ? `<p class="lead">${plain(words.hello(name))}</p>` : ''}<p class="lead">${escaped(words.introductions[kind])}</p>
<p class="soft">${words.madeOn(shown(madeAt))}</p><p class="soft">${escaped(words.howToRead)}</p></header>
<main id="content">
`;
  yield `<nav aria-labelledby="glance"><h2 id="glance">${words.atAGlance}</h2><ul class="glance">`;
  for (const { source, summary } of held) {
    yield `<li><a href="#${source.id}"><b>${numbers.format(summary.count)}</b>${escaped(source.title[language])}</a></li>`;
  }
  yield `</ul></nav>\n<h2 id="data">${words.yourData}</h2>\n`;

  for (const { source, summary } of held) {
    yield `<section class="card" id="${source.id}" aria-labelledby="h-${source.id}"><h3 id="h-${source.id}">${escaped(source.title[language])}<span class="badge">${escaped(words.records(numbers.format(summary.count), summary.count === 1))}</span></h3>
`;
    yield* rowsOf(summary, source.origin === 'provided');
    const files = `<p class="files"><a href="csv/${source.id}.csv">${words.asTable}</a><a href="data/${source.id}.json">${words.asJson}</a></p>`;
    const more =
      summary.count > PREVIEW_ROWS
        ? `<p class="soft">${escaped(words.shownOf(numbers.format(PREVIEW_ROWS), numbers.format(summary.count)))}</p>`
        : '';
    yield `${more}${files}<details class="why"><summary>${words.facts.heading}</summary>${factsOf(source, language)}</details></section>\n`;
  }
  if (receipts > 0) {
    yield `<section class="card"><h3>${words.receipts.heading}<span class="badge">${numbers.format(receipts)}</span></h3><p>${escaped(words.receipts.text)}</p></section>\n`;
  }
  if (empty.length > 0) {
    const names = empty.map((source) => `<li>${escaped(source.title[language])}</li>`).join('');
    yield `<section class="card"><h3>${words.notHeld.heading}</h3><p>${escaped(words.notHeld.text)}</p><ul>${names}</ul></section>\n`;
  }
  yield information();
  yield `</main>\n<footer><p>${words.reference} <bdi>${escaped(task.packageId)}</bdi> · <bdi>${escaped(task.requestId)}</bdi></p></footer></body></html>\n`;

  function* rowsOf({ preview }: Summary, isTheirs: boolean): Generator<string> {
    const columns = [...new Set(preview.flatMap((cells) => [...cells.keys()]))];
    const [only] = preview;
    if (preview.length === 1 && only) yield valuesOf(only, isTheirs);
    else if (columns.length <= TABLE_COLUMNS) {
      yield `<div class="scroll" role="region" tabindex="0" aria-label="${words.yourData}"><table><thead><tr>${columns.map((column) => `<th scope="col">${plain(fieldName(column, language))}</th>`).join('')}</tr></thead><tbody>`;
      for (const cells of preview)
        yield `<tr>${columns.map((column) => `<td>${value(cells.get(column) ?? '', isTheirs)}</td>`).join('')}</tr>`;
      yield '</tbody></table></div>';
    } else {
      for (const [index, cells] of preview.entries()) {
        const instant = [...cells.values()].find((text) => INSTANT.test(text));
        const heading = `${words.entry(index + 1)}${instant ? ` · ${shown(new Date(instant))}` : ''}`;
        yield `<details${index === 0 ? ' open' : ''}><summary>${heading}</summary>${valuesOf(cells, isTheirs)}</details>`;
      }
    }
  }

  function valuesOf(cells: Cells, isTheirs: boolean): string {
    const rows = [...cells].map(
      ([key, text]) => `<dt>${plain(fieldName(key, language))}</dt><dd>${value(text, isTheirs)}</dd>`,
    );
    return `<dl class="values">${rows.join('')}</dl>`;
  }

  /** Art. 15(1)(a) and (d) at a glance. */
  function overview(): string {
    const { facts } = words;
    const columns = [words.information.overview.data, facts.why, facts.basis, facts.retention];
    const rows = held.map(({ source }) => {
      const { why, basis } = groundsOf(source, language);
      const cells = [why, basis, source.retention[language]].map((text) => `<td>${escaped(text)}</td>`);
      return `<tr><th scope="row">${escaped(source.title[language])}</th>${cells.join('')}</tr>`;
    });
    return `<section class="card"><h3>${escaped(words.information.overview.heading)}</h3><div class="scroll" role="region" tabindex="0" aria-label="${escaped(words.information.overview.heading)}"><table><thead><tr>${columns.map((column) => `<th scope="col">${escaped(column)}</th>`).join('')}</tr></thead><tbody>${rows.join('')}</tbody></table></div></section>
`;
  }

  /** Art. 15(1): the controller, the recipients by name, the source, automated decisions, transfers, the rights and the complaint. */
  function information(): string {
    const { dpo, ...company } = controller;
    const recourse = recourseIn(language);
    const recipients = [
      ...new Set(
        held
          .filter(({ source }) => source.category === 'disclosures')
          .flatMap(({ summary }) => summary.preview.map((cells) => cells.get('recipient.name') ?? '')),
      ),
    ].filter(Boolean);
    const about = words.information;
    const disclosed =
      recipients.length === 0
        ? `<p>${escaped(about.recipients.none)}</p>`
        : `<p>${escaped(about.recipients.named)}</p><ul>${recipients.map((recipient) => `<li>${plain(recipient)}</li>`).join('')}</ul>`;
    const rights = words.rights.list.map(([right, text]) => `<li><b>${escaped(right)}</b> : ${escaped(text)}</li>`);
    const access =
      kind === 'access'
        ? `${overview()}<section class="card"><h3>${about.recipients.heading}</h3>${disclosed}</section>
<section class="card"><h3>${about.source.heading}</h3><p>${escaped(about.source.text)}</p></section>
<section class="card"><h3>${about.decisions.heading}</h3><p>${escaped(about.decisions.text)}</p></section>
<section class="card"><h3>${about.transfers.heading}</h3><p>${escaped(about.transfers.text)}</p></section>
`
        : '';
    return `<h2 id="information">${about.heading}</h2>
<section class="card"><h3>${words.who.heading}</h3><address>${escaped(company.name)}, ${escaped(company.legalForm)}, ${words.who.capital} ${escaped(company.shareCapital)}<br>${escaped(company.headOffice)}<br>${escaped(company.registration)}</address>
<p>${words.who.dpo} : <a href="mailto:${escaped(dpo.email)}">${escaped(dpo.email)}</a><br>${escaped(dpo.postalAddress)}</p></section>
${access}<section class="card"><h3>${words.rights.heading}</h3><p>${escaped(words.rights.introduction)}</p><ul class="rights">${rights.join('')}</ul>
<p>${escaped(words.rights.complaint)}</p><address>${escaped(recourse.authority)}, ${escaped(recourse.address)}<br><a href="${escaped(recourse.url)}" rel="noreferrer">${escaped(recourse.url)}</a></address></section>
`;
  }
}

/** The purposes of a source, and the bases that they rest on, in words. */
function groundsOf(source: PersonalDataSource, language: Language): { readonly why: string; readonly basis: string } {
  const purposes = source.purposes.flatMap((id) => purposeById(id) ?? []);
  const bases = [...new Set<LegalBasis>(purposes.map(({ legalBasis }) => legalBasis))];
  return {
    why: purposes.map(({ title }) => title[language]).join(' ; '),
    basis: bases.map((basis) => pageWords[language].bases[basis]).join(', '),
  };
}

/** What art. 15(1) wants said of each set of data. */
function factsOf(source: PersonalDataSource, language: Language): string {
  const words = pageWords[language];
  const { why, basis } = groundsOf(source, language);
  const { onErasure } = source;
  const erased =
    onErasure.kind === 'keep'
      ? `<span class="kept">${escaped(words.erasures.keep(onErasure.reason[language], onErasure.legalReference))}</span>`
      : escaped(onErasure.kind === 'anonymise' ? onErasure.how[language] : words.erasures.erase);
  const rows: readonly (readonly [string, string])[] = [
    [words.facts.why, escaped(why)],
    [words.facts.basis, escaped(basis)],
    [words.facts.origin, escaped(words.origins[source.origin])],
    [words.facts.recipients, escaped(source.recipients[language])],
    [words.facts.retention, escaped(source.retention[language])],
    [words.facts.onErasure, erased],
  ];
  const shown = rows.filter(([, text]) => text !== '').map(([name, text]) => `<dt>${name}</dt><dd>${text}</dd>`);
  return `<dl class="facts">${shown.join('')}</dl>`;
}
