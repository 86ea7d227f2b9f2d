/** The languages that the product speaks; French is the default (API conventions). */
export const languages = ['fr', 'en'] as const;
export type Language = (typeof languages)[number];

export const DEFAULT_LANGUAGE: Language = 'fr';

/** The best of our languages for an `Accept-Language` header (RFC 9110 §12.5.4); French when none fits. */
export function preferredLanguage(acceptLanguage: string | null | undefined): Language {
  if (!acceptLanguage) return DEFAULT_LANGUAGE;
  let best: { language: Language; quality: number } | undefined;
  for (const part of acceptLanguage.split(',')) {
    const [range = '', ...parameters] = part.trim().toLowerCase().split(';');
    const quality = Number(
      parameters
        .find((parameter) => parameter.trim().startsWith('q='))
        ?.trim()
        .slice(2) ?? 1,
    );
    const primary = range.split('-')[0];
    const language = primary === '*' ? DEFAULT_LANGUAGE : languages.find((candidate) => candidate === primary);
    if (language && quality > 0 && (!best || quality > best.quality)) best = { language, quality };
  }
  return best?.language ?? DEFAULT_LANGUAGE;
}
