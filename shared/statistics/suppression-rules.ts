import { shownPart } from './grid-rules.ts';

/** What is counted: fixed cubes, and nothing else can be asked for (WP216). No metric is the sum of others, from which one could be taken. */
export const metrics = ['page-views', 'visits', 'actions'] as const;
export type Metric = (typeof metrics)[number];

/** No number is told that fewer people than this are behind. */
export const LEAST_PEOPLE = 10;
/** Numbers are told in steps of this. */
export const ROUNDED_TO = 10;
/** What is too small to be told by name is told together. */
export const OTHERS = '(other)';

/** One cell as counted, before anybody may see it: how many events, by how many different people. */
export interface CountedCell {
  readonly metric: Metric;
  readonly company?: string;
  readonly section?: string;
  readonly count: number;
  readonly people: number;
}

/** One cell as published. `value` is `null` where telling it would tell of too few. */
export interface PublishedCell {
  readonly metric: Metric;
  readonly company?: string;
  readonly section?: string;
  readonly value: number | null;
}

/** A part of a total: one company or section, or several told together. */
export interface Group {
  readonly name: string;
  readonly members: readonly string[];
  readonly count: number;
  /** At least so many different people. */
  readonly people: number;
}

/** A total cut into parts of which none is about too few people. */
export interface Partition {
  readonly groups: readonly Group[];
  /** Large enough by themselves, and told with the small ones, so that those cannot be got by subtraction. */
  readonly hidden: readonly string[];
}

/**
 * Cuts a total into named parts that enough people are behind; the rest is told together. Where the rest itself were too small, the smallest named
 * parts go into it (complementary suppression): the parts always add up to the total, and whatever is subtracted from it leaves enough people.
 *
 * Different people of a union are at least those of its largest member; that bound is used, since people can be in several.
 */
export function partitioned(cells: readonly Named[], least: number): Partition {
  const rising = cells.toSorted((a, b) => a.people - b.people || a.name.localeCompare(b.name));
  const small = rising.filter(({ people }) => people < least);
  const large = rising.filter(({ people }) => people >= least);
  const hidden = small.length > 0 ? large.slice(0, 1) : [];
  const named = large.slice(hidden.length).map((cell): Group => ({ ...cell, members: [cell.name] }));
  const rest = [...small, ...hidden];
  const others: Group = {
    name: OTHERS,
    members: rest.map(({ name }) => name),
    count: rest.reduce((sum, { count }) => sum + count, 0),
    people: Math.max(0, ...rest.map(({ people }) => people)),
  };
  const groups = [...named.toSorted((a, b) => a.name.localeCompare(b.name)), ...(rest.length > 0 ? [others] : [])];
  return { groups, hidden: hidden.map(({ name }) => name) };
}

interface Named {
  readonly name: string;
  readonly count: number;
  readonly people: number;
}

/**
 * What may be published of the counts of one month (clause C5). For each metric: the total, its parts by company and by section, and the two crossed. No
 * published number, and no sum or difference of published numbers, is about fewer people than {@link LEAST_PEOPLE}.
 */
export function publishable(cells: readonly CountedCell[], least = LEAST_PEOPLE): readonly PublishedCell[] {
  return metrics.flatMap((metric) => {
    const counted = cells.filter((cell) => cell.metric === metric);
    const total = counted.find(({ company, section }) => company === undefined && section === undefined);
    if (!total || total.people < least) return [{ metric, value: null }];
    const companies = partitioned(margin(counted, 'company'), least);
    const sections = partitioned(margin(counted, 'section'), least);
    return [
      { metric, value: rounded(total.count) },
      ...told(companies).map(({ name, value }) => ({ metric, company: name, value })),
      ...told(sections).map(({ name, value }) => ({ metric, section: name, value })),
      ...crossed(metric, counted, companies, sections, least),
    ];
  });
}

/** The parts of the total by one dimension. */
function margin(cells: readonly CountedCell[], dimension: 'company' | 'section'): readonly Named[] {
  const other = dimension === 'company' ? 'section' : 'company';
  return cells.flatMap((cell) => {
    const name = cell[dimension];
    return name === undefined || cell[other] !== undefined ? [] : [{ name, count: cell.count, people: cell.people }];
  });
}

/** The parts by name. A single part is the total over again and is left out. */
function told({ groups, hidden }: Partition): readonly { readonly name: string; readonly value: number | null }[] {
  const shown = groups.length > 1 || groups[0]?.name !== OTHERS ? groups : [];
  return [
    ...shown.map(({ name, count }) => ({ name, value: rounded(count) })),
    ...hidden.map((name) => ({ name, value: null })),
  ];
}

/** The two dimensions crossed, as far as that can be told; the groups that are left out are in the totals alone. */
function crossed(
  metric: Metric,
  cells: readonly CountedCell[],
  companies: Partition,
  sections: Partition,
  least: number,
): readonly PublishedCell[] {
  const rows = companies.groups.toSorted(byPeople);
  const columns = sections.groups.toSorted(byPeople);
  const rowOf = indexOfMembers(rows);
  const columnOf = indexOfMembers(columns);
  const grid = rows.map(() => columns.map(() => ({ count: 0, people: 0 })));
  for (const { company, section, count, people } of cells) {
    if (company === undefined || section === undefined) continue;
    const cell = grid[rowOf.get(company) ?? -1]?.[columnOf.get(section) ?? -1];
    if (!cell) continue;
    cell.count += count;
    cell.people = Math.max(cell.people, people);
  }
  const people = grid.map((row) => row.map((cell) => cell.people));
  const part = shownPart(people, least);
  if (!part) return [];
  return rows.slice(part.firstRow).flatMap((company, row) =>
    columns.slice(part.firstColumn).map(
      (section, column): PublishedCell => ({
        metric,
        company: company.name,
        section: section.name,
        value: rounded(grid[part.firstRow + row]?.[part.firstColumn + column]?.count ?? 0),
      }),
    ),
  );
}

/** In rising order, what is told together before all others: it is what is left out first. */
function byPeople(a: Group, b: Group): number {
  return Number(b.name === OTHERS) - Number(a.name === OTHERS) || a.people - b.people || a.name.localeCompare(b.name);
}

function indexOfMembers(groups: readonly Group[]): ReadonlyMap<string, number> {
  return new Map(groups.flatMap(({ members }, index) => members.map((member) => [member, index] as const)));
}

function rounded(count: number): number {
  return Math.round(count / ROUNDED_TO) * ROUNDED_TO;
}
