import {
  type Account,
  type AccountStore,
  mailedToken,
  type Profile,
  readMailedToken,
  withEndedSessions,
} from '../accounts/index.ts';
import { type Credential, hashPassword, type PasswordFault, passwordFault } from '../credentials/index.ts';
import { type MailBudget, type Notification, newNotification } from '../notifications/index.ts';
import { DAY, HOUR, plus } from '../platform/clock.ts';
import type { Document, DocumentContainer, Stored } from '../platform/cosmos/document-store.ts';
import { type AccountId, type NotificationId, newId, type SessionId } from '../platform/ids.ts';
import { type HashedSecret, hashSecret, sameSecret } from '../platform/keys/secrets.ts';
import type { PendingWork, WorkHandler } from '../platform/pending-work.ts';
import { ACCESS_TOKEN_LIFETIME } from './access-token.ts';
import type { Denied, IdentityProof, Proof } from './identity-proof.ts';
import { MAX_ENDED_AT_ONCE, type Session } from './session.ts';

/** A reset link is good this long, once (CNIL 2022-100). */
const RESET_LIFETIME = HOUR;
const RESET_ID = 'password-reset';

export interface ResetToken extends Document {
  readonly id: typeof RESET_ID;
  readonly type: 'password-reset';
  readonly tokenHash: HashedSecret;
  readonly expiresAt: string;
}

/** Somebody asked to reset the password of an e-mail, known or not: looked up only after the answer has been given. */
export interface ResetIntent extends PendingWork {
  readonly type: 'password-reset-intent';
  readonly loginId: string;
  /** The same pseudonym, under the name by which the inventory finds what is about a person. */
  readonly subject: string;
  readonly notificationId: NotificationId;
}

type Changed = { readonly outcome: 'changed'; readonly notification: Notification };
type Refused = { readonly outcome: 'password-refused'; readonly fault: PasswordFault };

interface PasswordPlatform {
  readonly accounts: DocumentContainer;
  readonly runtime: DocumentContainer;
  readonly store: AccountStore;
  readonly proof: IdentityProof;
  readonly budget: MailBudget;
  readonly loginKey: Buffer;
  readonly dataKey: Buffer;
  readonly siteUrl: string;
}

