import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parisDay } from '../../../shared/platform/paris-time.ts';
import {
  addDays,
  addMonths,
  answerDay,
  daysBetween,
  easterSunday,
  endOfParisDay,
  extendedAnswerDay,
  frenchHolidays,
  isWorkingDay,
  milestoneInstants,
  noonOfParisDay,
  suspendedDay,
} from '../../../shared/rights-requests/legal-calendar-rules.ts';

const anyDay = fc
  .integer({ min: 0, max: daysBetween('2022-01-01', '2040-12-31') })
  .map((days) => addDays('2022-01-01', days));

describe('the deadline of a request', () => {
  it.each([
    ['2026-11-25', '2026-12-28', 'Christmas, then a weekend'],
    ['2026-12-31', '2027-02-01', 'a Sunday'],
    ['2027-01-31', '2027-03-01', 'February has no 31st, and its 28th is a Sunday'],
    ['2027-02-28', '2027-03-30', 'Easter Sunday and Easter Monday'],
    ['2024-01-31', '2024-02-29', 'a leap year'],
    ['2026-04-01', '2026-05-04', 'the first of May, a Friday'],
    ['2027-12-25', '2028-01-25', 'received on a holiday counts as any day'],
  ])('of a request received on %s is %s (%s)', (receivedOn, due) => {
    expect(answerDay(receivedOn)).toBe(due);
  });

  it('extended takes the earlier of the two ways to count', () => {
    expect(extendedAnswerDay('2027-01-31', 2)).toBe('2027-04-28');
    expect(extendedAnswerDay('2026-11-25', 2)).toBe('2027-02-25');
    expect(extendedAnswerDay('2026-11-25', 1)).toBe('2027-01-25');
  });

  it('is a working day, one month and at most a few days of rest after receipt, in every year from 2022 to 2040', () => {
    fc.assert(
      fc.property(anyDay, (receivedOn) => {
        const due = answerDay(receivedOn);
        expect(isWorkingDay(due)).toBe(true);
        const month = addMonths(receivedOn, 1);
        expect(due >= month && daysBetween(month, due) <= 4).toBe(true);
        for (let day = month; day < due; day = addDays(day, 1)) expect(isWorkingDay(day)).toBe(false);
      }),
      { numRuns: 2_000 },
    );
  });

  it('never comes earlier for what is received later', () => {
    fc.assert(
      fc.property(anyDay, (receivedOn) => {
        const next = addDays(receivedOn, 1);
        expect(answerDay(next) >= answerDay(receivedOn)).toBe(true);
        expect(extendedAnswerDay(next, 2) >= extendedAnswerDay(receivedOn, 2)).toBe(true);
      }),
      { numRuns: 2_000 },
    );
  });

  it('extended is later than the first, and never later than three months and the days of rest', () => {
    fc.assert(
      fc.property(anyDay, fc.constantFrom(1, 2), (receivedOn, months) => {
        const extended = extendedAnswerDay(receivedOn, months);
        expect(extended > answerDay(receivedOn)).toBe(true);
        expect(isWorkingDay(extended)).toBe(true);
        expect(daysBetween(addMonths(receivedOn, 1 + months), extended)).toBeLessThanOrEqual(4);
      }),
      { numRuns: 2_000 },
    );
  });

  it('stands still while identity is awaited, and never comes earlier by it', () => {
    expect(suspendedDay('2026-12-28', [{ from: '2026-12-01', to: '2026-12-11' }])).toBe('2027-01-07');
    expect(suspendedDay('2026-12-28', [{ from: '2026-12-01' }])).toBe('2026-12-28');
    fc.assert(
      fc.property(anyDay, fc.nat(60), fc.nat(60), (receivedOn, first, second) => {
        const due = answerDay(receivedOn);
        const moved = suspendedDay(due, [
          { from: receivedOn, to: addDays(receivedOn, first) },
          { from: addDays(receivedOn, first), to: addDays(receivedOn, first + second) },
        ]);
        expect(moved >= addDays(due, first + second)).toBe(true);
        expect(isWorkingDay(moved)).toBe(true);
      }),
    );
  });
});

describe('the days of Paris', () => {
  it('knows Easter and the eleven holidays', () => {
    const easters = { 2022: '04-17', 2024: '03-31', 2026: '04-05', 2027: '03-28', 2038: '04-25', 2035: '03-25' };
    for (const [year, day] of Object.entries(easters)) expect(easterSunday(Number(year))).toBe(`${year}-${day}`);
    for (let year = 2022; year <= 2040; year += 1) {
      expect(frenchHolidays(year)).toHaveLength(11);
      expect(new Date(`${easterSunday(year)}T00:00:00Z`).getUTCDay()).toBe(0);
    }
    expect(frenchHolidays(2026)).toEqual([
      '2026-01-01',
      '2026-04-06',
      '2026-05-01',
      '2026-05-08',
      '2026-05-14',
      '2026-05-25',
      '2026-07-14',
      '2026-08-15',
      '2026-11-01',
      '2026-11-11',
      '2026-12-25',
    ]);
  });

  it('end a millisecond before the next, in winter, in summer and on the days of the change', () => {
    expect(endOfParisDay('2026-12-28').toISOString()).toBe('2026-12-28T22:59:59.999Z');
    expect(endOfParisDay('2026-07-01').toISOString()).toBe('2026-07-01T21:59:59.999Z');
    expect(endOfParisDay('2027-03-28').toISOString()).toBe('2027-03-28T21:59:59.999Z');
    expect(endOfParisDay('2026-10-25').toISOString()).toBe('2026-10-25T22:59:59.999Z');
    fc.assert(
      fc.property(anyDay, (day) => {
        const end = endOfParisDay(day);
        expect(parisDay(end)).toBe(day);
        expect(parisDay(new Date(end.getTime() + 1))).toBe(addDays(day, 1));
        expect(parisDay(noonOfParisDay(day))).toBe(day);
        expect(noonOfParisDay(day).toISOString().slice(0, 10)).toBe(day);
      }),
    );
  });
});

it('reminders come at half time, seven days and two days before, and when the deadline has passed', () => {
  const dueAt = '2026-12-28T22:59:59.999Z';
  const at = milestoneInstants('2026-11-25T10:00:00.000Z', dueAt);
  expect(at['half-time'].slice(0, 10)).toBe('2026-12-12');
  expect(at['seven-days']).toBe('2026-12-21T22:59:59.999Z');
  expect(at['two-days']).toBe('2026-12-26T22:59:59.999Z');
  expect(at.overdue).toBe('2026-12-28T23:00:00.000Z');
});
