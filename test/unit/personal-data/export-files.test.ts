import { Ajv2020 } from 'ajv/dist/2020.js';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { PersonalDataRecord } from '../../../shared/personal-data/index.ts';
import { cellsOf, harmless } from '../../../shared/personal-data/packages/cells.ts';
import { fieldName } from '../../../shared/personal-data/packages/field-names.ts';
import { csvFile, jsonFile, schemaFile } from '../../../shared/personal-data/packages/record-files.ts';
import { withoutOthersAddresses } from '../../../shared/personal-data/packages/redaction-rules.ts';
import { emptySummary } from '../../../shared/personal-data/packages/summary.ts';

const described = { id: 'things', category: 'account', title: 'Choses' };

async function* each(records: readonly PersonalDataRecord[]) {
  yield* records;
}

async function written(content: AsyncIterable<string>): Promise<string> {
  let text = '';
  for await (const part of content) text += part;
  return text;
}

async function files(records: readonly PersonalDataRecord[]) {
  const summary = emptySummary();
  const json = JSON.parse(await written(jsonFile(described, each(records), summary)));
  return {
    json,
    schema: JSON.parse(schemaFile(described, summary)),
    csv: await written(csvFile(each(records), summary)),
  };
}

/** The cells of a CSV document (RFC 4180, `;`). */
function parsed(csv: string): readonly (readonly string[])[] {
  const rows: string[][] = [];
  const pattern = /(?:"((?:[^"]|"")*)"|([^;\r\n]*))(;|\r\n)/gy;
  let row: string[] = [];
  for (const [, quoted, bare, end] of csv.replace(/^\ufeff/, '').matchAll(pattern)) {
    row.push(quoted === undefined ? (bare ?? '') : quoted.replaceAll('""', '"'));
    if (end === '\r\n') {
      rows.push(row);
      row = [];
    }
  }
  return rows;
}

const value = fc.oneof(
  fc.string({ unit: 'grapheme' }),
  fc.constantFrom('=1+1', '+33 1', '-2', '@sum', '\t=1', '  =cmd', '\u200b=x', '＝1', '";"', 'a\r\nb', '\u202eאב', "'"),
  fc.double({ noNaN: true, noDefaultInfinity: true }),
  fc.boolean(),
  fc.constant(null),
  fc.array(fc.oneof(fc.string(), fc.integer()), { maxLength: 3 }),
);
const record = fc.dictionary(
  fc.string({ minLength: 1, maxLength: 8 }).filter((name) => name !== '__proto__'),
  fc.oneof(value, fc.dictionary(fc.constantFrom('a', 'b', '=c'), value, { maxKeys: 3 })),
  { minKeys: 1, maxKeys: 5 },
);

describe('G1 G4 the files of an export', () => {
  it('whatever the records are: the JSON holds them exactly and follows its schema', async () => {
    const ajv = new Ajv2020({ strict: false, ownProperties: true, formats: { 'date-time': true } });
    await fc.assert(
      fc.asyncProperty(fc.array(record, { minLength: 1, maxLength: 6 }), async (records) => {
        const { json, schema } = await files(records);
        expect(json.items).toEqual(JSON.parse(JSON.stringify(records)));
        expect(ajv.validate(schema, json)).toBe(true);
      }),
      { numRuns: 200 },
    );
  });

  it('whatever the records are: the table has a row for each, a cell for each column, and no cell that runs', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(record, { minLength: 1, maxLength: 6 }), async (records) => {
        const { csv } = await files(records);
        expect(csv.startsWith('\ufeff')).toBe(true);
        const [header = [], ...rows] = parsed(csv);
        expect(rows).toHaveLength(records.length);
        for (const row of [header, ...rows]) {
          expect(row).toHaveLength(header.length);
          for (const cell of row) {
            if (!/^-?\d+(?:\.\d+)?$/.test(cell)) expect(cell).not.toMatch(/^[\s\p{Cf}]*[=+\-@＝＋－＠\t]/u);
          }
        }
      }),
      { numRuns: 200 },
    );
  });

  it('numbers stay numbers, text that begins like a formula becomes text', () => {
    expect(['-12.5', '=1', '+33 1 23', '-x', ' @a', 'été'].map(harmless)).toEqual([
      '-12.5',
      "'=1",
      "'+33 1 23",
      "'-x",
      "' @a",
      'été',
    ]);
  });

  it('objects are laid out flat, down to three levels; what is deeper is JSON', () => {
    expect([...cellsOf({ a: { b: { c: { d: 1 } } }, list: ['x', 2], rows: [{ y: 1 }], gone: undefined })]).toEqual([
      ['a.b.c', '{"d":1}'],
      ['list', 'x, 2'],
      ['rows', '[{"y":1}]'],
    ]);
  });

  it('a wide table keeps objects in one cell', async () => {
    const fields = Object.fromEntries(Array.from({ length: 200 }, (_, index) => [`field ${index}`, index]));
    const { csv } = await files([{ formId: 'wide', fields }]);
    expect(parsed(csv)[0]).toEqual(['formId', 'fields']);
  });

  it('hides other people’s addresses, and only addresses', () => {
    const isKnown = (address: string) => address === 'me@partner.example';
    const hidden = withoutOthersAddresses(
      {
        text: 'De me@partner.example à zoé.x+1@autre.example, @moi',
        list: [{ to: 'a@b.example' }],
        count: 2,
        no: null,
      },
      isKnown,
      '[…]',
    );
    expect(hidden).toEqual({
      text: 'De me@partner.example à […], @moi',
      list: [{ to: '[…]' }],
      count: 2,
      no: null,
    });
  });

  it('names fields in the reader’s language, and leaves the names that people gave alone', () => {
    expect(fieldName('recipient.name', 'fr')).toBe('Destinataire › Nom');
    expect(fieldName('lastUsedAt', 'en')).toBe('Last used at');
    expect(fieldName('fields.Nom de l’assuré', 'fr')).toBe('Champs › Nom de l’assuré');
  });
});
