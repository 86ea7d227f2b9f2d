/**
 * The instant `months` calendar months after another, at the same time of the same-numbered day in UTC; a day that the month lacks becomes
 * its last. For terms told in months or years, which differ from so many days.
 */
export function monthsAfter(instant: Date, months: number): Date {
  const result = new Date(instant);
  result.setUTCDate(1);
  result.setUTCMonth(result.getUTCMonth() + months);
  const lastDay = new Date(Date.UTC(result.getUTCFullYear(), result.getUTCMonth() + 1, 0)).getUTCDate();
  result.setUTCDate(Math.min(instant.getUTCDate(), lastDay));
  return result;
}
