import { markdownTable } from '../../scripts/markdown-table.ts';
import { type Counted, tripsOf } from './counting.ts';

/** One row of a table of counted figures: what was counted, in one or two columns. */
export interface Row {
  readonly label: readonly string[];
  readonly counted: Counted;
}

const FIGURES = ['point reads', 'queries', 'plans', 'writes', 'batches', 'request units'];
const marks = (name: string) => new RegExp(`(<!-- ${name}:start -->)([\\s\\S]*)(<!-- ${name}:end -->)`);

/** The document with a table between its marks. `decimals` are those of the round trips. */
export function withTable(
  document: string,
  name: string,
  labels: readonly string[],
  rows: readonly Row[],
  decimals = 0,
): string {
  const cells = rows.map(({ label, counted: { reads, queries, plans, writes, batches, units } }) => [
    ...label,
    ...[reads, queries, plans, writes, batches].map((trips) => trips.toFixed(decimals)),
    units.toFixed(1),
  ]);
  const table = markdownTable([...labels, ...FIGURES], cells, labels.length);
  return document.replace(marks(name), (_, start: string, __, end: string) => `${start}\n\n${table}\n\n${end}`);
}

/** The rows of a table between its marks. */
export function rowsOf(document: string, name: string): readonly Row[] {
  const lines = (marks(name).exec(document)?.[2] ?? '').trim().split('\n').slice(2);
  return lines.map((line) => {
    const cells = line
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.trim());
    const [reads = 0, queries = 0, plans = 0, writes = 0, batches = 0, units = 0] = cells
      .slice(-FIGURES.length)
      .map(Number);
    return { label: cells.slice(0, -FIGURES.length), counted: { reads, queries, plans, writes, batches, units } };
  });
}

/** Where the table tells something else than was counted, give or take what an instance happens to have in memory. */
export function differences(told: readonly Row[], counted: readonly Row[]): readonly string[] {
  const keyed = (rows: readonly Row[]) => new Map(rows.map((row) => [row.label.join(', '), row.counted]));
  const [tells, counts] = [keyed(told), keyed(counted)];
  const isNear = (a: Counted, b: Counted) =>
    Math.abs(tripsOf(a) - tripsOf(b)) <= 1 && Math.abs(a.units - b.units) <= a.units / 4 + 3;
  const wrong = [...counts].flatMap(([name, found]) => {
    const said = tells.get(name);
    if (!said) return [`${name} is missing`];
    return isNear(said, found) ? [] : [`${name}: told ${JSON.stringify(said)}, counted ${JSON.stringify(found)}`];
  });
  return [...wrong, ...[...tells.keys()].filter((name) => !counts.has(name)).map((name) => `${name} is not counted`)];
}
