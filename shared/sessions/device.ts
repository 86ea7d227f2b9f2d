import { keyedHash } from '../platform/keys/secrets.ts';

const BROWSERS: readonly (readonly [RegExp, string])[] = [
  [/\bEdgA?\//, 'Edge'],
  [/\bOPR\//, 'Opera'],
  [/\bFirefox\//, 'Firefox'],
  [/\bChrom(?:e|ium)\//, 'Chrome'],
  [/\bSafari\//, 'Safari'],
];
const SYSTEMS: readonly (readonly [RegExp, string])[] = [
  [/\bAndroid\b/, 'Android'],
  [/\b(?:iPhone|iPad|iPod)\b/, 'iOS'],
  [/\bWindows\b/, 'Windows'],
  [/\bMac OS X\b|\bMacintosh\b/, 'macOS'],
  [/\bLinux\b/, 'Linux'],
];

/** `Firefox · Windows`: enough for a person to recognise a session, and all that is kept of the user agent (clause C1). */
export function deviceLabel(userAgent: string | undefined): string {
  const named = (names: readonly (readonly [RegExp, string])[]) =>
    names.find(([pattern]) => pattern.test(userAgent ?? ''))?.[1];
  return [named(BROWSERS) ?? 'Autre', named(SYSTEMS)].filter(Boolean).join(' · ');
}

/** A pseudonym of a device as one account knows it: kind of browser and system, and the neighbourhood of the network. */
export function devicePseudonym(key: Buffer, accountId: string, label: string, source: string): string {
  const neighbourhood = source.includes(':')
    ? source.split(':').slice(0, 2).join(':')
    : source.split('.').slice(0, 2).join('.');
  return keyedHash(key, 'device', `${accountId}|${label}|${neighbourhood}`).slice(0, 22);
}
