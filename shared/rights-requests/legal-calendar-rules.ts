import { parisDay } from '../platform/paris-time.ts';

/**
 * The clock of a request (GDPR art. 12(3), Regulation (EEC, Euratom) No 1182/71). Days are calendar days in Europe/Paris, written `2026-11-25`; a
 * deadline is the end of its day. Everything here is computed from days alone, so that the zone of the server and the changes of
 * summer time cannot move a deadline.
 */
export type CalendarDay = string;

const DAY_MS = 86_400_000;
const MONTHS_TO_ANSWER = 1;
/** The longest extension, in months (art. 12(3)). */
export const MAX_EXTENSION_MONTHS = 2;

const timeOf = (day: CalendarDay) => Date.parse(`${day}T00:00:00Z`);
const dayOf = (time: number): CalendarDay => new Date(time).toISOString().slice(0, 10);

export function addDays(day: CalendarDay, days: number): CalendarDay {
  return dayOf(timeOf(day) + days * DAY_MS);
}

/** Whole days from `from` to `to`; negative when `to` is earlier. */
export function daysBetween(from: CalendarDay, to: CalendarDay): number {
  return Math.round((timeOf(to) - timeOf(from)) / DAY_MS);
}

/** The same-numbered day of a later month, or that month's last day when it has no such day (Regulation 1182/71, art. 3(2)(c)). */
export function addMonths(day: CalendarDay, months: number): CalendarDay {
  const date = new Date(timeOf(day));
  const [year, month] = [date.getUTCFullYear(), date.getUTCMonth() + months];
  const lastDay = new Date(Date.UTC(year, month + 1, 0)).getUTCDate();
  return dayOf(Date.UTC(year, month, Math.min(date.getUTCDate(), lastDay)));
}

/** Easter Sunday in the Gregorian calendar (the anonymous algorithm of Meeus, Jones and Butcher). */
export function easterSunday(year: number): CalendarDay {
  const a = year % 19;
  const b = Math.floor(year / 100);
  const c = year % 100;
  const d = Math.floor(b / 4);
  const e = b % 4;
  const f = Math.floor((b + 8) / 25);
  const g = Math.floor((b - f + 1) / 3);
  const h = (19 * a + b - d - g + 15) % 30;
  const i = Math.floor(c / 4);
  const k = c % 4;
  const l = (32 + 2 * e + 2 * i - h - k) % 7;
  const m = Math.floor((a + 11 * h + 22 * l) / 451);
  const monthAndDay = h + l - 7 * m + 114;
  return dayOf(Date.UTC(year, Math.floor(monthAndDay / 31) - 1, (monthAndDay % 31) + 1));
}

/** The eleven French public holidays of a year (code du travail, art. L. 3133-1). */
export function frenchHolidays(year: number): readonly CalendarDay[] {
  const easter = easterSunday(year);
  const fixed = ['01-01', '05-01', '05-08', '07-14', '08-15', '11-01', '11-11', '12-25'];
  const movable = [addDays(easter, 1), addDays(easter, 39), addDays(easter, 50)]; // Easter Monday, Ascension, Whit Monday
  return [...fixed.map((day) => `${year}-${day}`), ...movable].toSorted();
}

export function isWorkingDay(day: CalendarDay): boolean {
  const weekday = new Date(timeOf(day)).getUTCDay();
  return weekday !== 0 && weekday !== 6 && !frenchHolidays(Number(day.slice(0, 4))).includes(day);
}

/** `day`, or the next working day when it is a Saturday, a Sunday or a public holiday (Regulation 1182/71, art. 3(4)). */
export function rolledToWorkingDay(day: CalendarDay): CalendarDay {
  let rolled = day;
  while (!isWorkingDay(rolled)) rolled = addDays(rolled, 1);
  return rolled;
}

/** The last day to answer a request that was received on a day; that day itself does not count. */
export function answerDay(receivedOn: CalendarDay): CalendarDay {
  return rolledToWorkingDay(addMonths(receivedOn, MONTHS_TO_ANSWER));
}

/**
 * The last day after an extension. Lawyers dispute whether three months run from receipt or two more from the end of the first month; at a
 * month's end the two can differ, and the earlier is taken.
 */
export function extendedAnswerDay(receivedOn: CalendarDay, months: number): CalendarDay {
  const fromReceipt = addMonths(receivedOn, MONTHS_TO_ANSWER + months);
  const fromFirstMonth = addMonths(addMonths(receivedOn, MONTHS_TO_ANSWER), months);
  const [earlier = fromReceipt] = [fromReceipt, fromFirstMonth].toSorted();
  return rolledToWorkingDay(earlier);
}

/** A time in which the clock stood still: from the day on which identity was asked for to the day on which it was supplied. */
export interface Suspension {
  readonly from: CalendarDay;
  readonly to?: CalendarDay;
}

/** The deadline moved by the days of the suspensions that have ended. One that still runs moves nothing yet. */
export function suspendedDay(day: CalendarDay, suspensions: readonly Suspension[]): CalendarDay {
  const days = suspensions.reduce((sum, { from, to }) => sum + (to === undefined ? 0 : daysBetween(from, to)), 0);
  return rolledToWorkingDay(addDays(day, days));
}

/** The last millisecond of a day in Europe/Paris. */
export function endOfParisDay(day: CalendarDay): Date {
  // The change of time happens in the night: by its end a day is wholly in winter time (UTC+1) or in summer time (UTC+2).
  const inWinter = new Date(timeOf(day) + 23 * 3_600_000 - 1);
  return parisDay(inWinter) === day ? inWinter : new Date(inWinter.getTime() - 3_600_000);
}

/** Noon in Europe/Paris: the instant that stands for a day of which only the date is known. */
export function noonOfParisDay(day: CalendarDay): Date {
  return new Date(endOfParisDay(day).getTime() + 1 - 12 * 3_600_000);
}

/** What the desk is reminded of, in the order in which it happens. */
export const milestones = ['half-time', 'seven-days', 'two-days', 'overdue'] as const;
export type Milestone = (typeof milestones)[number];

/** When each reminder of a case is due. */
export function milestoneInstants(receivedAt: string, dueAt: string): Readonly<Record<Milestone, string>> {
  const due = Date.parse(dueAt);
  const received = Date.parse(receivedAt);
  const at = (time: number) => new Date(time).toISOString();
  return {
    'half-time': at(received + Math.floor((due - received) / 2)),
    'seven-days': at(due - 7 * DAY_MS),
    'two-days': at(due - 2 * DAY_MS),
    overdue: at(due + 1),
  };
}
