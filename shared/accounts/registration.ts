import { hashPassword, newCredential, type PasswordFault, passwordFault } from '../credentials/index.ts';
import { acceptedKinds, type LegalDocuments } from '../legal-documents/index.ts';
import { type Notification, newNotification } from '../notifications/index.ts';
import { DAY, plus } from '../platform/clock.ts';
import type { Document } from '../platform/cosmos/document-store.ts';
import { type AccountId, newId } from '../platform/ids.ts';
import { hashSecret, sameSecret } from '../platform/keys/secrets.ts';
import {
  ACCOUNT_ID,
  type Account,
  acceptance,
  type Login,
  loginIdOf,
  normalisedEmail,
  type Profile,
} from './account.ts';
import type { AccountStore } from './account-store.ts';
import { mailedToken, readMailedToken } from './one-time-token.ts';

/** An account whose e-mail nobody confirmed is gone after this long (retention defaults). */
export const UNVERIFIED_KEPT = 7 * DAY;

export interface RegistrationRequest extends Profile {
  readonly password: string;
  readonly acceptedTerms: string;
  readonly acceptedCharter: string;
}

export type RegistrationOutcome =
  | { readonly outcome: 'registered'; readonly accountId: AccountId; readonly notification: Notification }
  | { readonly outcome: 'password-refused'; readonly fault: PasswordFault }
  | { readonly outcome: 'not-the-version-in-force'; readonly field: 'acceptedTerms' | 'acceptedCharter' };

export type VerificationOutcome = 'verified' | 'unknown-token' | 'gone';

interface RegistrationPlatform {
  readonly store: AccountStore;
  readonly documents: LegalDocuments;
  readonly loginKey: Buffer;
  readonly dataKey: Buffer;
  readonly siteUrl: string;
}

/**
 * Registration and confirmation of the e-mail.
 *
 * Registering never looks up whether the e-mail has an account: it always stores an unverified account and queues a mail, in one batch, so
 * neither answer nor timing can tell (clause F2). Only when the mail is delivered is it decided what it says; only the mailed
 * link claims the e-mail.
 */
export function registration({ store, documents, loginKey, dataKey, siteUrl }: RegistrationPlatform) {
  return {
    async register(request: RegistrationRequest, now: Date): Promise<RegistrationOutcome> {
      const { password, acceptedTerms, acceptedCharter, ...given } = request;
      const accepted = { terms: acceptedTerms, 'privacy-charter': acceptedCharter };
      const [outdated] = await documents.pending(accepted, now);
      if (outdated) {
        return {
          outcome: 'not-the-version-in-force',
          field: outdated.kind === 'terms' ? 'acceptedTerms' : 'acceptedCharter',
        };
      }
      const { email, givenName, familyName, company } = given;
      const fault = await passwordFault(password, [email, givenName, familyName, company]);
      if (fault) return { outcome: 'password-refused', fault };

      const accountId = newId('acc');
      const { token, secret } = mailedToken(loginKey, 'verify', accountId);
      const expiresAt = plus(now, UNVERIFIED_KEPT).toISOString();
      const account: Account = {
        id: ACCOUNT_ID,
        type: 'account',
        accountId,
        status: 'unverified',
        profile: { ...given, email: normalisedEmail(email) },
        loginId: loginIdOf(loginKey, email),
        createdAt: now.toISOString(),
        accepted,
        endedSessions: [],
        verificationHash: hashSecret(secret),
        expiresAt,
      };
      const notification = newNotification(
        dataKey,
        'account-verification',
        {
          parameters: {
            link: `${siteUrl}/verify?token=${token}`,
            expiresAt,
          },
        },
        now,
      );
      await store.write(accountId, [
        { create: account },
        { create: { ...newCredential(await hashPassword(password), now), expiresAt } },
        ...acceptedKinds.map((kind) => ({
          create: { ...acceptance(kind, accepted[kind], 'registration', now), expiresAt },
        })),
        { create: notification },
      ]);
      return { outcome: 'registered', accountId, notification };
    },

    /**
     * Confirms the e-mail: reserves it, then activates the account. A kill between the two leaves a reservation by an unverified account; the
     * same link finishes the work, and so does anybody's new registration, which takes such a reservation over.
     */
    async verify(token: string, now: Date): Promise<VerificationOutcome> {
      const read = readMailedToken(loginKey, 'verify', token);
      if (!read) return 'unknown-token';
      const account = await store.account(read.accountId);
      if (
        account?.status !== 'unverified' ||
        !account.verificationHash ||
        !sameSecret(account.verificationHash, hashSecret(read.secret))
      )
        return 'gone';
      const reserved = await reserve(account);
      if (!reserved) return 'gone';

      const credential = await store.credential(read.accountId);
      const acceptances = await store.acceptances(read.accountId);
      if (!credential) return 'gone';
      const { _etag, verificationHash: _hash, ...rest } = account;
      const activated = await store.write(read.accountId, [
        { replace: { ...lasting(rest), status: 'active', verifiedAt: now.toISOString() } as Account, etag: _etag },
        ...[credential, ...acceptances].map((stored) => {
          const { _etag: etag, ...document } = stored;
          return { replace: lasting(document), etag };
        }),
      ]);
      if (activated.outcome !== 'written') return 'gone';
      // The account stands; a reservation that is left provisional is settled by the purge.
      await store.replaceLogin(loginOf(account), reserved.etag).catch(() => undefined);
      return 'verified';
    },

    /** The state of another account that holds this account's e-mail for good. */
    async emailTakenBy(account: Account): Promise<'active' | 'closing' | undefined> {
      const login = await store.login(account.loginId);
      if (!login || login.accountId === account.accountId) return undefined;
      const status = (await store.account(login.accountId))?.status;
      return status === 'unverified' ? undefined : status;
    },
  };

  /** Makes the e-mail this account's for as long as it may still be confirmed, unless an account has it that is active or may be again. */
  async function reserve(account: Account): Promise<{ readonly etag: string } | undefined> {
    const login: Login = { ...loginOf(account), ...(account.expiresAt ? { provisionalUntil: account.expiresAt } : {}) };
    for (;;) {
      const created = await store.createLogin(login);
      if (created.outcome === 'written') return created;
      const existing = await store.login(account.loginId);
      if (!existing) continue;
      if (existing.accountId === account.accountId) return { etag: existing._etag };
      const holder = await store.account(existing.accountId);
      if (holder && holder.status !== 'unverified') return undefined;
      const taken = await store.replaceLogin(login, existing._etag);
      if (taken.outcome === 'written') return taken;
    }
  }
}

export type Registration = ReturnType<typeof registration>;

function loginOf({ loginId, accountId }: Account): Login {
  return { id: loginId, type: 'login', accountId };
}

/** The document without its end. */
function lasting<T extends Document>(document: T): Omit<T, 'expiresAt' | 'ttl'> {
  const { expiresAt: _expiresAt, ttl: _ttl, ...rest } = document;
  return rest;
}
