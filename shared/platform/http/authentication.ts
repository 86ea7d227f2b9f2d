import type { HttpRequest } from '@azure/functions';
import { MINUTE } from '../clock.ts';
import { sameSecret } from '../keys/secrets.ts';
import { ACCESS_COOKIE, csrfTokenFor } from './cookie-mode.ts';
import type { CorsPolicy } from './cors.ts';
import type { Authenticate, Caller } from './dispatch.ts';
import { Problem } from './problem.ts';
import { cookieReader } from './request.ts';
import type { Route, StaffCaller, UserCaller } from './route.ts';

/** A sensitive act wants the person to have proved who they are within this time. */
const RECENT = 10 * MINUTE;
const SAFE_METHODS = new Set(['GET', 'HEAD']);

/** What the account behind a token says: the session has ended, something waits for acceptance, or here it is. */
export type Admit<Account> = (
  caller: UserCaller,
  evenPending: boolean,
  now: Date,
) => Promise<
  | { readonly outcome: 'admitted'; readonly account: Account }
  | { readonly outcome: 'session-ended' | 'acceptance-required' }
>;

/** The account that the guard read for this very request, so that nobody reads it twice. */
export type AccountOf<Account> = (caller: UserCaller) => Account;

/** Keeps the accounts that the guard read, each for the life of its request. */
export interface AdmittedAccounts<Account> {
  readonly remember: (caller: UserCaller, account: Account) => void;
  readonly accountOf: AccountOf<Account>;
}

export function admittedAccounts<Account>(): AdmittedAccounts<Account> {
  const admitted = new WeakMap<UserCaller, Account>();
  return {
    remember: (caller, account) => {
      admitted.set(caller, account);
    },
    accountOf(caller) {
      const account = admitted.get(caller);
      if (!account) throw new Error('the route does not check its caller’s account');
      return account;
    },
  };
}

interface AuthenticationPlatform<Account> {
  readonly loginKey: Buffer;
  readonly cors: CorsPolicy;
  readonly verifyAccessToken: (token: string, now: Date) => Promise<Omit<UserCaller, 'kind'> | undefined>;
  readonly verifyStaffToken: (token: string, now: Date) => Promise<StaffCaller | undefined>;
  readonly admit: Admit<Account>;
  readonly admitted: AdmittedAccounts<Account>;
}

/** Authenticates and authorises every request by its route's policy. Whatever is not clearly allowed is refused. */
export function authentication<Account>(platform: AuthenticationPlatform<Account>): Authenticate {
  const { loginKey, cors, verifyAccessToken, verifyStaffToken, admit, admitted } = platform;

  /** A beacon can send no header of its own; that its origin is one of ours shows as well that no page elsewhere sent it. */
  const isOwnBeacon = (route: Route, { headers }: HttpRequest): boolean =>
    route.alsoPlainText === true &&
    /^text\/plain\b/i.test(headers.get('content-type') ?? '') &&
    cors.allows(headers.get('origin'));

  async function user(route: Route, request: HttpRequest, now: Date): Promise<UserCaller> {
    const bearer = bearerOf(request);
    const token = bearer ?? cookieReader(request)(ACCESS_COOKIE);
    const claims = token === undefined ? undefined : await verifyAccessToken(token, now);
    if (!claims) throw new Problem('unauthenticated');
    if (bearer === undefined && !SAFE_METHODS.has(request.method) && !isOwnBeacon(route, request)) {
      const given = request.headers.get('x-csrf-token') ?? '';
      if (!sameSecret(given, csrfTokenFor(loginKey, claims.sessionId))) throw new Problem('forbidden');
    }
    const caller: UserCaller = { kind: 'user', ...claims };
    const policy = route.caller.kind === 'user' ? route.caller : { token: 'checked', pendingAcceptances: 'allowed' };
    if (policy.token === 'trusted') return caller;
    const admission = await admit(caller, policy.pendingAcceptances === 'allowed', now);
    if (admission.outcome !== 'admitted') {
      throw new Problem(admission.outcome === 'session-ended' ? 'unauthenticated' : 'acceptance-required');
    }
    if ('recentSignIn' in policy && now.getTime() - caller.authenticatedAt.getTime() > RECENT) {
      throw new Problem('reauthentication-required');
    }
    admitted.remember(caller, admission.account);
    return caller;
  }

  return async (route, request, now): Promise<Caller> => {
    switch (route.caller.kind) {
      case 'anyone':
        return { kind: 'anonymous' };
      case 'anyone-or-user':
        return request.headers.has('authorization') || cookieReader(request)(ACCESS_COOKIE)
          ? user(route, request, now)
          : { kind: 'anonymous' };
      case 'user':
        return user(route, request, now);
      case 'staff': {
        const token = bearerOf(request);
        const caller = token === undefined ? undefined : await verifyStaffToken(token, now);
        if (!caller) throw new Problem('unauthenticated');
        const { roles } = route.caller;
        if (!caller.roles.some((role) => roles.includes(role))) throw new Problem('forbidden');
        return caller;
      }
    }
  };
}

function bearerOf(request: HttpRequest): string | undefined {
  return /^Bearer ([\w.~+/-]+=*)$/i.exec(request.headers.get('authorization') ?? '')?.[1];
}
