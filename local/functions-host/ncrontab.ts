/** A parsed NCRONTAB expression. All its instants are UTC, as on Azure's Flex Consumption plan. */
export interface NcrontabSchedule {
  readonly expression: string;
  /** The first occurrence strictly after `after`, on a whole second; `undefined` when there is none (30 February). */
  next(after: Date): Date | undefined;
}

interface FieldKind {
  readonly label: string;
  readonly min: number;
  readonly max: number;
  readonly names: readonly string[];
}

/** The values of one field, in rising order; never empty. */
interface Field {
  readonly values: readonly [number, ...number[]];
  has(value: number): boolean;
}

const MONTHS = 'January February March April May June July August September October November December'.split(' ');
const DAYS_OF_WEEK = 'Sunday Monday Tuesday Wednesday Thursday Friday Saturday'.split(' ');

const SECOND: FieldKind = { label: 'second', min: 0, max: 59, names: [] };
const MINUTE: FieldKind = { label: 'minute', min: 0, max: 59, names: [] };
const HOUR: FieldKind = { label: 'hour', min: 0, max: 23, names: [] };
const DAY: FieldKind = { label: 'day', min: 1, max: 31, names: [] };
const MONTH: FieldKind = { label: 'month', min: 1, max: 12, names: MONTHS };
const DAY_OF_WEEK: FieldKind = { label: 'day of week', min: 0, max: 6, names: DAYS_OF_WEEK };

/** The Gregorian calendar repeats after 400 years: a date not met by then never comes. */
const CALENDAR_CYCLE_YEARS = 400;

/**
 * Parses the NCRONTAB dialect of Azure's timer trigger: `second minute hour day month day-of-week`, or those five
 * without the seconds (then at second 0).
 *
 * Each field is a comma list of `*`, `n`, `n-m`, each with an optional `/step`; `n/step` runs to the field's maximum.
 * Months and days of the week may be named by any prefix of their English name. A reversed range is swapped, not
 * wrapped; a step below one counts as one; Sunday is 0 and 7 is invalid; `?`, `L`, `W` and `#` do not exist. The day
 * of the month and the day of the week must *both* match. A time span (`00:05:00`) is refused: Flex Consumption does
 * not take it.
 *
 * @throws Error that quotes the faulty expression and field.
 */
export function parseNcrontab(expression: string): NcrontabSchedule {
  const tokens = expression.split(' ').filter((token) => token !== '');
  if (tokens.length === 5) tokens.unshift('0');
  if (tokens.length !== 6) {
    throw new Error(
      `'${expression}' is not an NCRONTAB expression: it takes six fields (second minute hour day month day-of-week).`,
    );
  }
  const [second = '', minute = '', hour = '', day = '', month = '', dayOfWeek = ''] = tokens;
  const fields: Fields = {
    seconds: parseField(second, SECOND, expression),
    minutes: parseField(minute, MINUTE, expression),
    hours: parseField(hour, HOUR, expression),
    days: parseField(day, DAY, expression),
    months: parseField(month, MONTH, expression),
    daysOfWeek: parseField(dayOfWeek, DAY_OF_WEEK, expression),
  };
  return { expression, next: (after) => nextOccurrence(fields, after) };
}

interface Fields {
  readonly seconds: Field;
  readonly minutes: Field;
  readonly hours: Field;
  readonly days: Field;
  readonly months: Field;
  readonly daysOfWeek: Field;
}

function parseField(text: string, kind: FieldKind, expression: string): Field {
  const values = new Set<number>();
  for (const item of text.split(',')) {
    const range = parseItem(item, kind);
    if (range === undefined || range.first < kind.min || range.last > kind.max) {
      throw new Error(
        `'${item}' is not a valid ${kind.label} (${kind.min}-${kind.max}) in the schedule '${expression}'.`,
      );
    }
    for (let value = range.first; value <= range.last; value += range.step) values.add(value);
  }
  const [first = kind.min, ...rest] = [...values].sort((a, b) => a - b);
  return { values: [first, ...rest], has: (value) => values.has(value) };
}

function parseItem(item: string, kind: FieldKind): { first: number; last: number; step: number } | undefined {
  const [span = '', stepText, ...excess] = item.split('/');
  if (excess.length > 0 || (stepText !== undefined && !/^[+-]?\d+$/.test(stepText))) return undefined;
  const step = Math.max(1, Number(stepText ?? 1));
  if (span === '*') return { first: kind.min, last: kind.max, step };

  const [fromText = '', toText, ...more] = span.split('-');
  const from = parseValue(fromText, kind);
  const to = toText === undefined ? (stepText === undefined ? from : kind.max) : parseValue(toText, kind);
  if (more.length > 0 || from === undefined || to === undefined) return undefined;
  return { first: Math.min(from, to), last: Math.max(from, to), step };
}

function parseValue(text: string, kind: FieldKind): number | undefined {
  if (/^\d+$/.test(text)) return Number(text);
  const prefix = text.toLowerCase();
  const index = prefix === '' ? -1 : kind.names.findIndex((name) => name.toLowerCase().startsWith(prefix));
  return index < 0 ? undefined : index + kind.min;
}

function nextOccurrence(fields: Fields, after: Date): Date | undefined {
  const start = new Date((Math.floor(after.getTime() / 1000) + 1) * 1000);
  const firstDay = Date.UTC(start.getUTCFullYear(), start.getUTCMonth(), start.getUTCDate());
  const time = nextTimeOfDay(fields, (start.getTime() - firstDay) / 1000);
  if (time !== undefined && matchesDay(fields, start)) return new Date(firstDay + time * 1000);

  const day = new Date(firstDay);
  const lastYear = day.getUTCFullYear() + CALENDAR_CYCLE_YEARS;
  nextDay(fields, day);
  while (day.getUTCFullYear() <= lastYear) {
    if (matchesDay(fields, day)) return new Date(day.getTime() + (nextTimeOfDay(fields, 0) ?? 0) * 1000);
    nextDay(fields, day);
  }
  return undefined;
}

/** Moves `day` to the following midnight, leaping over months that the schedule does not name. */
function nextDay(fields: Fields, day: Date): void {
  day.setUTCDate(day.getUTCDate() + 1);
  while (!fields.months.has(day.getUTCMonth() + 1)) day.setUTCMonth(day.getUTCMonth() + 1, 1);
}

function matchesDay({ days, months, daysOfWeek }: Fields, date: Date): boolean {
  return months.has(date.getUTCMonth() + 1) && days.has(date.getUTCDate()) && daysOfWeek.has(date.getUTCDay());
}

/** The first matching second of a day at or after `from`, in seconds since midnight. */
function nextTimeOfDay({ hours, minutes, seconds }: Fields, from: number): number | undefined {
  for (const hour of hours.values) {
    if ((hour + 1) * 3600 <= from) continue;
    for (const minute of minutes.values) {
      const start = hour * 3600 + minute * 60;
      if (start + 60 <= from) continue;
      const second = seconds.values.find((value) => start + value >= from);
      if (second !== undefined) return start + second;
    }
  }
  return undefined;
}
