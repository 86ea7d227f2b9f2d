import * as z from 'zod/mini';
import { VISITOR_COOKIE } from '../../shared/cookies/index.ts';
import type { Config } from '../../shared/platform/config.ts';
import { ACCESS_COOKIE, clearedCookies, csrfTokenFor, REFRESH_COOKIE } from '../../shared/platform/http/cookie-mode.ts';
import type { CorsPolicy } from '../../shared/platform/http/cors.ts';
import { Problem } from '../../shared/platform/http/problem.ts';
import { anyone, type Route, route, tokenHolder, userEvenPending } from '../../shared/platform/http/route.ts';
import { type AccountId, isId, type VisitorId } from '../../shared/platform/ids.ts';
import { sameSecret } from '../../shared/platform/keys/secrets.ts';
import { publicJwk } from '../../shared/platform/keys/signing-keys.ts';
import type { PendingWork } from '../../shared/platform/pending-work.ts';
import { readRefreshToken, type SessionUseCases, type Tokens } from '../../shared/sessions/index.ts';
import { denied } from './proof-problem.ts';
import { email, instant, otp, password, token } from './schemas.ts';

/** What a sign-in on a known device implies: the choices made there join the account. */
export interface DeviceJoining {
  /** To be committed with the session, so that it happens whatever becomes of this process. */
  readonly work: PendingWork;
  /** Does it at once, so that the person finds it done. */
  readonly carryOut: (accountId: AccountId, now: Date) => Promise<void>;
}

export interface AuthenticationServices {
  readonly config: Pick<Config, 'loginKey' | 'signingKeys'>;
  readonly cors: CorsPolicy;
  readonly sessions: SessionUseCases;
  /** What the sign-in on a device implies; nothing when nothing was chosen on it. */
  readonly joining: (visitorId: VisitorId, now: Date) => Promise<DeviceJoining | undefined>;
  /** Sets committed work on its way without waiting for it. */
  readonly nudge: (accountId: string, notificationId: string) => void;
}

const pendingAcceptances = z.array(z.strictObject({ kind: z.string(), version: z.string() }));
const tokensSchema = z.strictObject({
  accessToken: z.optional(z.string()),
  tokenType: z.enum(['Bearer', 'Cookie']),
  expiresIn: z.int(),
  refreshToken: z.optional(z.string()),
  refreshExpiresIn: z.int(),
  sessionId: z.string(),
  pendingAcceptances,
  csrfToken: z.optional(z.string()),
});

