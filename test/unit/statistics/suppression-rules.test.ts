import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type CountedCell,
  OTHERS,
  type PublishedCell,
  publishable,
} from '../../../shared/statistics/suppression-rules.ts';

const LEAST = 10;

/** How many different people each company has in each section: person ids, so that one can be in several. */
type Population = readonly (readonly (readonly number[])[])[];

const companyOf = (index: number) => `company-${index}`;
const sectionOf = (index: number) => `section-${index}`;

/** Counts a population as the product does; each person counts by a number of events of their own. */
function counted(population: Population): readonly CountedCell[] {
  const cell = (people: readonly number[], where: object): CountedCell[] =>
    people.length === 0
      ? []
      : [
          {
            metric: 'visits',
            ...where,
            people: new Set(people).size,
            count: people.reduce((sum, person) => sum + 1 + (person % 7), 0),
          },
        ];
  const columns = population[0]?.map((_, section) => population.flatMap((row) => row[section] ?? [])) ?? [];
  return [
    ...cell(population.flat(2), {}),
    ...population.flatMap((row, index) => cell(row.flat(), { company: companyOf(index) })),
    ...columns.flatMap((people, index) => cell(people, { section: sectionOf(index) })),
    ...population.flatMap((row, company) =>
      row.flatMap((people, section) => cell(people, { company: companyOf(company), section: sectionOf(section) })),
    ),
  ];
}

/** People one by one: by company, now and then of two companies, in overlapping sections. */
const mixed: fc.Arbitrary<Population> = fc
  .record({ companies: fc.integer({ min: 1, max: 4 }), sections: fc.integer({ min: 1, max: 3 }) })
  .chain(({ companies, sections }) =>
    fc
      .array(
        fc.record({
          company: fc.integer({ min: 0, max: companies - 1 }),
          second: fc.option(fc.integer({ min: 0, max: companies - 1 }), { freq: 8, nil: undefined }),
          seen: fc.subarray(
            Array.from({ length: sections }, (_, index) => index),
            { minLength: 1 },
          ),
        }),
        { minLength: 0, maxLength: 90 },
      )
      .map((people) =>
        Array.from({ length: companies }, (_, company) =>
          Array.from({ length: sections }, (_, section) =>
            people.flatMap((person, id) =>
              (person.company === company || person.second === company) && person.seen.includes(section) ? [id] : [],
            ),
          ),
        ),
      ),
  );

/** Crowds: so many of a company in a section, mostly the same people as in its other sections. */
const crowds: fc.Arbitrary<Population> = fc
  .record({ companies: fc.integer({ min: 2, max: 4 }), sections: fc.integer({ min: 2, max: 3 }) })
  .chain(({ companies, sections }) =>
    fc.array(
      fc.array(fc.oneof(fc.constant(0), fc.integer({ min: 1, max: 9 }), fc.integer({ min: 10, max: 40 })), {
        minLength: sections,
        maxLength: sections,
      }),
      { minLength: companies, maxLength: companies },
    ),
  )
  .map((sizes) =>
    sizes.map((row, company) =>
      row.map((size, section) => Array.from({ length: size }, (_, id) => 1_000 * company + 5 * section + id)),
    ),
  );

/** Nothing is known of a company or section in which nobody was: it is not there. */
const population = fc.oneof(mixed, crowds).map((people): Population => {
  const isSeen = (_: unknown, section: number) => people.some((row) => (row[section]?.length ?? 0) > 0);
  return people.filter((row) => row.flat().length > 0).map((row) => row.filter(isSeen));
});

/** The published numbers as sums over cells of company and section: one 0/1 vector for each number that was told. */
function equations(population: Population, published: readonly PublishedCell[]): number[][] {
  const told = published.filter(({ value }) => value !== null);
  const named = (dimension: 'company' | 'section') => {
    const other = dimension === 'company' ? 'section' : 'company';
    return new Set(told.flatMap((cell) => (cell[other] === undefined ? [cell[dimension]] : [])));
  };
  const names = { company: named('company'), section: named('section') };
  const covers = (dimension: 'company' | 'section', wanted: string | undefined, name: string) =>
    wanted === undefined || wanted === name || (wanted === OTHERS && !names[dimension].has(name));
  return told.map((cell) =>
    population.flatMap((row, company) =>
      row.map((_, section) =>
        covers('company', cell.company, companyOf(company)) && covers('section', cell.section, sectionOf(section))
          ? 1
          : 0,
      ),
    ),
  );
}

