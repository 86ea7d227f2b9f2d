import { createHash } from 'node:crypto';
import type { HttpRequest, HttpResponseInit } from '@azure/functions';
import type { Clock } from '../clock.ts';
import { type Language, preferredLanguage } from '../language.ts';
import { faultFields, type Logger } from '../logger.ts';
import { ServiceUnavailable } from '../unavailable.ts';
import { newRequestId, traceparentOf } from './correlation.ts';
import type { CorsPolicy } from './cors.ts';
import type { Idempotency } from './idempotency.ts';
import { entityTag, namesEntityTag, preconditions } from './preconditions.ts';
import { Problem, problemCatalogue, problemDocument } from './problem.ts';
import { cookieReader, readJsonBody, readUpload, routeParameters } from './request.ts';
import type { AnonymousCaller, CookieToSet, Route, StaffCaller, UserCaller } from './route.ts';
import { sourceAddress } from './source-address.ts';
import { type Upload, uploadRuleOf } from './upload.ts';
import { validate } from './validation.ts';

export type Caller = UserCaller | StaffCaller | AnonymousCaller;

/** Finds out who calls and whether this route is open to them. Throws a `Problem` otherwise: it fails closed. */
export type Authenticate = (route: Route, request: HttpRequest, now: Date) => Promise<Caller>;

export interface DispatchPlatform {
  readonly clock: Clock;
  readonly logger: Logger;
  readonly cors: CorsPolicy;
  readonly authenticate: Authenticate;
  readonly idempotency: Idempotency;
  /** Proxies in front whose entry of `X-Forwarded-For` is believed. */
  readonly trustedProxyHops: number;
}

const SECURITY_HEADERS = {
  'Strict-Transport-Security': 'max-age=63072000; includeSubDomains',
  'X-Content-Type-Options': 'nosniff',
  'Referrer-Policy': 'no-referrer',
  'X-Frame-Options': 'DENY',
  'Content-Security-Policy':
    "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'",
  'Cross-Origin-Resource-Policy': 'same-site',
} as const;

type Answer = Awaited<ReturnType<Route['handle']>>;

/** Turns a route into the handler that `@azure/functions` calls. Every request leaves through the one exit below. */
export function dispatcher(route: Route, platform: DispatchPlatform) {
  return async (request: HttpRequest): Promise<HttpResponseInit> => {
    const requestId = newRequestId();
    const language = preferredLanguage(request.headers.get('accept-language'));
    const headers = commonHeaders(request, requestId, platform.cors);
    try {
      const { answer, replayed } = await run(route, request, platform, { requestId, language });
      if (replayed) headers['Idempotency-Replayed'] = 'true';
      return respond(route, request, answer, headers);
    } catch (error) {
      const problem = asProblem(error);
      if (problemCatalogue[problem.code].status >= 500) {
        platform.logger.error('request-failed', {
          requestId,
          route: route.name,
          problem: problem.code,
          ...faultFields(error),
        });
      }
      return respondWithProblem(problem, language, headers);
    }
  };
}

/** The handler of every path that no route has: the problem that a front end can read, instead of the host's bare 404. */
export function unknownPath({ cors }: Pick<DispatchPlatform, 'cors'>) {
  return async (request: HttpRequest): Promise<HttpResponseInit> =>
    respondWithProblem(
      new Problem('not-found'),
      preferredLanguage(request.headers.get('accept-language')),
      commonHeaders(request, newRequestId(), cors),
    );
}

/** The handler of every preflight request: which origins may call, and with what (API conventions, CORS). */
export function preflight({ cors }: Pick<DispatchPlatform, 'cors'>) {
  return async (request: HttpRequest): Promise<HttpResponseInit> => ({
    status: 204,
    headers: {
      ...commonHeaders(request, newRequestId(), cors),
      ...cors.preflightHeadersFor(request.headers.get('origin')),
    },
  });
}

function commonHeaders(request: HttpRequest, requestId: string, cors: CorsPolicy): Record<string, string> {
  const traceparent = traceparentOf(request.headers.get('traceparent'));
  return {
    ...SECURITY_HEADERS,
    'X-Request-Id': requestId,
    ...(traceparent ? { traceparent } : {}),
    ...cors.headersFor(request.headers.get('origin')),
  };
}

