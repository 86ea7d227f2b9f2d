import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { erasureOfUnused, nextStep } from '../../../shared/closure/inactivity-rules.ts';
import { monthsAfter } from '../../../shared/platform/calendar-months.ts';

const date = (text: string) => new Date(text);
const noticeOf = (lastUsedAt: Date, toldAt: Date) => ({
  lastUsedAt: lastUsedAt.toISOString(),
  toldAt: toldAt.toISOString(),
});

describe('E1 unused accounts', () => {
  it.each([
    ['2024-03-15T10:00:00Z', '2026-02-15T09:59:59Z', 'nothing'],
    ['2024-03-15T10:00:00Z', '2026-02-15T10:00:00Z', 'tell'],
    ['2024-03-31T10:00:00Z', '2026-02-28T10:00:00Z', 'tell'],
  ])('last used at %s, at %s: %s', (lastUsed, now, step) => {
    expect(nextStep(date(lastUsed), undefined, date(now))).toBe(step);
  });

  it('whoever was told at 23 months is erased at 24, not before', () => {
    const lastUsed = date('2024-03-15T10:00:00Z');
    const notice = noticeOf(lastUsed, date('2026-02-15T10:00:00Z'));
    expect(nextStep(lastUsed, notice, date('2026-03-15T09:59:59Z'))).toBe('nothing');
    expect(nextStep(lastUsed, notice, date('2026-03-15T10:00:00Z'))).toBe('erase');
  });

  it('whoever was told late is erased fourteen days later, not at once', () => {
    const lastUsed = date('2024-03-15T10:00:00Z');
    expect(nextStep(lastUsed, undefined, date('2027-01-01T00:00:00Z'))).toBe('tell');
    const notice = noticeOf(lastUsed, date('2027-01-01T00:00:00Z'));
    expect(nextStep(lastUsed, notice, date('2027-01-14T23:59:59Z'))).toBe('nothing');
    expect(nextStep(lastUsed, notice, date('2027-01-15T00:00:00Z'))).toBe('erase');
  });

  it('a use after the notice makes it void', () => {
    const before = date('2024-03-15T10:00:00Z');
    const after = date('2026-03-01T10:00:00Z');
    expect(nextStep(after, noticeOf(before, date('2026-02-15T10:00:00Z')), date('2026-04-01T10:00:00Z'))).toBe(
      'nothing',
    );
    expect(nextStep(after, noticeOf(before, date('2026-02-15T10:00:00Z')), date('2028-03-01T10:00:00Z'))).toBe('tell');
  });

  it('nobody is ever erased before 24 months, nor without having been told', () => {
    const instants = fc.date({
      min: date('2020-01-01T00:00:00Z'),
      max: date('2040-01-01T00:00:00Z'),
      noInvalidDate: true,
    });
    fc.assert(
      fc.property(instants, instants, instants, (lastUsed, toldAt, now) => {
        expect(nextStep(lastUsed, undefined, now)).not.toBe('erase');
        if (nextStep(lastUsed, noticeOf(lastUsed, toldAt), now) !== 'erase') return;
        expect(now.getTime()).toBeGreaterThanOrEqual(monthsAfter(lastUsed, 24).getTime());
        expect(now.getTime()).toBeGreaterThanOrEqual(erasureOfUnused(lastUsed, toldAt).getTime());
      }),
    );
  });
});