/** Signing in and out, and the tokens (clauses F2, H1; RFC 9068, RFC 9700). */
export function authenticationRoutes(services: AuthenticationServices): readonly Route[] {
  const { config, cors, sessions, joining, nudge } = services;
  function handed(tokens: Tokens) {
    const common = {
      expiresIn: tokens.expiresIn,
      refreshExpiresIn: tokens.refreshExpiresIn,
      sessionId: tokens.sessionId,
      pendingAcceptances: [...tokens.pendingAcceptances],
    };
    if (tokens.transport === 'bearer') {
      const { accessToken, refreshToken } = tokens;
      return { status: 200 as const, body: { ...common, accessToken, tokenType: 'Bearer' as const, refreshToken } };
    }
    return {
      status: 200 as const,
      cookies: [
        { name: ACCESS_COOKIE, value: tokens.accessToken, maxAgeSeconds: tokens.expiresIn },
        { name: REFRESH_COOKIE, value: tokens.refreshToken, maxAgeSeconds: tokens.refreshExpiresIn },
      ] as const,
      body: { ...common, tokenType: 'Cookie' as const, csrfToken: csrfTokenFor(config.loginKey, tokens.sessionId) },
    };
  }
  const cookiesOf = (transportIsCookie: boolean) => (transportIsCookie ? { cookies: clearedCookies } : {});

  /** The refresh token of the body, or of the cookie when the CSRF token came with it. */
  function refreshTokenOf(given: string | undefined, cookie: string | undefined, csrf: string | undefined): string {
    if (given !== undefined) return given;
    const read = cookie === undefined ? undefined : readRefreshToken(config.loginKey, cookie);
    if (!read || !cookie) throw new Problem('unauthenticated');
    if (csrf === undefined || !sameSecret(csrf, csrfTokenFor(config.loginKey, read.sessionId)))
      throw new Problem('forbidden');
    return cookie;
  }

  return [
    route({
      name: 'auth-login',
      method: 'POST',
      path: '/api/v1/auth/login',
      topic: 'sessions',
      summary: 'Signs in with e-mail, password and, where enabled, a code of the second factor.',
      caller: anyone,
      body: z.strictObject({
        email,
        password,
        otp: z.optional(otp),
        transport: z.optional(z.enum(['bearer', 'cookie'])),
      }),
      answers: { 200: { description: 'Signed in', schema: tokensSchema } },
      problems: ['unauthenticated', 'mfa-required', 'too-many-requests', 'forbidden'],
      requestHeaders: [{ name: 'X-Visitor-Id', description: 'The device, whose choices then join the account.' }],
      async handle({ body, source, userAgent, header, cookie, now }) {
        const transport = body.transport ?? 'bearer';
        const origin = header('origin') ?? null;
        // A page elsewhere must not be able to sign a visitor in as somebody else.
        if (transport === 'cookie' && origin !== null && !cors.allows(origin)) throw new Problem('forbidden');
        const visitorId = header('x-visitor-id') ?? cookie(VISITOR_COOKIE) ?? '';
        const device = isId('vis', visitorId) ? await joining(visitorId, now) : undefined;
        const also = device ? [{ upsert: device.work }] : [];
        const result = await sessions.signIn({ ...body, transport, source, userAgent, also }, now);
        if (result.outcome !== 'signed-in') throw denied(result);
        const { accountId } = result.tokens;
        await device?.carryOut(accountId, now).catch(() => undefined); // else the committed work does it
        for (const { id } of [...result.notifications, ...(device ? [device.work] : [])]) nudge(accountId, id);
        return handed(result.tokens);
      },
    }),
    route({
      name: 'auth-refresh',
      method: 'POST',
      path: '/api/v1/auth/refresh',
      topic: 'sessions',
      summary: 'Exchanges a refresh token for the next; using one twice ends the session.',
      caller: anyone,
      body: z.strictObject({ refreshToken: z.optional(token) }),
      answers: { 200: { description: 'New tokens', schema: tokensSchema } },
      problems: ['unauthenticated', 'forbidden'],
      async handle({ body, cookie, header, now }) {
        const given = refreshTokenOf(body.refreshToken, cookie(REFRESH_COOKIE), header('x-csrf-token'));
        const result = await sessions.refresh(given, now);
        if (result.outcome === 'refreshed') return handed(result.tokens);
        if (result.outcome === 'reuse-detected' && result.notification) nudge(result.accountId, result.notification.id);
        throw new Problem('unauthenticated');
      },
    }),
    route({
      name: 'auth-session',
      method: 'GET',
      path: '/api/v1/auth/session',
      topic: 'sessions',
      summary: 'Who this access token is: its claims, verified without any look-up.',
      caller: tokenHolder,
      answers: {
        200: {
          description: 'The claims',
          schema: z.strictObject({
            accountId: z.string(),
            sessionId: z.string(),
            authenticatedAt: instant,
            methods: z.array(z.string()),
            expiresAt: instant,
          }),
        },
      },
      async handle({ caller }) {
        return {
          status: 200,
          body: {
            accountId: caller.accountId,
            sessionId: caller.sessionId,
            authenticatedAt: caller.authenticatedAt.toISOString(),
            methods: [...caller.methods],
            expiresAt: caller.expiresAt.toISOString(),
          },
        };
      },
    }),
    route({
      name: 'auth-logout',
      method: 'POST',
      path: '/api/v1/auth/logout',
      topic: 'sessions',
      summary: 'Ends this session.',
      caller: userEvenPending,
      answers: { 204: { description: 'Signed out' } },
      async handle({ caller, cookie, now }) {
        await sessions.end(caller.accountId, caller.sessionId, now);
        return { status: 204, ...cookiesOf(cookie(ACCESS_COOKIE) !== undefined) };
      },
    }),
    route({
      name: 'auth-reauthenticate',
      method: 'POST',
      path: '/api/v1/auth/reauthenticate',
      topic: 'sessions',
      summary: 'Proves the person anew; sensitive acts want a sign-in at most ten minutes old.',
      caller: userEvenPending,
      body: z.strictObject({ password, otp: z.optional(otp) }),
      answers: {
        200: {
          description: 'An access token with the new time of authentication',
          schema: z.strictObject({
            accessToken: z.optional(z.string()),
            tokenType: z.enum(['Bearer', 'Cookie']),
            expiresIn: z.int(),
            sessionId: z.string(),
          }),
        },
      },
      problems: ['mfa-required', 'too-many-requests'],
      async handle({ caller, body, source, cookie, now }) {
        const result = await sessions.reauthenticate(caller.accountId, caller.sessionId, { ...body, source }, now);
        if (result.outcome !== 'proved') throw denied(result);
        const { accessToken, expiresIn } = result;
        const { sessionId } = caller;
        if (cookie(ACCESS_COOKIE) === undefined)
          return { status: 200, body: { accessToken, tokenType: 'Bearer', expiresIn, sessionId } };
        return {
          status: 200,
          cookies: [{ name: ACCESS_COOKIE, value: accessToken, maxAgeSeconds: expiresIn }],
          body: { tokenType: 'Cookie', expiresIn, sessionId },
        };
      },
    }),
    route({
      name: 'well-known-jwks',
      method: 'GET',
      path: '/.well-known/jwks.json',
      topic: 'sessions',
      summary: 'The public keys of the access tokens (RFC 7517).',
      caller: anyone,
      cacheSeconds: 300,
      answers: {
        200: { description: 'JWK Set', schema: z.strictObject({ keys: z.array(z.record(z.string(), z.string())) }) },
      },
      async handle() {
        return { status: 200, body: { keys: config.signingKeys.map(publicJwk) } };
      },
    }),
  ];
}
