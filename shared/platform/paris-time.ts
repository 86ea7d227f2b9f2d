/** Made when it is first used: reading the time zone's data takes longer than all other imports of the product together. */
let parts: Intl.DateTimeFormat | undefined;

/** The calendar day in Europe/Paris at an instant, `2026-11-25`: the law's days are Paris days, whatever zone the server runs in. */
export function parisDay(instant: Date): string {
  parts ??= new Intl.DateTimeFormat('en-CA', { timeZone: 'Europe/Paris', dateStyle: 'short' });
  return parts.format(instant);
}