async function run(
  route: Route,
  request: HttpRequest,
  platform: DispatchPlatform,
  { requestId, language }: { requestId: string; language: Language },
): Promise<{ answer: Answer; replayed: boolean }> {
  const now = platform.clock.now();
  const header = (name: string) => request.headers.get(name) ?? undefined;
  const caller = await platform.authenticate(route, request, now);
  const params = parametersOf(route, request, language);
  const query = route.query ? validate(route.query, Object.fromEntries(request.query), language) : undefined;
  const body = await bodyOf(route, request, platform.cors, language);
  const input = {
    params,
    query,
    body,
    caller,
    language,
    now,
    requestId,
    source: sourceAddress(request.headers.get('x-forwarded-for'), platform.trustedProxyHops),
    userAgent: header('user-agent'),
    cookie: cookieReader(request),
    header,
    preconditions: preconditions(header('if-match'), header('if-none-match')),
  };
  const handle = () => route.handle(input as never);
  const key = route.idempotent ? header('idempotency-key') : undefined;
  if (key === undefined) return { answer: await handle(), replayed: false };
  const scope = caller.kind === 'user' ? caller.accountId : caller.kind === 'staff' ? caller.staffId : 'anonymous';
  const own = route.idempotencyScope?.(input as never) ?? '';
  return platform.idempotency.once(
    { key, scope: `${route.name}|${scope}|${own}`, body: fingerprint(body), now },
    handle,
  );
}

/**
 * A path whose ids have a shape that no id has leads to nothing, as one to an id that does not exist. Only a `PUT`, which names what it would
 * create, is told what is wrong with the name.
 */
function parametersOf(route: Route, request: HttpRequest, language: Language): unknown {
  if (!route.params) return undefined;
  const given = routeParameters(route.path, request.url);
  if (route.method === 'PUT') return validate(route.params, given, language);
  const parsed = route.params.safeParse(given);
  if (!parsed.success) throw new Problem('not-found');
  return parsed.data;
}

async function bodyOf(route: Route, request: HttpRequest, cors: CorsPolicy, language: Language): Promise<unknown> {
  if (!route.body) return undefined;
  const upload = uploadRuleOf(route.body);
  if (upload) return readUpload(request, upload);
  // A page elsewhere can send text/plain without asking first: the origin must be one of ours.
  const plainTextToo = route.alsoPlainText === true && cors.allows(request.headers.get('origin'));
  return validate(route.body, await readJsonBody(request, plainTextToo), language);
}

/** What stands for a body when two requests under one idempotency key are compared. */
function fingerprint(body: unknown): unknown {
  const { bytes } = (body ?? {}) as Partial<Upload>;
  if (!(bytes instanceof Uint8Array)) return body;
  return { ...(body as Upload), bytes: createHash('sha256').update(bytes).digest('base64url') };
}

function respond(
  route: Route,
  request: HttpRequest,
  answer: Answer,
  headers: Record<string, string>,
): HttpResponseInit {
  const definition = route.answers[answer.status];
  headers['Cache-Control'] = route.cacheSeconds ? `public, max-age=${route.cacheSeconds}` : 'no-store';
  Object.assign(headers, answer.headers);
  const cookies = answer.cookies?.map(asCookie) ?? [];
  if (answer.body === undefined) return { status: answer.status, headers, cookies };
  if (route.entityTag) {
    const tag = entityTag(answer.body);
    headers.ETag = tag;
    if (route.method === 'GET' && namesEntityTag(request.headers.get('if-none-match'), tag))
      return { status: 304, headers };
  }
  headers['Content-Type'] ??= definition?.contentType ?? 'application/json; charset=utf-8';
  const isSentAsIs = typeof answer.body === 'string' || answer.body instanceof Uint8Array;
  const body = isSentAsIs ? (answer.body as string | Uint8Array) : JSON.stringify(answer.body);
  return { status: answer.status, headers, cookies, body };
}

function asCookie({ name, value, maxAgeSeconds }: CookieToSet) {
  return { name, value, maxAge: maxAgeSeconds, path: '/', secure: true, httpOnly: true, sameSite: 'Strict' as const };
}

function asProblem(error: unknown): Problem {
  if (error instanceof Problem) return error;
  if (error instanceof ServiceUnavailable) return new Problem('service-unavailable', { retryAfterSeconds: 5 });
  return new Problem('internal-error');
}

function respondWithProblem(problem: Problem, language: Language, headers: Record<string, string>): HttpResponseInit {
  const document = problemDocument(problem, language);
  headers['Content-Type'] = 'application/problem+json; charset=utf-8';
  headers['Content-Language'] = language;
  headers['Cache-Control'] = 'no-store';
  if (problem.code === 'unauthenticated') headers['WWW-Authenticate'] = 'Bearer';
  const { retryAfterSeconds } = problem.details;
  if (retryAfterSeconds !== undefined) headers['Retry-After'] = String(Math.ceil(retryAfterSeconds));
  return { status: document.status, headers, body: JSON.stringify(document) };
}
