/** Cross-origin calls are for the configured origins only (API conventions). */
export interface CorsPolicy {
  allows(origin: string | null): boolean;
  headersFor(origin: string | null): Readonly<Record<string, string>>;
  /** The answer to a preflight request; nothing for an origin that is not allowed. */
  preflightHeadersFor(origin: string | null): Readonly<Record<string, string>>;
}

const EXPOSED = 'Content-Disposition, ETag, Idempotency-Replayed, Retry-After, X-Request-Id';
const REQUEST_HEADERS = [
  'Authorization',
  'Content-Type',
  'If-Match',
  'If-None-Match',
  'Idempotency-Key',
  'X-CSRF-Token',
  'X-Visitor-Id',
  'X-Tracking-Code',
  'X-Confirmation-Code',
  'X-Document-Kind',
  'traceparent',
].join(', ');

export function corsPolicy(allowedOrigins: readonly string[]): CorsPolicy {
  const allows = (origin: string | null): origin is string => origin !== null && allowedOrigins.includes(origin);
  const headersFor = (origin: string | null): Record<string, string> =>
    allows(origin)
      ? {
          'Access-Control-Allow-Origin': origin,
          'Access-Control-Allow-Credentials': 'true',
          'Access-Control-Expose-Headers': EXPOSED,
          Vary: 'Origin, Accept-Language',
        }
      : { Vary: 'Origin, Accept-Language' };
  return {
    allows,
    headersFor,
    preflightHeadersFor: (origin) =>
      allows(origin)
        ? {
            ...headersFor(origin),
            'Access-Control-Allow-Methods': 'GET, POST, PUT, PATCH, DELETE',
            'Access-Control-Allow-Headers': REQUEST_HEADERS,
            'Access-Control-Max-Age': '600',
          }
        : headersFor(origin),
  };
}