/** Gaussian elimination: the vectors in reduced form, by the column that each leads. */
function reduced(vectors: readonly (readonly number[])[]): ReadonlyMap<number, readonly number[]> {
  const basis = new Map<number, number[]>();
  for (const vector of vectors) {
    const rest = remainder(vector, basis);
    const lead = rest.findIndex((value) => Math.abs(value) > 1e-9);
    if (lead < 0) continue;
    const scaled = rest.map((value) => value / (rest[lead] ?? 1));
    for (const [column, other] of basis) {
      const factor = other[lead] ?? 0;
      if (factor !== 0) {
        basis.set(
          column,
          other.map((value, index) => value - factor * (scaled[index] ?? 0)),
        );
      }
    }
    basis.set(lead, scaled);
  }
  return basis;
}

function remainder(vector: readonly number[], basis: ReadonlyMap<number, readonly number[]>): number[] {
  const rest = [...vector];
  for (const [lead, row] of basis) {
    const factor = rest[lead] ?? 0;
    if (factor !== 0)
      row.forEach((value, index) => {
        rest[index] = (rest[index] ?? 0) - factor * value;
      });
  }
  return rest;
}

describe('C5 what is published tells of no fewer than ten people', () => {
  it('whatever is added to and subtracted from the exact numbers', () => {
    let gridsShown = 0;
    fc.assert(
      fc.property(population, (people) => {
        const published = publishable(counted(people), LEAST);
        if (published.some(({ company, section }) => company && section)) gridsShown += 1;
        const cells = people.flat();
        const basis = reduced(equations(people, published));
        // Every set of cells: when the numbers determine its sum, enough people are behind it.
        for (let set = 1; set < 2 ** cells.length; set += 1) {
          const members = cells.map((_, index) => (set >> index) & 1);
          const behind = new Set(cells.flatMap((cell, index) => (members[index] ? cell : []))).size;
          if (behind >= LEAST) continue;
          const isDetermined = remainder(members, basis).every((value) => Math.abs(value) < 1e-9);
          expect({ set: members, behind, isDetermined }).toEqual({ set: members, behind, isDetermined: false });
        }
      }),
      { numRuns: 400 },
    );
    expect(gridsShown).toBeGreaterThan(5);
  });

  it('numbers come in steps of ten, and a suppressed one is no number', () => {
    fc.assert(
      fc.property(population, (people) => {
        for (const { value } of publishable(counted(people), LEAST)) if (value !== null) expect(value % 10).toBe(0);
      }),
    );
  });

  it('nobody can tell by the list whether a small company was there', () => {
    const big = Array.from({ length: 25 }, (_, id) => id);
    const middle = Array.from({ length: 12 }, (_, id) => 100 + id);
    const names = (people: Population) => publishable(counted(people), LEAST).map(({ company }) => company);
    expect(names([[big], [middle], [[200]]])).not.toContain(companyOf(2));
    expect(names([[big], [middle], [[200]]])).toContain(OTHERS);
  });
});

describe('examples', () => {
  const crowd = (size: number, from: number) => Array.from({ length: size }, (_, id) => from + id);

  it('fewer than ten people in all: nothing but that it is suppressed', () => {
    expect(publishable(counted([[crowd(9, 0)]]), LEAST)).toEqual([
      { metric: 'page-views', value: null },
      { metric: 'visits', value: null },
      { metric: 'actions', value: null },
    ]);
  });

  it('a small company takes the smallest large one with it', () => {
    const told = publishable(counted([[crowd(30, 0)], [crowd(11, 100)], [crowd(3, 200)]]), LEAST);
    const companies = told.filter(({ metric, company }) => metric === 'visits' && company);
    expect(companies.map(({ company, value }) => [company, value !== null])).toEqual([
      [companyOf(0), true],
      [OTHERS, true],
      [companyOf(1), false],
    ]);
  });

  it('large companies in popular sections are crossed', () => {
    const told = publishable(
      counted([
        [crowd(40, 0), crowd(30, 0)],
        [crowd(35, 100), crowd(20, 100)],
        [crowd(30, 200), crowd(15, 200)],
      ]),
      LEAST,
    );
    const grid = told.filter(({ company, section }) => company && section);
    expect(grid.map(({ company, section }) => `${company}/${section}`).sort()).toEqual([
      'company-0/section-0',
      'company-1/section-0',
    ]);
  });
});
