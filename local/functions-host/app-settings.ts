/**
 * Replaces each `%NAME%` of a binding property by the app setting of that name, as Azure does.
 *
 * @throws Error when a `%` is not closed or a setting does not exist.
 */
export function resolveAppSettings(text: string, settings: Readonly<Record<string, string>>): string {
  const parts = text.split('%');
  if (parts.length % 2 === 0) throw new Error(`'${text}' holds a '%' without a closing '%'.`);
  return parts
    .map((part, index) => {
      if (index % 2 === 0) return part;
      const value = settings[part];
      if (value === undefined) throw new Error(`'%${part}%' does not resolve to an app setting.`);
      return value;
    })
    .join('');
}
