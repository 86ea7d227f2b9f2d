import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { retryAfterSeconds, withFailure } from '../../../shared/credentials/index.ts';
import { withoutFailures } from '../../../shared/credentials/throttle-rules.ts';

const start = new Date('2026-11-24T09:00:00.000Z');
const DAY = 86_400_000;

/** Guesses as fast as the rule allows for one day; answers how many were tried. */
function triesInADay(pauseMs: number): number {
  let failures: readonly number[] = [];
  let tried = 0;
  for (let at = start.getTime(); at < start.getTime() + DAY; ) {
    const now = new Date(at);
    const wait = retryAfterSeconds(failures, now);
    if (wait > 0) {
      at += wait * 1000;
      continue;
    }
    failures = withFailure(failures, now);
    tried += 1;
    at += pauseMs;
  }
  return tried;
}

describe('the throttle (CNIL 2022-100)', () => {
  it('lets four failures pass, then waits over a minute, growing', () => {
    let failures: readonly number[] = [];
    const waits: number[] = [];
    for (let n = 0; n < 8; n += 1) {
      failures = withFailure(failures, start);
      waits.push(retryAfterSeconds(failures, start));
    }
    expect(waits.slice(0, 4)).toEqual([0, 0, 0, 0]);
    expect(waits[4]).toBeGreaterThan(60);
    for (const [index, wait] of waits.entries()) {
      if (index > 4) expect(wait).toBeGreaterThan(waits[index - 1] ?? 0);
    }
  });

  it('never lets more than 25 tries into a day, however they are timed', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 600_000 }), (pause) => triesInADay(pause) <= 25),
      { numRuns: 50 },
    );
  });

  it('forgives each slip once: guesses at others in the same instant stay counted', () => {
    expect(withoutFailures([1, 2, 2, 2, 3], [2, 3, 9])).toEqual([1, 2, 2]);
    expect(withoutFailures([1, 1], [1, 1, 1])).toEqual([]);
  });
});
