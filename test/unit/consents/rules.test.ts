import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type Answers,
  addMonths,
  type Choices,
  decided,
  grantedPurposes,
  joined,
  standing,
  termsOf,
  withdrawal,
} from '../../../shared/consents/rules.ts';

const instants = fc.date({
  min: new Date('2020-01-01T00:00:00Z'),
  max: new Date('2060-01-01T00:00:00Z'),
  noInvalidDate: true,
});
const purposes = ['audience-measurement', 'personalisation', 'content-suggestions', 'prospecting'];
const answers: fc.Arbitrary<Answers> = fc.dictionary(
  fc.constantFrom(...purposes),
  fc.constantFrom('granted' as const, 'denied' as const),
);
/** What a series of decisions leaves, an hour apart from `start`. */
function leftBy(series: readonly Answers[], start: Date): Choices {
  return series.reduce<Choices>((choices, given, index) => {
    const now = new Date(start.getTime() + index * 3_600_000);
    return decided(choices, given, { id: `cns_${index}`, sequence: index + 1 }, termsOf(now));
  }, {});
}

describe('H3 the terms of a decision', () => {
  it.each([
    ['2026-01-31T10:00:00.000Z', '2026-07-31T10:00:00.000Z', '2027-02-28T10:00:00.000Z'],
    ['2026-08-31T23:59:59.999Z', '2027-02-28T23:59:59.999Z', '2027-09-30T23:59:59.999Z'],
    ['2027-01-31T00:00:00.000Z', '2027-07-31T00:00:00.000Z', '2028-02-29T00:00:00.000Z'],
    ['2028-02-29T12:00:00.000Z', '2028-08-29T12:00:00.000Z', '2029-03-29T12:00:00.000Z'],
    // Around the changes of summer time in Europe/Paris: the same time of day in UTC.
    ['2026-03-29T01:30:00.000Z', '2026-09-29T01:30:00.000Z', '2027-04-29T01:30:00.000Z'],
    ['2026-10-25T00:30:00.000Z', '2027-04-25T00:30:00.000Z', '2027-11-25T00:30:00.000Z'],
    ['2026-11-30T09:15:00.000Z', '2027-05-30T09:15:00.000Z', '2027-12-30T09:15:00.000Z'],
  ])('%s is asked again at %s and over at %s', (decidedAt, askAgainAt, expiresAt) => {
    expect(termsOf(new Date(decidedAt))).toEqual({ decidedAt, askAgainAt, expiresAt });
  });

  it('lie 6 and 13 months later at the same time of day, on the same day or on the last of a shorter month', () => {
    fc.assert(
      fc.property(instants, fc.constantFrom(6, 13), (instant, months) => {
        const moved = addMonths(instant, months);
        expect(moved.toISOString().slice(11)).toBe(instant.toISOString().slice(11));
        const month = (date: Date) => date.getUTCFullYear() * 12 + date.getUTCMonth();
        expect(month(moved) - month(instant)).toBe(months);
        const lastDay = new Date(Date.UTC(moved.getUTCFullYear(), moved.getUTCMonth() + 1, 0)).getUTCDate();
        expect(moved.getUTCDate()).toBe(Math.min(instant.getUTCDate(), lastDay));
      }),
    );
  });

  it('are never more than 397 days, and a later decision never ends sooner', () => {
    fc.assert(
      fc.property(instants, instants, (one, other) => {
        const [earlier, later] = one <= other ? [one, other] : [other, one];
        const days = (Date.parse(termsOf(earlier).expiresAt) - earlier.getTime()) / 86_400_000;
        expect(days).toBeGreaterThanOrEqual(393);
        expect(days).toBeLessThanOrEqual(397);
        expect(termsOf(earlier).expiresAt <= termsOf(later).expiresAt).toBe(true);
      }),
    );
  });
});

describe('G8 H7 what stands', () => {
  it('is for each purpose the latest answer about it, until 13 months after that answer', () => {
    fc.assert(
      fc.property(
        fc.array(answers, { maxLength: 8 }),
        instants,
        fc.integer({ min: 0, max: 500 }),
        (series, start, days) => {
          const now = new Date(start.getTime() + days * 86_400_000);
          const stands = standing(leftBy(series, start), now);
          for (const purpose of purposes) {
            const index = series.findLastIndex((given) => given[purpose] !== undefined);
            const expiresAt = termsOf(new Date(start.getTime() + index * 3_600_000)).expiresAt;
            const expected = index >= 0 && expiresAt > now.toISOString() ? series[index]?.[purpose] : undefined;
            expect(stands[purpose]?.answer).toBe(expected);
          }
        },
      ),
    );
  });

  it('after a withdrawal nothing is granted, and withdrawing again withdraws nothing', () => {
    fc.assert(
      fc.property(fc.array(answers, { maxLength: 6 }), instants, (series, start) => {
        const before = leftBy(series, start);
        const now = new Date(start.getTime() + series.length * 3_600_000);
        const left = decided(before, withdrawal(before), { id: 'cns_w', sequence: 99 }, termsOf(now));
        expect(grantedPurposes(left, now)).toEqual([]);
        expect(withdrawal(left)).toEqual({});
        for (const purpose of Object.keys(withdrawal(before))) expect(left[purpose]?.status).toBe('ConsentWithdrawn');
      }),
    );
  });

  it('silence is refusal: what was never answered is never granted', () => {
    fc.assert(
      fc.property(answers, instants, (given, now) => {
        const granted = grantedPurposes(leftBy([given], now), now);
        expect(granted.every((purpose) => given[purpose] === 'granted')).toBe(true);
      }),
    );
  });
});

describe('C4 C6 device and account', () => {
  it('where they differ refusal wins, and no term is made longer', () => {
    fc.assert(
      fc.property(
        fc.array(answers, { maxLength: 5 }),
        fc.array(answers, { maxLength: 5 }),
        instants,
        instants,
        (a, d, atA, atD) => {
          const account = leftBy(a, atA);
          const device = leftBy(d, atD);
          const both = joined(account, device);
          expect(Object.keys(both).toSorted()).toEqual(
            [...new Set([...Object.keys(account), ...Object.keys(device)])].toSorted(),
          );
          for (const [purpose, choice] of Object.entries(both)) {
            const [own, other] = [account[purpose], device[purpose]];
            const answers = [own?.answer, other?.answer].filter(Boolean);
            expect(choice.answer).toBe(answers.includes('denied') ? 'denied' : 'granted');
            expect([own?.expiresAt, other?.expiresAt]).toContain(choice.expiresAt);
            expect([own?.decidedAt, other?.decidedAt]).toContain(choice.decidedAt);
          }
          expect(joined(both, device)).toEqual(both);
        },
      ),
    );
  });
});
