import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseNcrontab } from '../../../local/functions-host/ncrontab.ts';

/** The occurrences of `expression` after `from`, as ISO text without milliseconds. */
function occurrences(expression: string, from: string, count: number): string[] {
  const schedule = parseNcrontab(expression);
  const found: string[] = [];
  let at: Date | undefined = new Date(from);
  while (found.length < count) {
    at = schedule.next(at);
    if (at === undefined) break;
    found.push(at.toISOString().replace('.000Z', 'Z'));
  }
  return found;
}

describe('the next occurrence', () => {
  test.each([
    ['0 */5 * * * *', '2026-01-01T00:00:00Z', ['2026-01-01T00:05:00Z', '2026-01-01T00:10:00Z']],
    ['0 0 * * * *', '2026-01-01T10:59:59.999Z', ['2026-01-01T11:00:00Z', '2026-01-01T12:00:00Z']],
    ['30 0 3 * * *', '2026-12-31T03:00:30Z', ['2027-01-01T03:00:30Z']],
    ['0 0 9-17 * * *', '2026-01-01T17:00:00Z', ['2026-01-02T09:00:00Z']],
    ['0 30 9 * * 1-5', '2026-01-02T09:30:00Z', ['2026-01-05T09:30:00Z']],
    ['0 30 9 * Jan Mon', '2026-01-26T10:00:00Z', ['2027-01-04T09:30:00Z']],
    ['0 0 0 29 2 *', '2096-03-01T00:00:00Z', ['2104-02-29T00:00:00Z']],
    ['0 0 0 31 * *', '2026-01-31T00:00:00Z', ['2026-03-31T00:00:00Z', '2026-05-31T00:00:00Z']],
    ['0 0 0 1 * *', '2026-12-15T00:00:00Z', ['2027-01-01T00:00:00Z']],
    ['59 59 23 31 12 *', '2026-12-31T23:59:58Z', ['2026-12-31T23:59:59Z', '2027-12-31T23:59:59Z']],
  ])('of %s after %s', (expression, from, expected) => {
    expect(occurrences(expression, from, expected.length)).toEqual(expected);
  });

  test('is strictly after the given instant, whatever its milliseconds', () => {
    expect(occurrences('* * * * * *', '2026-01-01T00:00:00.001Z', 1)).toEqual(['2026-01-01T00:00:01Z']);
    expect(occurrences('* * * * * *', '2026-01-01T00:00:00.000Z', 1)).toEqual(['2026-01-01T00:00:01Z']);
    expect(occurrences('* * * * * *', '2025-12-31T23:59:59.999Z', 1)).toEqual(['2026-01-01T00:00:00Z']);
  });

  test('wants the day of the month and the day of the week, not one of them', () => {
    expect(occurrences('0 0 0 13 * Fri', '2026-01-01T00:00:00Z', 3)).toEqual([
      '2026-02-13T00:00:00Z',
      '2026-03-13T00:00:00Z',
      '2026-11-13T00:00:00Z',
    ]);
  });

  test('does not exist for a date that no year has', () => {
    expect(occurrences('0 0 0 30 2 *', '2026-01-01T00:00:00Z', 1)).toEqual([]);
  });

  test('is in UTC when the clocks of Paris change', () => {
    expect(occurrences('0 30 2 * * *', '2026-03-28T12:00:00Z', 2)).toEqual([
      '2026-03-29T02:30:00Z',
      '2026-03-30T02:30:00Z',
    ]);
  });
});

