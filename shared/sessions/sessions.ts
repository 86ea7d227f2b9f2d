import { type Account, type AccountStore, loginIdOf, withEndedSessions } from '../accounts/index.ts';
import { type Credential, hashPassword, isOutdated } from '../credentials/index.ts';
import type { LegalDocuments, PendingAcceptance } from '../legal-documents/index.ts';
import { type Notification, newNotification } from '../notifications/index.ts';
import { DAY, plus } from '../platform/clock.ts';
import type { BatchStep, DocumentContainer, Stored } from '../platform/cosmos/document-store.ts';
import { type AccountId, newId, type SessionId } from '../platform/ids.ts';
import { hashSecret, type PlainSecret, sameSecret } from '../platform/keys/secrets.ts';
import { ACCESS_TOKEN_LIFETIME, type AccessTokens } from './access-token.ts';
import { deviceLabel, devicePseudonym } from './device.ts';
import type { Denied, IdentityProof, Proof } from './identity-proof.ts';
import { newRefreshToken, readRefreshToken } from './refresh-token.ts';
import {
  ABSOLUTE_LIFETIME,
  isAlive,
  MAX_ENDED_AT_ONCE,
  rotated,
  type Session,
  sessionEnd,
  type Transport,
} from './session.ts';

/** What a signed-in person is handed. */
export interface Tokens {
  readonly accountId: AccountId;
  readonly sessionId: SessionId;
  readonly transport: Transport;
  readonly accessToken: string;
  /** Seconds. */
  readonly expiresIn: number;
  readonly refreshToken: PlainSecret;
  /** Seconds until the session ends if it is not used. */
  readonly refreshExpiresIn: number;
  readonly pendingAcceptances: readonly PendingAcceptance[];
}

export type SignInOutcome =
  | { readonly outcome: 'signed-in'; readonly tokens: Tokens; readonly notifications: readonly Notification[] }
  | Denied;

export type RefreshOutcome =
  | { readonly outcome: 'refreshed'; readonly tokens: Tokens }
  | { readonly outcome: 'refused' }
  | { readonly outcome: 'reuse-detected'; readonly accountId: AccountId; readonly notification?: Notification };

interface SessionPlatform {
  readonly container: DocumentContainer;
  readonly store: AccountStore;
  readonly documents: LegalDocuments;
  readonly proof: IdentityProof;
  readonly tokens: AccessTokens;
  readonly loginKey: Buffer;
  readonly dataKey: Buffer;
  readonly siteUrl: string;
}

/** How often a sign-in is tried again when another write to the same credential came first. */
const MAX_CONFLICTS = 10;

