/** No cookie is kept for longer (clause H3). */
const MAX_MONTHS = 13;
const DAYS_A_MONTH = 365.25 / 12;

const DAYS: Readonly<Record<string, number>> = { Y: 365.25, M: DAYS_A_MONTH, W: 7, D: 1 };
const SECONDS: Readonly<Record<string, number>> = { H: 3_600, M: 60, S: 1 };
const UNITS: readonly (readonly [RegExp, number])[] = [
  [/^(?:years?|ans?|années?)$/i, 365.25],
  [/^(?:months?|mois)$/i, DAYS_A_MONTH],
  [/^(?:weeks?|semaines?)$/i, 7],
  [/^(?:days?|jours?)$/i, 1],
  [/^(?:hours?|heures?)$/i, 1 / 24],
  [/^(?:minutes?)$/i, 1 / 1_440],
];

/**
 * How long a cookie is kept, in days; 0 for one that ends with the browser session. Understands `session`, a duration of ISO 8601 (`P13M`,
 * `PT30M`) and a number with a French or English unit (`13 mois`). Nothing for what it does not understand.
 */
export function retentionDays(retention: string): number | undefined {
  const text = retention.trim();
  if (/^session$/i.test(text)) return 0;
  const words = /^(\d{1,5})\s*([\p{L}]+)$/u.exec(text);
  if (words) {
    const unit = UNITS.find(([pattern]) => pattern.test(words[2] ?? ''));
    return unit && Number(words[1]) * unit[1];
  }
  if (
    !/^P(?=\d|T\d)(?:\d{1,5}Y)?(?:\d{1,5}M)?(?:\d{1,5}W)?(?:\d{1,5}D)?(?:T(?=\d)(?:\d{1,7}H)?(?:\d{1,7}M)?(?:\d{1,9}S)?)?$/.test(
      text,
    )
  )
    return undefined;
  const [date = '', time = ''] = text.slice(1).split('T');
  const sum = (part: string, units: Readonly<Record<string, number>>) =>
    [...part.matchAll(/(\d+)([YMWDHS])/g)].reduce(
      (total, [, count, unit = '']) => total + Number(count) * (units[unit] ?? 0),
      0,
    );
  return sum(date, DAYS) + sum(time, SECONDS) / 86_400;
}

/** Whether a retention is understood and no longer than 13 months (clause H3). A month counts as a twelfth of a year. */
export function isWithinTerm(retention: string, months = MAX_MONTHS): boolean {
  const days = retentionDays(retention);
  return days !== undefined && days <= months * DAYS_A_MONTH;
}
