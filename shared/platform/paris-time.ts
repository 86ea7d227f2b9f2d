/**
 * The law's days and hours are those of Paris, whatever zone the server runs in. A format is made when it is first used, and kept: making one
 * reads the data of its language and zone, which takes longer than registering the whole product.
 */
const formats = new Map<string, Intl.DateTimeFormat>();

function format(locale: string, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const key = `${locale} ${options.dateStyle} ${options.timeStyle}`;
  const made = formats.get(key) ?? new Intl.DateTimeFormat(locale, { ...options, timeZone: 'Europe/Paris' });
  formats.set(key, made);
  return made;
}

/** The calendar day at an instant, `2026-11-25`. */
export function parisDay(instant: Date): string {
  return format('en-CA', { dateStyle: 'short' }).format(instant);
}

/** An instant for a person to read, `25 novembre 2026 à 09:15`. */
export function parisInstant(instant: Date, locale: 'fr-FR' | 'en-GB'): string {
  return format(locale, { dateStyle: 'long', timeStyle: 'short' }).format(instant);
}