/** Sessions: sign-in, rotation, the list that a person sees, and their end (clauses F2, H1). */
export function sessionUseCases(platform: SessionPlatform) {
  const { container, store, documents, proof, tokens, loginKey, dataKey, siteUrl } = platform;

  async function tokensFor(session: Session, account: Account, refreshToken: PlainSecret, now: Date): Promise<Tokens> {
    const authenticatedAt = new Date(session.authenticatedAt);
    return {
      accountId: account.accountId,
      sessionId: session.id,
      transport: session.transport,
      accessToken: await tokens.issue(
        { accountId: account.accountId, sessionId: session.id, authenticatedAt, methods: session.methods },
        now,
      ),
      expiresIn: ACCESS_TOKEN_LIFETIME / 1000,
      refreshToken,
      refreshExpiresIn: Math.floor((sessionEnd(session, now).getTime() - now.getTime()) / 1000),
      pendingAcceptances: await documents.pending(account.accepted, now),
    };
  }

  /** Ends sessions: their documents go and the account remembers them while their access tokens live. `false`: none lived any more. */
  async function end(
    accountId: AccountId,
    ids: readonly SessionId[],
    now: Date,
    more: readonly BatchStep[] = [],
  ): Promise<boolean> {
    for (;;) {
      const account = await store.account(accountId);
      if (!account) return false;
      const living = (await store.ofType<Session>(accountId, 'session')).filter(({ id }) => ids.includes(id));
      // Somebody else has ended them: what was to be said of their end has been said.
      if (living.length === 0) return false;
      const outcome = await store.write(accountId, [
        { replace: withEndedSessions(account, ids, ACCESS_TOKEN_LIFETIME, now), etag: account._etag },
        ...living.map(({ id }) => ({ remove: id })),
        ...more,
      ]);
      if (outcome.outcome === 'written') return true;
    }
  }

  /**
   * Notes on the account that it is in use, once a day. Only a note: the token has been handed on already, so that nothing that goes wrong here may
   * take it back.
   */
  async function noteUse(found: Stored<Account>, session: Session, now: Date): Promise<void> {
    const { _etag, ...account } = found;
    const noted = account.lastRenewedAt ?? session.createdAt;
    if (now.getTime() - Date.parse(noted) < DAY) return;
    const used: Account = { ...account, lastRenewedAt: now.toISOString() };
    await store.write(account.accountId, [{ replace: used, etag: _etag }]).catch(() => undefined);
  }

  return {
    async signIn(
      request: Proof & {
        email: string;
        userAgent: string | undefined;
        transport: Transport;
        /** What else is committed with the session: work that the sign-in implies. */
        also?: readonly BatchStep[];
      },
      now: Date,
    ): Promise<SignInOutcome> {
      const loginId = loginIdOf(loginKey, request.email);
      for (let conflicts = 0; conflicts < MAX_CONFLICTS; conflicts += 1) {
        const proved = await proof.prove({ loginId }, request, now);
        if (proved.outcome !== 'proved') return proved;
        const { account, credential, methods } = proved;
        const { accountId } = account;

        const device = deviceLabel(request.userAgent);
        const pseudonym = devicePseudonym(loginKey, accountId, device, request.source);
        const sessionId = newId('ses');
        const refreshToken = newRefreshToken(loginKey, accountId, sessionId);
        const session = rotated(
          {
            id: sessionId,
            type: 'session',
            tokenHash: hashSecret(refreshToken),
            createdAt: now.toISOString(),
            lastUsedAt: now.toISOString(),
            authenticatedAt: now.toISOString(),
            methods,
            device,
            transport: request.transport,
            endsAt: plus(now, ABSOLUTE_LIFETIME).toISOString(),
          },
          hashSecret(refreshToken),
          now,
        );
        const notifications: Notification[] = [];
        if (credential.devices.length > 0 && !credential.devices.includes(pseudonym)) {
          const parameters = { device, at: now.toISOString(), sessionsLink: `${siteUrl}/account/sessions` };
          notifications.push(newNotification(dataKey, 'new-device-sign-in', { parameters }, now));
        }
        if (proved.recoveryCodesLeft !== undefined) {
          const parameters = { at: now.toISOString(), left: proved.recoveryCodesLeft };
          notifications.push(newNotification(dataKey, 'recovery-code-used', { parameters }, now));
        }
        const updated: Credential = {
          ...credential,
          lastSignInAt: now.toISOString(),
          devices: [pseudonym, ...credential.devices.filter((seen) => seen !== pseudonym)].slice(0, 20),
          ...(isOutdated(credential.passwordHash) ? { passwordHash: await hashPassword(request.password) } : {}),
        };
        const { outcome } = await store.write(accountId, [
          { replace: updated, etag: credential._etag },
          { create: session },
          ...notifications.map((create) => ({ create })),
          ...(request.also ?? []),
        ]);
        // Somebody else's try was counted meanwhile: prove it again under the new count.
        if (outcome !== 'written') continue;
        return { outcome: 'signed-in', tokens: await tokensFor(session, account, refreshToken, now), notifications };
      }
      return { outcome: 'wait', retryAfterSeconds: 1 };
    },

    /** Exchanges a refresh token for the next; using one twice ends the session, also when both uses race (RFC 9700 §4.14). */
    async refresh(token: string, now: Date): Promise<RefreshOutcome> {
      const read = readRefreshToken(loginKey, token);
      if (!read) return { outcome: 'refused' };
      const { accountId, sessionId } = read;
      for (;;) {
        const [session, account] = await Promise.all([
          container.read<Session>(accountId, sessionId),
          store.account(accountId),
        ]);
        if (!session || account?.status !== 'active' || !isAlive(session, now)) return { outcome: 'refused' };
        if (!sameSecret(session.tokenHash, hashSecret(token as PlainSecret))) break;
        const next = newRefreshToken(loginKey, accountId, sessionId);
        const renewed = rotated(session, hashSecret(next), now);
        if ((await container.replace(accountId, renewed, session._etag)).outcome === 'written') {
          await noteUse(account, session, now);
          return { outcome: 'refreshed', tokens: await tokensFor(renewed, account, next, now) };
        }
        // Another write came first: a sign-out, a proof of identity, or another use of this token. What it left decides.
      }
      const parameters = { at: now.toISOString(), resetLink: `${siteUrl}/password-reset` };
      const notification = newNotification(dataKey, 'all-sessions-ended', { parameters }, now);
      const ended = await end(accountId, [sessionId], now, [{ create: notification }]);
      return { outcome: 'reuse-detected', accountId, ...(ended ? { notification } : {}) };
    },

    /** Proves the person anew within a living session; sensitive acts ask for it. */
    async reauthenticate(
      accountId: AccountId,
      sessionId: SessionId,
      request: Proof,
      now: Date,
    ): Promise<{ readonly outcome: 'proved'; readonly accessToken: string; readonly expiresIn: number } | Denied> {
      for (let conflicts = 0; conflicts < MAX_CONFLICTS; conflicts += 1) {
        const proved = await proof.prove({ accountId }, request, now);
        if (proved.outcome !== 'proved') return proved;
        const session = await container.read<Session>(accountId, sessionId);
        if (!session || !isAlive(session, now)) return { outcome: 'refused' };
        const renewed: Session = { ...session, authenticatedAt: now.toISOString(), methods: proved.methods };
        const { outcome } = await store.write(accountId, [
          { replace: proved.credential, etag: proved.credential._etag },
          { replace: renewed, etag: session._etag },
        ]);
        if (outcome !== 'written') continue;
        const claims = { accountId, sessionId, authenticatedAt: now, methods: proved.methods };
        return {
          outcome: 'proved',
          accessToken: await tokens.issue(claims, now),
          expiresIn: ACCESS_TOKEN_LIFETIME / 1000,
        };
      }
      return { outcome: 'wait', retryAfterSeconds: 1 };
    },

    /** The living sessions, last used first. */
    async list(accountId: AccountId, now: Date): Promise<readonly Stored<Session>[]> {
      const sessions = await store.ofType<Session>(accountId, 'session');
      return sessions
        .filter((session) => isAlive(session, now))
        .toSorted((a, b) => b.lastUsedAt.localeCompare(a.lastUsedAt));
    },

    /** Ends every session, in parts when there are more than one batch can end; the tokens of all are refused at once. */
    async endAll(accountId: AccountId, now: Date): Promise<void> {
      for (;;) {
        const living = (await store.ofType<Session>(accountId, 'session')).slice(0, MAX_ENDED_AT_ONCE);
        if (living.length === 0) return;
        await end(
          accountId,
          living.map(({ id }) => id),
          now,
        );
      }
    },

    /** Ends one session. `false` when the account has no such session. */
    end: (accountId: AccountId, sessionId: SessionId, now: Date) => end(accountId, [sessionId], now),
  };
}

export type SessionUseCases = ReturnType<typeof sessionUseCases>;
