import type { ServerResponse } from 'node:http';
import type { CookieData, HttpData, TypedData } from './core-types.ts';

/** The largest response that the real host passes on from the worker: 100 MB. */
const MAX_RESPONSE_BODY_BYTES = 104_857_600;

/** Up to this size a body goes out in one write with the headers, which Node does for strings alone. */
const SINGLE_WRITE_BYTES = 16_384;

/** Headers that describe the connection or the framing: the host's business, not the function's. */
const OWN_HEADERS = new Set(['connection', 'content-length', 'keep-alive', 'transfer-encoding']);

/**
 * Sends what the library answered and tells the status sent. No answer at all is a 204.
 *
 * @throws Error, with nothing sent, for a response that the real host cannot carry.
 */
export function sendResponse(response: ServerResponse, data: TypedData | null | undefined): number {
  const http = data?.http;
  if (http === undefined) {
    sendEmpty(response, 204);
    return 204;
  }
  const status = Number(http.statusCode ?? 200);
  const body = bodyOf(http);
  if (body.length > MAX_RESPONSE_BODY_BYTES) throw new Error('The response body exceeds 100 MB.');

  const headers: string[] = [];
  for (const [name, value] of Object.entries(http.headers ?? {})) {
    if (!OWN_HEADERS.has(name)) headers.push(name, value);
  }
  for (const cookie of http.cookies ?? []) headers.push('set-cookie', formatCookie(cookie));
  if (status !== 204 && status !== 304) headers.push('content-length', String(body.length));
  response.writeHead(status, headers);
  if (body.length > SINGLE_WRITE_BYTES) response.end(body);
  else response.end(Buffer.from(body.buffer, body.byteOffset, body.length).toString('latin1'), 'latin1');
  return status;
}

/** Sends a status without a body. */
export function sendEmpty(response: ServerResponse, status: number): void {
  response.writeHead(status, status === 204 ? [] : ['content-length', '0']);
  response.end();
}

function bodyOf({ body }: HttpData): Uint8Array {
  if (body?.bytes !== undefined) return body.bytes;
  return Buffer.from(body?.string ?? '');
}

const SAME_SITE = { none: undefined, explicitNone: 'none', lax: 'lax', strict: 'strict' } as const;

/** A `Set-Cookie` value as ASP.NET Core writes it: the value percent-encoded, `path=/` unless another path is named. */
function formatCookie(cookie: CookieData): string {
  const parts = [`${escapeData(cookie.name)}=${escapeData(cookie.value)}`];
  if (cookie.expires) parts.push(`expires=${new Date(cookie.expires.value.seconds * 1000).toUTCString()}`);
  if (cookie.maxAge) parts.push(`max-age=${Math.trunc(cookie.maxAge.value)}`);
  if (cookie.domain) parts.push(`domain=${cookie.domain.value}`);
  parts.push(`path=${cookie.path?.value ?? '/'}`);
  if (cookie.secure?.value) parts.push('secure');
  const sameSite = SAME_SITE[cookie.sameSite ?? 'none'];
  if (sameSite !== undefined) parts.push(`samesite=${sameSite}`);
  if (cookie.httpOnly?.value) parts.push('httponly');
  return parts.join('; ');
}

/** RFC 3986 percent-encoding of everything but the unreserved characters. */
function escapeData(text: string): string {
  return encodeURIComponent(text).replace(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}
