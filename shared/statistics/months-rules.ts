import { HOUR, plus } from '../platform/clock.ts';
import { parisDay } from '../platform/paris-time.ts';

/** A calendar month in Europe/Paris, `2026-11`. */
export type Month = string;

/** The month that an instant falls into, in Paris: half past midnight on 1 December there is still November in UTC. */
export function monthOf(instant: Date): Month {
  return parisDay(instant).slice(0, 7);
}

export function monthAfter(month: Month, months = 1): Month {
  const [year = 0, number = 1] = month.split('-').map(Number);
  return new Date(Date.UTC(year, number - 1 + months, 1)).toISOString().slice(0, 7);
}

/** The first instant of a month in Paris, one or two hours before that in UTC. */
export function startOf(month: Month): Date {
  const utc = new Date(`${month}-01T00:00:00.000Z`);
  const summer = plus(utc, -2 * HOUR);
  return monthOf(summer) === month ? summer : plus(utc, -HOUR);
}

/** The months from one to another, both included. */
export function monthsBetween(from: Month, to: Month): readonly Month[] {
  const months: Month[] = [];
  for (let month = from; month <= to; month = monthAfter(month)) months.push(month);
  return months;
}
