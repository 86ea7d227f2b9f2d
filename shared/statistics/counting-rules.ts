import type { CountedCell, Metric } from './suppression-rules.ts';

/** What is counted of one event. */
export interface CountedEvent {
  readonly kind: 'page-view' | 'visit' | 'action';
  readonly path: string;
  readonly company: string;
}

const metricOf = { 'page-view': 'page-views', visit: 'visits', action: 'actions' } as const satisfies Record<
  CountedEvent['kind'],
  Metric
>;

/** The section of the extranet that a path lies in: its first part. What comes behind could lead to a person, and is not counted by. */
export function sectionOf(path: string): string {
  return `/${path.split('/')[1] ?? ''}`;
}

/** The counts of some people. Nothing in it leads back to one of them. */
export type Tally = Map<string, CountedCell>;

/** Adds one person's events, all of the month at once, so that the person counts once in each cell. */
export function addPerson(tally: Tally, events: Iterable<CountedEvent>): void {
  const own: Tally = new Map();
  for (const { kind, path, company } of events) {
    const metric = metricOf[kind];
    const section = sectionOf(path);
    for (const where of [{}, { company }, { section }, { company, section }]) {
      addCell(own, { metric, ...where, count: 1, people: 1 });
    }
  }
  // Within one person only the events add up.
  for (const cell of own.values()) addCell(tally, { ...cell, people: 1 });
}

/** Adds the counts of other people. */
export function addTally(tally: Tally, cells: Iterable<CountedCell>): void {
  for (const cell of cells) addCell(tally, cell);
}

function addCell(tally: Tally, cell: CountedCell): void {
  const key = JSON.stringify([cell.metric, cell.company ?? null, cell.section ?? null]);
  const before = tally.get(key);
  tally.set(key, {
    ...cell,
    count: cell.count + (before?.count ?? 0),
    people: cell.people + (before?.people ?? 0),
  });
}