/** Changing a password, knowing the old one or through a mailed link. Either way the person is told (clause F2). */
export function passwordUseCases(platform: PasswordPlatform) {
  const { accounts, runtime, store, proof, budget, loginKey, dataKey, siteUrl } = platform;

  /**
   * Replaces the password and ends every session but `kept`, in one batch. `undefined` when the caller must begin again: another write came
   * first, or there were more sessions than one batch can end, and only a part of them has been ended.
   */
  async function setPassword(
    account: Stored<Account>,
    credential: Stored<Credential>,
    password: string,
    now: Date,
    { kept, usedToken }: { kept?: SessionId; usedToken?: Stored<ResetToken> },
  ): Promise<Changed | Refused | undefined> {
    const fault = await passwordFault(password, personalTexts(account.profile));
    if (fault) return { outcome: 'password-refused', fault };
    const sessions = await store.ofType<Session>(account.accountId, 'session');
    const ending = sessions.filter(({ id }) => id !== kept);
    if (ending.length > MAX_ENDED_AT_ONCE) {
      const part = ending.slice(0, MAX_ENDED_AT_ONCE).map(({ id }) => id);
      await store.write(account.accountId, [
        { replace: withEndedSessions(account, part, ACCESS_TOKEN_LIFETIME, now), etag: account._etag },
        ...part.map((id) => ({ remove: id })),
      ]);
      return undefined;
    }
    const changed: Credential = {
      ...credential,
      passwordHash: await hashPassword(password),
      passwordChangedAt: now.toISOString(),
      failures: [],
    };
    const notification = newNotification(dataKey, 'password-changed', { parameters: { at: now.toISOString() } }, now);
    const { outcome } = await store.write(account.accountId, [
      { replace: changed, etag: credential._etag },
      {
        replace: withEndedSessions(
          account,
          ending.map(({ id }) => id),
          ACCESS_TOKEN_LIFETIME,
          now,
        ),
        etag: account._etag,
      },
      { create: notification },
      ...(usedToken ? [{ remove: usedToken.id, etag: usedToken._etag }] : []),
      ...ending.map(({ id }) => ({ remove: id })),
    ]);
    return outcome === 'written' ? { outcome: 'changed', notification } : undefined;
  }

  return {
    /** Changes the password of a signed-in person; their other sessions end. */
    async change(
      accountId: AccountId,
      sessionId: SessionId,
      request: Proof & { newPassword: string },
      now: Date,
    ): Promise<Changed | Refused | Denied> {
      for (;;) {
        const proved = await proof.prove({ accountId }, request, now);
        if (proved.outcome !== 'proved') return proved;
        const result = await setPassword(proved.account, proved.credential, request.newPassword, now, {
          kept: sessionId,
        });
        if (result) return result;
      }
    },

    /**
     * Takes a request to reset. One write, the same for every e-mail; whether there is an account is found out later, by
     * {@link prepareReset}, so that neither answer nor timing can tell.
     */
    async requestReset(loginId: string, now: Date): Promise<ResetIntent> {
      const intent: ResetIntent = {
        id: `password-reset:${newId('msg')}`,
        type: 'password-reset-intent',
        loginId,
        subject: loginId,
        notificationId: newId('ntf'),
        pendingAt: now.toISOString(),
        attempts: 0,
        expiresAt: plus(now, DAY).toISOString(),
      };
      await runtime.create(intent.id, intent);
      return intent;
    },

    /**
     * The work handler of an intent: queues the mail with the link where there is an account whose address has not had its share of such
     * mails, and forgets the intent.
     */
    prepareReset: (async (work, { partition }, now) => {
      const intent = work as Stored<ResetIntent>;
      const login = await store.login(intent.loginId);
      const account = login && (await store.account(login.accountId));
      const mayBeSent = async () =>
        (await budget.take('password-reset', intent.loginId, intent.notificationId, now)) === 0;
      if (account?.status === 'active' && (await mayBeSent())) {
        const { token, secret } = mailedToken(loginKey, 'reset', account.accountId);
        const expiresAt = plus(now, RESET_LIFETIME);
        const reset: ResetToken = {
          id: RESET_ID,
          type: 'password-reset',
          tokenHash: hashSecret(secret),
          expiresAt: expiresAt.toISOString(),
        };
        const parameters = { link: `${siteUrl}/password-reset?token=${token}`, expiresAt: expiresAt.toISOString() };
        // The id was chosen with the intent: carried out twice, the second batch conflicts and changes nothing.
        await store.write(account.accountId, [
          { create: newNotification(dataKey, 'password-reset', { parameters }, now, intent.notificationId) },
          { upsert: reset },
        ]);
      }
      await runtime.remove(partition, intent.id);
    }) satisfies WorkHandler,

    /** Sets a new password by a mailed link, once; every session ends. */
    async confirmReset(
      token: string,
      newPassword: string,
      now: Date,
    ): Promise<(Changed & { accountId: AccountId }) | Refused | { outcome: 'gone' | 'unknown-token' }> {
      const read = readMailedToken(loginKey, 'reset', token);
      if (!read) return { outcome: 'unknown-token' };
      const { accountId, secret } = read;
      for (;;) {
        const [reset, found] = await Promise.all([
          accounts.read<ResetToken>(accountId, RESET_ID),
          store.accountWithCredential(accountId),
        ]);
        const good = reset && reset.expiresAt > now.toISOString() && sameSecret(reset.tokenHash, hashSecret(secret));
        if (!good || found?.account.status !== 'active') return { outcome: 'gone' };
        const result = await setPassword(found.account, found.credential, newPassword, now, { usedToken: reset });
        if (result) return result.outcome === 'changed' ? { ...result, accountId } : result;
      }
    },
  };
}

export type PasswordUseCases = ReturnType<typeof passwordUseCases>;

function personalTexts({ email, givenName, familyName, company }: Profile): readonly string[] {
  return [email, givenName, familyName, company];
}
