import { monthsAfter } from '../platform/calendar-months.ts';
import { DAY, plus } from '../platform/clock.ts';

/** The holder of an unused account is told after so many months, and the account erased after so many (retention defaults). */
export const TOLD_AFTER_MONTHS = 23;
const ERASED_AFTER_MONTHS = 24;
/** However late the timer was: nobody is erased with less notice than this. */
const SHORTEST_NOTICE = 14 * DAY;

/** That the holder was told, and of which last use. */
interface Notice {
  readonly lastUsedAt: string;
  readonly toldAt: string;
}

/** When an account that was last used at `lastUsedAt`, and whose holder was told at `toldAt`, is erased. */
export function erasureOfUnused(lastUsedAt: Date, toldAt: Date): Date {
  const due = monthsAfter(lastUsedAt, ERASED_AFTER_MONTHS);
  const earliest = plus(toldAt, SHORTEST_NOTICE);
  return new Date(Math.max(due.getTime(), earliest.getTime()));
}

/** What is to be done about an account now. A notice about an earlier last use is void: the account was used since. */
export function nextStep(lastUsedAt: Date, notice: Notice | undefined, now: Date): 'nothing' | 'tell' | 'erase' {
  if (now < monthsAfter(lastUsedAt, TOLD_AFTER_MONTHS)) return 'nothing';
  if (notice?.lastUsedAt !== lastUsedAt.toISOString()) return 'tell';
  return now < erasureOfUnused(lastUsedAt, new Date(notice.toldAt)) ? 'nothing' : 'erase';
}
