/** A record as a row: a name and a text for each value, those inside of objects under `outer.inner`. */
export type Cells = ReadonlyMap<string, string>;

/** Deeper than this a value is shown as JSON. */
const MAX_DEPTH = 3;

/** Lays a record out flat. A list of plain values is one cell, a list of anything else is JSON. */
export function cellsOf(record: Readonly<Record<string, unknown>>, depth = MAX_DEPTH): Cells {
  const cells = new Map<string, string>();
  function lay(prefix: string, value: unknown, left: number): void {
    if (value === undefined || value === null) {
      if (value === null) cells.set(prefix, '');
      return;
    }
    if (Array.isArray(value)) {
      const plain = value.every((item) => item === null || typeof item !== 'object');
      cells.set(prefix, plain ? value.map(String).join(', ') : JSON.stringify(value));
    } else if (typeof value === 'object') {
      const entries = Object.entries(value);
      if (left === 0) cells.set(prefix, JSON.stringify(value));
      else for (const [name, inner] of entries) lay(prefix ? `${prefix}.${name}` : name, inner, left - 1);
    } else {
      cells.set(prefix, String(value));
    }
  }
  lay('', record, depth);
  return cells;
}

/**
 * Text that a spreadsheet takes for a formula, also behind blanks or invisible characters (`=`, `+`, `-`, `@`, and their wide forms), which an apostrophe
 * turns into text.
 */
const FORMULA = /^[\s\p{Cf}]*[=+\-@\uff1d\uff0b\uff0d\uff20\t\r]/u;
const NUMBER = /^-?\d+(?:\.\d+)?$/;

/** A cell that no spreadsheet runs. Numbers stay numbers. */
export function harmless(cell: string): string {
  return FORMULA.test(cell) && !NUMBER.test(cell) ? `'${cell}` : cell;
}
