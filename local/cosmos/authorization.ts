import { createHmac, timingSafeEqual } from 'node:crypto';

/** Whether a request is signed with the account key, as the service wants it: HMAC-SHA-256 over verb, resource and date. */
export function isSigned(
  key: Buffer,
  method: string,
  path: string,
  date: string | undefined,
  authorization: string | undefined,
): boolean {
  const given = /(?:^|&)sig=([^&]+)/.exec(decoded(authorization ?? ''))?.[1];
  if (!given || !date) return false;
  const { type, link } = signedResource(path);
  const text = `${method.toLowerCase()}\n${type}\n${link}\n${date.toLowerCase()}\n\n`;
  const expected = createHmac('sha256', key).update(text).digest();
  const actual = Buffer.from(given, 'base64');
  return actual.length === expected.length && timingSafeEqual(actual, expected);
}

/** `/dbs/a/colls/b/docs` is the feed `docs` of `dbs/a/colls/b`; with one more segment it is the item itself. */
function signedResource(path: string): { type: string; link: string } {
  const segments = path.split('/').filter(Boolean).map(decodeURIComponent);
  if (segments.length % 2 === 0) return { type: segments.at(-2) ?? '', link: segments.join('/') };
  return { type: segments.at(-1) ?? '', link: segments.slice(0, -1).join('/') };
}

/** The header without its URL encoding; one that is malformed is signed by nobody. */
function decoded(header: string): string {
  try {
    return decodeURIComponent(header);
  } catch {
    return '';
  }
}
