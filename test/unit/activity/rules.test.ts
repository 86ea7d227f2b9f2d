import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { endOf, isMeasurable } from '../../../shared/activity/rules.ts';

const now = new Date('2026-11-23T09:15:00.000Z');
const minutes = (count: number) => new Date(now.getTime() + count * 60_000);

describe('H1 what is worth measuring', () => {
  it('is at most a day old and not in the future, but for a minute of a fast clock', () => {
    fc.assert(
      fc.property(fc.integer({ min: -3_000, max: 200 }), (offset) => {
        expect(isMeasurable(minutes(offset), now)).toBe(offset >= -1_440 && offset <= 1);
      }),
    );
  });

  it('is gone 90 days after it happened', () => {
    expect(endOf(now).toISOString()).toBe('2027-02-21T09:15:00.000Z');
  });
});
