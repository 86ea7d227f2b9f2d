/** How much of a table of two dimensions may be shown: the rows from `firstRow` on, the columns from `firstColumn` on. */
export interface ShownPart {
  readonly firstRow: number;
  readonly firstColumn: number;
}

/**
 * The largest part that may be shown of a table whose row and column totals are known. `people[row][column]` is a lower bound of the different people
 * behind a cell; rows and columns come in rising order of their people, so that the small ones are left out. `undefined`: no part.
 *
 * Let the rows be split into small and large ones, the columns into rare and popular ones, and the cells of large rows in popular columns be shown,
 * and no other. Whoever subtracts what is shown from the totals learns sums over sets of cells that are left out. A set can be got that way
 * exactly when it is a union of
 *
 * - what is left of large rows, or all of small rows (whole totals);
 * - what is left of popular columns, or all of rare columns (whole totals);
 * - or contains all small rows in all rare columns.
 *
 * For the rest of a row, the rest of a column and the small-and-rare corner it is therefore asked that enough people are behind them. Cells
 * that are left out are not told apart from empty ones: that somebody is not there is not told either.
 */
export function shownPart(people: readonly (readonly number[])[], least: number): ShownPart | undefined {
  const rows = people.length;
  const columns = people[0]?.length ?? 0;
  let best: (ShownPart & { readonly size: number }) | undefined;
  // The more columns are left out, the fewer rows need be: both borders move in one direction only.
  let firstRow = rows - 1;
  for (let firstColumn = 1; firstColumn < columns; firstColumn += 1) {
    while (firstRow > 1 && isSafe(people, firstRow - 1, firstColumn, least)) firstRow -= 1;
    if (firstRow < 1 || !isSafe(people, firstRow, firstColumn, least)) continue;
    const size = (rows - firstRow) * (columns - firstColumn);
    if (!best || size > best.size) best = { firstRow, firstColumn, size };
  }
  return best && { firstRow: best.firstRow, firstColumn: best.firstColumn };
}

/** Different people of a union are at least those of its largest member. */
function isSafe(people: readonly (readonly number[])[], firstRow: number, firstColumn: number, least: number): boolean {
  const small = people.slice(0, firstRow);
  const large = people.slice(firstRow);
  const columns = people[0]?.length ?? 0;
  const isRestSafe = large.every((row) => Math.max(...row.slice(0, firstColumn)) >= least);
  const isShownSafe = large.every((row) => row.slice(firstColumn).every((cell) => cell >= least));
  if (!isRestSafe || !isShownSafe) return false;
  for (let column = firstColumn; column < columns; column += 1) {
    if (!small.some((row) => (row[column] ?? 0) >= least)) return false;
  }
  return small.some((row) => row.slice(0, firstColumn).some((cell) => cell >= least));
}
