import type { PersonalDataRecord } from '../source.ts';

const ADDRESS = /[\p{L}\p{N}._%+-]+@[\p{L}\p{N}-]+(?:\.[\p{L}\p{N}-]+)+/gu;

/**
 * The record without the e-mail addresses of other people (art. 15(4): the rights of others). It is for what staff or the program wrote; what the
 * person gave is theirs as they gave it. `isKnown` says which addresses may stay: the person's own, the controller's.
 */
export function withoutOthersAddresses(
  record: PersonalDataRecord,
  isKnown: (address: string) => boolean,
  replacement: string,
): PersonalDataRecord {
  const redacted = (value: unknown): unknown => {
    if (typeof value === 'string') {
      return value.includes('@') ? value.replace(ADDRESS, (found) => (isKnown(found) ? found : replacement)) : value;
    }
    if (Array.isArray(value)) return value.map(redacted);
    if (value !== null && typeof value === 'object') {
      return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, redacted(inner)]));
    }
    return value;
  };
  return redacted(record) as PersonalDataRecord;
}
