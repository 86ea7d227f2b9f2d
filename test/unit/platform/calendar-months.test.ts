import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { monthsAfter } from '../../../shared/platform/calendar-months.ts';

describe('calendar months', () => {
  it.each([
    ['2026-11-25T10:15:00.000Z', 60, '2031-11-25T10:15:00.000Z'],
    ['2027-01-31T00:00:00.000Z', 1, '2027-02-28T00:00:00.000Z'],
    ['2028-02-29T23:59:59.999Z', 12, '2029-02-28T23:59:59.999Z'],
    ['2026-12-31T00:00:00.000Z', 2, '2027-02-28T00:00:00.000Z'],
    ['2026-10-31T12:00:00.000Z', 13, '2027-11-30T12:00:00.000Z'],
  ] as const)('%s and %i months is %s', (from, months, expected) => {
    expect(monthsAfter(new Date(from), months).toISOString()).toBe(expected);
  });

  it('keep the time, never leap over a month, and never come later than so many days could', () => {
    const instants = fc.date({ min: new Date('2000-01-01'), max: new Date('2100-01-01'), noInvalidDate: true });
    fc.assert(
      fc.property(instants, fc.integer({ min: 0, max: 120 }), (from, months) => {
        const to = monthsAfter(from, months);
        const moved = (date: Date) => date.getUTCFullYear() * 12 + date.getUTCMonth();
        expect(moved(to) - moved(from)).toBe(months);
        expect(to.getUTCDate()).toBeLessThanOrEqual(from.getUTCDate());
        expect(to.toISOString().slice(10)).toBe(from.toISOString().slice(10));
      }),
    );
  });
});
