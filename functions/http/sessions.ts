import * as z from 'zod/mini';
import { loginIdOf } from '../../shared/accounts/index.ts';
import type { Config } from '../../shared/platform/config.ts';
import { ACCESS_COOKIE, csrfTokenFor, REFRESH_COOKIE } from '../../shared/platform/http/cookie-mode.ts';
import type { CorsPolicy } from '../../shared/platform/http/cors.ts';
import { Problem } from '../../shared/platform/http/problem.ts';
import {
  anyone,
  type CookieToSet,
  type Route,
  recentUser,
  route,
  tokenHolder,
  user,
  userEvenPending,
} from '../../shared/platform/http/route.ts';
import { sameSecret } from '../../shared/platform/keys/secrets.ts';
import { publicJwk } from '../../shared/platform/keys/signing-keys.ts';
import {
  type Denied,
  type PasswordUseCases,
  readRefreshToken,
  type SecondFactorUseCases,
  type Session,
  type SessionUseCases,
  type Tokens,
} from '../../shared/sessions/index.ts';
import { passwordProblem } from './accounts.ts';
import { email, instant, otp, password, token } from './schemas.ts';

export interface SessionServices {
  readonly config: Pick<Config, 'loginKey' | 'signingKeys'>;
  readonly cors: CorsPolicy;
  readonly sessions: SessionUseCases;
  readonly passwords: PasswordUseCases;
  readonly secondFactors: SecondFactorUseCases;
  readonly nudge: (accountId: string, notificationId: string) => void;
  readonly nudgeReset: (intentId: string) => void;
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

/** Removes the cookies of cookie mode. */
export const clearedCookies = ([ACCESS_COOKIE, REFRESH_COOKIE] as const).map(
  (name): CookieToSet => ({ name, value: '', maxAgeSeconds: 0 }),
);

/** The problem of a proof that was not given or not right. */
export function denied(outcome: Denied): Problem {
  if (outcome.outcome === 'wait')
    return new Problem('too-many-requests', { retryAfterSeconds: outcome.retryAfterSeconds });
  return new Problem(outcome.outcome === 'otp-required' ? 'mfa-required' : 'unauthenticated');
}

export function sessionRoutes(services: SessionServices): readonly Route[] {
  const { config, cors, sessions, passwords, secondFactors, nudge, nudgeReset } = services;

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

  const shownSession = (session: Session, current: string) => ({
    id: session.id,
    device: session.device,
    createdAt: session.createdAt,
    lastUsedAt: session.lastUsedAt,
    current: session.id === current,
  });

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
      async handle({ body, source, userAgent, header, now }) {
        const transport = body.transport ?? 'bearer';
        const origin = header('origin') ?? null;
        // A page elsewhere must not be able to sign a visitor in as somebody else.
        if (transport === 'cookie' && origin !== null && !cors.allows(origin)) throw new Problem('forbidden');
        const result = await sessions.signIn({ ...body, transport, source, userAgent }, now);
        if (result.outcome !== 'signed-in') throw denied(result);
        for (const { id } of result.notifications) nudge(result.tokens.accountId, id);
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
      name: 'password-reset-request',
      method: 'POST',
      path: '/api/v1/auth/password-reset',
      topic: 'sessions',
      summary: 'Asks for a reset link. The answer is the same for every e-mail.',
      caller: anyone,
      body: z.strictObject({ email }),
      answers: { 202: { description: 'If the e-mail has an account, a mail is on its way' } },
      async handle({ body, now }) {
        const intent = await passwords.requestReset(loginIdOf(config.loginKey, body.email), now);
        nudgeReset(intent.id);
        return { status: 202 };
      },
    }),
    route({
      name: 'password-reset-confirm',
      method: 'POST',
      path: '/api/v1/auth/password-reset/confirm',
      topic: 'sessions',
      summary: 'Sets a new password by the mailed token, once; every session ends.',
      caller: anyone,
      body: z.strictObject({ token, newPassword: password }),
      answers: { 204: { description: 'Changed' } },
      problems: ['unprocessable', 'gone'],
      async handle({ body, language: reader, now }) {
        const result = await passwords.confirmReset(body.token, body.newPassword, now);
        if (result.outcome === 'password-refused') throw passwordProblem(result.fault, 'newPassword', reader);
        if (result.outcome !== 'changed') throw new Problem(result.outcome === 'gone' ? 'gone' : 'unprocessable');
        nudge(result.accountId, result.notification.id);
        return { status: 204 };
      },
    }),
    route({
      name: 'me-password-change',
      method: 'PUT',
      path: '/api/v1/me/password',
      topic: 'sessions',
      summary: 'Changes the password; every other session ends and the person is told by mail.',
      caller: userEvenPending,
      body: z.strictObject({ currentPassword: password, newPassword: password, otp: z.optional(otp) }),
      answers: { 204: { description: 'Changed' } },
      problems: ['mfa-required', 'unprocessable', 'too-many-requests'],
      async handle({ caller, body, source, language: reader, now }) {
        const { currentPassword, newPassword, otp: code } = body;
        const request = { password: currentPassword, newPassword, otp: code, source };
        const result = await passwords.change(caller.accountId, caller.sessionId, request, now);
        if (result.outcome === 'password-refused') throw passwordProblem(result.fault, 'newPassword', reader);
        if (result.outcome !== 'changed') throw denied(result);
        nudge(caller.accountId, result.notification.id);
        return { status: 204 };
      },
    }),
    route({
      name: 'me-sessions-list',
      method: 'GET',
      path: '/api/v1/me/sessions',
      topic: 'sessions',
      summary: 'The living sessions, with device and last use.',
      caller: user,
      answers: {
        200: {
          description: 'Last used first',
          schema: z.strictObject({
            items: z.array(
              z.strictObject({
                id: z.string(),
                device: z.string(),
                createdAt: instant,
                lastUsedAt: instant,
                current: z.boolean(),
              }),
            ),
          }),
        },
      },
      async handle({ caller, now }) {
        const items = (await sessions.list(caller.accountId, now)).map((session) =>
          shownSession(session, caller.sessionId),
        );
        return { status: 200, body: { items } };
      },
    }),
    route({
      name: 'me-sessions-end',
      method: 'DELETE',
      path: '/api/v1/me/sessions/{id}',
      topic: 'sessions',
      summary: 'Ends one session.',
      caller: user,
      params: z.strictObject({ id: z.string().check(z.regex(/^ses_[\w-]{22}$/)) }),
      answers: { 204: { description: 'Ended' } },
      problems: ['not-found'],
      async handle({ caller, params, now }) {
        if (!(await sessions.end(caller.accountId, params.id as Session['id'], now))) throw new Problem('not-found');
        return { status: 204 };
      },
    }),
    route({
      name: 'me-totp-begin',
      method: 'POST',
      path: '/api/v1/me/mfa/totp',
      topic: 'sessions',
      summary: 'Begins to add a second factor; a first code must confirm it.',
      caller: recentUser,
      answers: {
        201: {
          description: 'For the authenticator',
          schema: z.strictObject({ secret: z.string(), otpauthUrl: z.string() }),
        },
      },
      problems: ['conflict'],
      async handle({ caller }) {
        const result = await secondFactors.begin(caller.accountId);
        if (result.outcome === 'active') throw new Problem('conflict');
        return { status: 201, body: { secret: result.secret, otpauthUrl: result.otpauthUrl } };
      },
    }),
    route({
      name: 'me-totp-confirm',
      method: 'POST',
      path: '/api/v1/me/mfa/totp/confirm',
      topic: 'sessions',
      summary: 'Enables the second factor; answers the recovery codes, which are shown this once.',
      caller: recentUser,
      body: z.strictObject({ code: z.string().check(z.regex(/^\d{6}$/)) }),
      answers: { 200: { description: 'Enabled', schema: z.strictObject({ recoveryCodes: z.array(z.string()) }) } },
      problems: ['conflict', 'unprocessable'],
      async handle({ caller, body, now }) {
        const result = await secondFactors.confirm(caller.accountId, body.code, now);
        if (result.outcome !== 'enabled')
          throw new Problem(result.outcome === 'not-begun' ? 'conflict' : 'unprocessable');
        nudge(caller.accountId, result.notification.id);
        return { status: 200, body: { recoveryCodes: [...result.recoveryCodes] } };
      },
    }),
    route({
      name: 'me-totp-remove',
      method: 'DELETE',
      path: '/api/v1/me/mfa/totp',
      topic: 'sessions',
      summary: 'Removes the second factor.',
      caller: recentUser,
      answers: { 204: { description: 'Removed' } },
      problems: ['not-found'],
      async handle({ caller, now }) {
        const result = await secondFactors.remove(caller.accountId, now);
        if (result.outcome === 'none') throw new Problem('not-found');
        if (result.notification) nudge(caller.accountId, result.notification.id);
        return { status: 204 };
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