describe('the dialect', () => {
  const same = (a: string, b: string) =>
    expect(occurrences(a, '2026-01-01T00:00:00Z', 20)).toEqual(occurrences(b, '2026-01-01T00:00:00Z', 20));

  test('takes five fields, at second zero', () => same('*/7 3 * * *', '0 */7 3 * * *'));
  test('swaps a reversed range instead of wrapping it', () => same('0 0 22-6 * * *', '0 0 6-22 * * *'));
  test('runs n/step to the end of the field', () => same('0 10/20 * * * *', '0 10,30,50 * * * *'));
  test('takes a step within a range', () => same('0 0 8-18/5 * * *', '0 0 8,13,18 * * *'));
  test('takes a step below one as one', () => same('0 */0 * * * *', '0 * * * * *'));
  test('takes lists that mix stars, ranges and values', () => same('0 0,*/30,45-46 * * * *', '0 0,30,45,46 * * * *'));
  test('takes any prefix of a name, whatever its case', () => same('0 0 0 * j,DECEM thu', '0 0 0 * 1,12 4'));
  test('takes spare spaces', () => same('  0 0   0 * * * ', '0 0 0 * * *'));
  test('takes ranges of names', () => same('0 0 0 * * mon-FRIDAY', '0 0 0 * * 1-5'));

  test.each([
    '',
    '* * * *',
    '* * * * * * *',
    '00:05:00',
    '60 * * * * *',
    '0 60 * * * *',
    '0 0 24 * * *',
    '0 0 0 0 * *',
    '0 0 0 32 * *',
    '0 0 0 * 0 *',
    '0 0 0 * 13 *',
    '0 0 0 * * 7',
    '0 0 0 ? * *',
    '0 0 0 L * *',
    '0 0 0 15W * *',
    '0 0 0 * * 5#2',
    '0 0 0 * * Monn',
    '0 0 0 Mon * *',
    '0 1,,2 * * * *',
    '0 ,1 * * * *',
    '0 1, * * * *',
    '0 /5 * * * *',
    '0 */ * * * *',
    '0 */x * * * *',
    '0 1-2-3 * * * *',
    '0 -5 * * * *',
    '0 5- * * * *',
    '0 *-5 * * * *',
    '0 50-70 * * * *',
    '@daily',
    '0 1.5 * * * *',
  ])('refuses %j', (expression) => {
    expect(() => parseNcrontab(expression)).toThrow(Error);
  });

  test('names the faulty field and the whole expression', () => {
    expect(() => parseNcrontab('0 0 24 * * *')).toThrow(
      "'24' is not a valid hour (0-23) in the schedule '0 0 24 * * *'.",
    );
  });
});

describe('against stepping through time', () => {
  interface Span {
    readonly from: number;
    readonly to: number;
    readonly step: number;
  }
  const field = (min: number, max: number) => {
    const value = fc.integer({ min, max });
    const span = fc.record({ from: value, to: value, step: fc.integer({ min: 1, max: 20 }) });
    const everything = fc.constant([{ from: min, to: max, step: 1 }]);
    return fc.oneof(everything, fc.array(span, { minLength: 1, maxLength: 3 }));
  };
  const write = (spans: readonly Span[]) => spans.map(({ from, to, step }) => `${from}-${to}/${step}`).join(',');
  const holds = (spans: readonly Span[], value: number) =>
    spans.some(({ from, to, step }) => {
      const [low, high] = from < to ? [from, to] : [to, from];
      return low <= value && value <= high && (value - low) % step === 0;
    });
  const instant = fc.date({ min: new Date('1999-01-01'), max: new Date('2100-12-31'), noInvalidDate: true });

  test('second by second through a day', () => {
    fc.assert(
      fc.property(field(0, 59), field(0, 59), field(0, 23), instant, (seconds, minutes, hours, after) => {
        let brute = Math.floor(after.getTime() / 1000) + 1;
        const matches = (second: number) =>
          holds(hours, Math.floor(second / 3600) % 24) &&
          holds(minutes, Math.floor(second / 60) % 60) &&
          holds(seconds, second % 60);
        while (!matches(brute)) brute += 1;
        const next = parseNcrontab(`${write(seconds)} ${write(minutes)} ${write(hours)} * * *`).next(after);
        expect(next).toEqual(new Date(brute * 1000));
      }),
      { numRuns: 150 },
    );
  });

  test('hour by hour through years', () => {
    const HORIZON_DAYS = 800;
    fc.assert(
      fc.property(
        field(0, 23),
        field(1, 31),
        field(1, 12),
        field(0, 6),
        instant,
        (hours, days, months, dows, after) => {
          const start = (Math.floor(after.getTime() / 3_600_000) + 1) * 3_600_000;
          let brute: Date | undefined;
          for (let step = 0; step < HORIZON_DAYS * 24 && brute === undefined; step += 1) {
            const at = new Date(start + step * 3_600_000);
            const matches =
              holds(months, at.getUTCMonth() + 1) &&
              holds(days, at.getUTCDate()) &&
              holds(dows, at.getUTCDay()) &&
              holds(hours, at.getUTCHours());
            if (matches) brute = at;
          }
          const next = parseNcrontab(`0 0 ${write(hours)} ${write(days)} ${write(months)} ${write(dows)}`).next(after);
          if (brute === undefined) {
            expect(next?.getTime() ?? Infinity).toBeGreaterThanOrEqual(start + HORIZON_DAYS * 86_400_000);
          } else {
            expect(next).toEqual(brute);
          }
        },
      ),
      { numRuns: 150 },
    );
  });
});
