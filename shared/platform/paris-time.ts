/** Made when it is first used: reading the time zone's data takes longer than all other imports of the product together. */
let parts: Intl.DateTimeFormat | undefined;

/** The calendar day in Europe/Paris at an instant, `2026-11-25`: the law's days are Paris days, whatever zone the server runs in. */
export function parisDay(instant: Date): string {
  parts ??= new Intl.DateTimeFormat('en-CA', { timeZone: 'Europe/Paris', dateStyle: 'short' });
  return parts.format(instant);
}

let french: Intl.DateTimeFormat | undefined;

/** An instant as a French document tells it: `25 novembre 2026 à 10:15 (heure de Paris)`. */
export function frenchInstant(instant: string): string {
  french ??= new Intl.DateTimeFormat('fr-FR', { dateStyle: 'long', timeStyle: 'short', timeZone: 'Europe/Paris' });
  return `${french.format(new Date(instant))} (heure de Paris)`;
}
