import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isWithinTerm, retentionDays } from '../../../shared/cookies/rules.ts';

describe('H3 the retention of a cookie', () => {
  it.each([
    ['session', 0],
    ['PT30M', 30 / 1_440],
    ['P1D', 1],
    ['P1DT12H', 1.5],
    ['P2W', 14],
    ['P1Y', 365.25],
    ['13 mois', (13 * 365.25) / 12],
    ['1 year', 365.25],
    ['395 jours', 395],
  ])('%s is %f days', (retention, days) => {
    expect(retentionDays(retention)).toBeCloseTo(days, 9);
  });

  it.each(['', 'P', 'PT', 'P1', '13', 'forever', 'P1M1Y', '-P1D', 'P1D2', '12 lunes', 'sessions'])(
    'does not understand %j, and so refuses it',
    (retention) => {
      expect(retentionDays(retention)).toBeUndefined();
      expect(isWithinTerm(retention)).toBe(false);
    },
  );

  it('13 months are the most, in whatever unit', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 99 }), (months) => {
        expect(isWithinTerm(`P${months}M`)).toBe(months <= 13);
        expect(isWithinTerm(`${months} mois`)).toBe(months <= 13);
      }),
    );
    expect(isWithinTerm('P1Y1M')).toBe(true);
    expect(isWithinTerm('P1Y2M')).toBe(false);
    expect([isWithinTerm('P395D'), isWithinTerm('P396D')]).toEqual([true, false]);
  });
});
