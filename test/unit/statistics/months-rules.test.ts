import { describe, expect, it } from 'vitest';
import { monthAfter, monthOf, monthsBetween, startOf } from '../../../shared/statistics/months-rules.ts';

describe('months are those of Paris', () => {
  it.each([
    ['2026-12-31T22:59:59.999Z', '2026-12'],
    ['2026-12-31T23:00:00.000Z', '2027-01'],
    ['2027-03-31T21:59:59.999Z', '2027-03'],
    ['2027-03-31T22:00:00.000Z', '2027-04'],
  ] as const)('%s is in %s', (instant, month) => {
    expect(monthOf(new Date(instant))).toBe(month);
  });

  it('begin at midnight in Paris, in winter and in summer time, over many years', () => {
    for (const month of monthsBetween('2020-01', '2040-12')) {
      const start = startOf(month);
      expect(monthOf(start)).toBe(month);
      expect(monthOf(new Date(start.getTime() - 1))).toBe(monthAfter(month, -1));
    }
  });

  it('count over the turn of the year', () => {
    expect([monthAfter('2026-12'), monthAfter('2026-01', -1), monthAfter('2026-11', 14)]).toEqual([
      '2027-01',
      '2025-12',
      '2028-01',
    ]);
  });
});
