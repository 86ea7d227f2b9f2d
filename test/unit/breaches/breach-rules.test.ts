import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Breach } from '../../../shared/breaches/breach.ts';
import { type BreachChange, notifyBy, revised } from '../../../shared/breaches/breach-rules.ts';

const HOUR = 3_600_000;
const aware = new Date('2026-03-27T22:00:00.000Z');
const facts = {
  nature: 'x',
  categories: ['identity'],
  approximatePeople: 1,
  approximateRecords: 1,
  consequences: 'x',
  measures: 'x',
  highRisk: false,
} as const;
const breach: Breach = {
  ...facts,
  id: 'brc_1',
  type: 'breach',
  status: 'open',
  awareAt: aware.toISOString(),
  notifyBy: notifyBy(aware).toISOString(),
  recordedAt: aware.toISOString(),
  recordedBy: 'dpo',
  phases: [{ at: aware.toISOString(), by: 'dpo', kind: 'recorded', facts }],
  sortKey: 'x',
};
const at = (hours: number) => new Date(aware.getTime() + hours * HOUR);
const change = (more: Partial<BreachChange>): BreachChange => ({ facts: {}, ...more });
const faultOf = (of: Breach, given: BreachChange, now = at(100)) => {
  const result = revised(of, given, 'dpo', now);
  return result.outcome === 'refused' ? result.fault : undefined;
};

describe('the 72 hours (GDPR art. 33(1))', () => {
  it('are hours, whatever the clocks of the country do meanwhile', () => {
    // Summer time begins on 29 March 2026.
    expect(breach.notifyBy).toBe('2026-03-30T22:00:00.000Z');
  });

  it('to the second in time needs no reasons, a second later does', () => {
    expect(faultOf(breach, change({ notifiedAt: at(72) }))).toBeUndefined();
    const late = new Date(at(72).getTime() + 1_000);
    expect(faultOf(breach, change({ notifiedAt: late }))).toBe('delay-reasons-missing');
    expect(faultOf(breach, change({ notifiedAt: late, delayReasons: 'x' }))).toBeUndefined();
  });

  it('a notification is neither before awareness nor in the future, and made once', () => {
    expect(faultOf(breach, change({ notifiedAt: at(-1) }))).toBe('notified-before-awareness');
    expect(faultOf(breach, change({ notifiedAt: at(5) }), at(4))).toBe('notified-in-the-future');
    const notified = { ...breach, notifiedAt: at(5).toISOString() };
    expect(faultOf(notified, change({ notifiedAt: at(6) }))).toBe('notified-already');
  });
});

describe('the history', () => {
  const anyChange: fc.Arbitrary<BreachChange> = fc.record({
    facts: fc.record(
      { nature: fc.string(), approximatePeople: fc.nat(), highRisk: fc.boolean() },
      { requiredKeys: [] },
    ),
    note: fc.string({ minLength: 1 }),
  });

  it('only grows: whatever is added, all earlier phases stay as they were', () => {
    fc.assert(
      fc.property(fc.array(anyChange, { maxLength: 8 }), (changes) => {
        let current = breach;
        for (const one of changes) {
          const result = revised(current, one, 'dpo', at(1));
          if (result.outcome !== 'revised') throw new Error(result.fault);
          expect(result.breach.phases.slice(0, current.phases.length)).toEqual(current.phases);
          expect(result.breach.phases.length).toBeGreaterThan(current.phases.length);
          expect([result.breach.awareAt, result.breach.notifyBy]).toEqual([breach.awareAt, breach.notifyBy]);
          current = result.breach;
        }
      }),
    );
  });

  it('nothing is added to a closed breach, and nothing is no addition', () => {
    expect(faultOf({ ...breach, status: 'closed' }, change({ note: 'x' }))).toBe('closed');
    expect(faultOf(breach, change({}))).toBe('nothing-to-add');
  });
});

describe('closing', () => {
  it('wants the notification, or why none was due', () => {
    expect(faultOf(breach, change({ close: true }))).toBe('notification-outstanding');
    expect(faultOf(breach, change({ close: true, notNotifiedReason: 'x' }))).toBeUndefined();
    expect(faultOf(breach, change({ close: true, notifiedAt: at(1) }))).toBeUndefined();
  });

  it('wants the people told at high risk (art. 34), or why they need not be', () => {
    const risky = { ...breach, highRisk: true, notifiedAt: at(1).toISOString() };
    expect(faultOf(risky, change({ close: true }))).toBe('people-to-be-told');
    expect(faultOf(risky, change({ close: true, peopleNotToldReason: 'x' }))).toBeUndefined();
    expect(faultOf({ ...risky, peopleToldAt: at(2).toISOString() }, change({ close: true }))).toBeUndefined();
    expect(faultOf(risky, change({ close: true, facts: { highRisk: false } }))).toBeUndefined();
  });
});
