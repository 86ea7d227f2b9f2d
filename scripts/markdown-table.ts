/** A Markdown table with aligned columns: the first `labels` to the left, figures to the right. */
export function markdownTable(header: readonly string[], rows: readonly (readonly string[])[], labels = 1): string {
  const widths = header.map((title, column) => Math.max(title.length, ...rows.map((row) => row[column]?.length ?? 0)));
  const isLabel = (column: number) => column < labels;
  const padded = (cell: string, column: number) =>
    isLabel(column) ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0);
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  const rule = widths.map((width, column) => (isLabel(column) ? '-'.repeat(width) : `${'-'.repeat(width - 1)}:`));
  return [line(header.map(padded)), line(rule), ...rows.map((row) => line(row.map(padded)))].join('\n');
}
