const parts = new Intl.DateTimeFormat('en-CA', { timeZone: 'Europe/Paris', dateStyle: 'short' });

/** The calendar day in Europe/Paris at an instant, `2026-11-25`: the law's days are Paris days, whatever zone the server runs in. */
export function parisDay(instant: Date): string {
  return parts.format(instant);
}
