import { keyedHash } from '../keys/secrets.ts';
import type { CookieToSet } from './route.ts';

/** Browser cookie mode (API conventions): HttpOnly, Secure, SameSite=Strict, bound to the host by the `__Host-` prefix. */
export const ACCESS_COOKIE = '__Host-access';
export const REFRESH_COOKIE = '__Host-refresh';

/** Takes both cookies away. */
export const clearedCookies: readonly CookieToSet[] = ([ACCESS_COOKIE, REFRESH_COOKIE] as const).map((name) => ({
  name,
  value: '',
  maxAgeSeconds: 0,
}));

/** The token that every unsafe method wants back in `X-CSRF-Token`: bound to the session, computed, never stored. */
export function csrfTokenFor(key: Buffer, sessionId: string): string {
  return keyedHash(key, 'csrf', sessionId);
}
