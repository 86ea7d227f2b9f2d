import type { stringify as Stringify } from 'csv-stringify/sync';
import type { PersonalDataRecord } from '../source.ts';
import { cellsOf, harmless } from './cells.ts';
import { schemaOf } from './json-schema.ts';
import { emptySummary, type Summary, summarise, tableOf } from './summary.ts';

interface Described {
  readonly id: string;
  readonly category: string;
  readonly title: string;
}

const ROWS_AT_ONCE = 200;

/** The records as one JSON document, record by record, while `summary` notes what passes. */
export async function* jsonFile(
  { id, category, title }: Described,
  records: AsyncIterable<PersonalDataRecord>,
  summary: Summary,
): AsyncGenerator<string> {
  const head = { $schema: `../schema/${id}.json`, source: id, category, title };
  yield `${JSON.stringify(head).slice(0, -1)},"items":[`;
  let separator = '\n';
  for await (const record of records) {
    summarise(summary, record);
    yield `${separator}${JSON.stringify(record)}`;
    separator = ',\n';
  }
  yield '\n]}\n';
}

/**
 * The records as a table for a spreadsheet: UTF-8 with a byte order mark, `;`, lines ended as RFC 4180 has it, and no cell that would be run as a
 * formula.
 */
export async function* csvFile(records: AsyncIterable<PersonalDataRecord>, summary: Summary): AsyncGenerator<string> {
  const { stringify }: { stringify: typeof Stringify } = await import('csv-stringify/sync');
  const { columns, depth } = tableOf(summary);
  const written = (rows: string[][]) => stringify(rows, { delimiter: ';', record_delimiter: '\r\n' });
  yield `\ufeff${written([columns.map(harmless)])}`;
  let rows: string[][] = [];
  for await (const record of records) {
    const cells = cellsOf(record, depth);
    rows.push(columns.map((column) => harmless(cells.get(column) ?? '')));
    if (rows.length < ROWS_AT_ONCE) continue;
    yield written(rows);
    rows = [];
  }
  if (rows.length > 0) yield written(rows);
}

/** The JSON Schema that the document of these records follows. */
export function schemaFile({ title }: Described, { shape }: Summary): string {
  const schema = {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    title,
    type: 'object',
    properties: {
      $schema: { type: 'string' },
      source: { type: 'string' },
      category: { type: 'string' },
      title: { type: 'string' },
      items: { type: 'array', items: schemaOf(shape) },
    },
    required: ['source', 'category', 'items'],
  };
  return `${JSON.stringify(schema, null, 2)}\n`;
}

/** The records and a fresh summary for them; nothing when there is not even one. */
export async function peek(
  records: AsyncIterable<PersonalDataRecord>,
): Promise<{ readonly records: AsyncIterable<PersonalDataRecord>; readonly summary: Summary } | undefined> {
  const iterator = records[Symbol.asyncIterator]();
  const first = await iterator.next();
  if (first.done) return undefined;
  async function* whole() {
    yield first.value as PersonalDataRecord;
    for (let next = await iterator.next(); !next.done; next = await iterator.next()) yield next.value;
  }
  return { records: whole(), summary: emptySummary() };
}
