import type { PersonalDataRecord } from '../source.ts';
import { type Cells, cellsOf } from './cells.ts';
import { emptyShape, observe, type Shape } from './json-schema.ts';

/** Rows that the page shows; all of them are in the table beside it. */
export const PREVIEW_ROWS = 50;
/** Characters of a cell on the page, and cells of a row: the page stays small whatever the data are. */
const PREVIEW_CELL = 500;
const PREVIEW_CELLS = 60;
/** A table with more columns than this nobody reads: objects then stay in one cell. */
const MAX_COLUMNS = 80;

/** What is remembered of a source's records once they have passed: never the records themselves. */
export interface Summary {
  count: number;
  readonly shape: Shape;
  /** The columns of the table, objects laid out flat; more than {@link MAX_COLUMNS} of them are not kept. */
  readonly columns: Set<string>;
  /** The columns with objects as one cell each. */
  readonly outerColumns: Set<string>;
  readonly preview: Cells[];
}

export const emptySummary = (): Summary => ({
  count: 0,
  shape: emptyShape(),
  columns: new Set(),
  outerColumns: new Set(),
  preview: [],
});

/** Adds a record. */
export function summarise(summary: Summary, record: PersonalDataRecord): void {
  summary.count += 1;
  observe(summary.shape, record);
  if (summary.columns.size <= MAX_COLUMNS) for (const name of cellsOf(record).keys()) summary.columns.add(name);
  for (const name of cellsOf(record, 1).keys()) {
    if (summary.outerColumns.size < MAX_COLUMNS * 10) summary.outerColumns.add(name);
  }
  if (summary.preview.length < PREVIEW_ROWS) {
    const cells = [...cellsOf(record)].slice(0, PREVIEW_CELLS);
    summary.preview.push(
      new Map(
        cells.map(([name, text]) => [name, text.length > PREVIEW_CELL ? `${text.slice(0, PREVIEW_CELL)}…` : text]),
      ),
    );
  }
}

/** The columns that a table of these records has, and how deep its records are to be laid out. */
export function tableOf({ columns, outerColumns }: Summary): {
  readonly columns: readonly string[];
  readonly depth?: 1;
} {
  return columns.size <= MAX_COLUMNS ? { columns: [...columns] } : { columns: [...outerColumns], depth: 1 };
}
