/** A habilitation is reviewed at least once a year: it can not be granted for longer. */
const LONGEST_YEARS = 1;
/** The review list points out what ends within this many days. */
const ENDS_SOON_DAYS = 30;
const DAY_MS = 86_400_000;

export type GrantFault = 'to-oneself' | 'already-over' | 'too-long';

/** The same day `years` later, `YYYY-MM-DD`; 29 February becomes 28 February. */
export function yearsLater(day: string, years: number): string {
  const [year = 0, month = 1, date = 1] = day.split('-').map(Number);
  const wanted = new Date(Date.UTC(year + years, month - 1, date));
  // A date that the month lacks has rolled into the next: back to the month's last day.
  const existing = wanted.getUTCMonth() === month - 1 ? wanted : new Date(Date.UTC(year + years, month, 0));
  return existing.toISOString().slice(0, 10);
}

/** Why a habilitation may not be granted; `today` is a calendar day in Europe/Paris. */
export function grantFault(
  grant: { readonly staffId: string; readonly expiresOn: string },
  by: string,
  today: string,
): GrantFault | undefined {
  if (grant.staffId === by) return 'to-oneself';
  if (grant.expiresOn < today) return 'already-over';
  return grant.expiresOn > yearsLater(today, LONGEST_YEARS) ? 'too-long' : undefined;
}

export type ReviewState = 'in-force' | 'ends-soon' | 'ended';

/** Where a habilitation stands on a day, for the review list. */
export function reviewState(expiresOn: string, today: string): ReviewState {
  if (expiresOn < today) return 'ended';
  return Date.parse(expiresOn) - Date.parse(today) <= ENDS_SOON_DAYS * DAY_MS ? 'ends-soon' : 'in-force';
}
