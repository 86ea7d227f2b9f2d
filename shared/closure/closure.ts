import { type Account, type AccountStore, mailedToken, readMailedToken, withEndedSessions } from '../accounts/index.ts';
import type { Credential } from '../credentials/index.ts';
import { heldBack, type Notification, newNotification } from '../notifications/index.ts';
import type { DataSubject, KeptData } from '../personal-data/index.ts';
import { DAY, plus } from '../platform/clock.ts';
import type { BatchStep, DocumentContainer, Stored } from '../platform/cosmos/document-store.ts';
import { type AccountId, newId } from '../platform/ids.ts';
import { hashSecret, sameSecret } from '../platform/keys/secrets.ts';
import type { WorkHandler } from '../platform/pending-work.ts';
import { ACCESS_TOKEN_LIFETIME, type Denied, type IdentityProof, type Proof, type Session } from '../sessions/index.ts';
import { CLOSING_ID, type ClosingSpace } from './closing-space.ts';
import type { ErasureCommission } from './erasure-work.ts';

/** A closed space can be reopened this long (retention defaults). */
export const GRACE = 7 * DAY;
/** Sessions that one batch may end, beside what else it does (a batch takes 100 steps). */
const MAX_ENDED_AT_ONCE = 80;
/** How often a closure is tried again when other writes came first. */
const MAX_CONFLICTS = 10;

export type ClosureOutcome =
  | { readonly outcome: 'closed'; readonly undoUntil: string; readonly notification: Notification }
  | Denied;

export type UndoOutcome =
  | { readonly outcome: 'reopened'; readonly accountId: AccountId; readonly notification: Notification }
  | { readonly outcome: 'gone' | 'unknown-token' };

interface ClosurePlatform {
  readonly accounts: DocumentContainer;
  readonly runtime: DocumentContainer;
  readonly store: AccountStore;
  readonly proof: IdentityProof;
  readonly commission: ErasureCommission;
  /** What an erasure would keep, and why. */
  readonly kept: (subject: DataSubject) => Promise<readonly KeptData[]>;
  readonly loginKey: Buffer;
  readonly dataKey: Buffer;
  readonly siteUrl: string;
}

/**
 * The person closes the space: an objection to all processing (clause G10). It stops at once and every session ends; for seven days a mailed link
 * undoes it, then everything is erased.
 */
export function closure(platform: ClosurePlatform) {
  const { accounts, runtime, store, proof, commission, kept, loginKey, dataKey, siteUrl } = platform;

  /**
   * The steps that end an account's sessions and its use. `undefined` when there were more sessions than one batch can end, and only a part of
   * them has been ended: the caller begins again.
   */
  async function closingSteps(found: Stored<Account>, now: Date): Promise<readonly BatchStep[] | undefined> {
    const { _etag, ...account } = found;
    const sessions = (await store.ofType<Session>(account.accountId, 'session')).map(({ id }) => id);
    const ending = sessions.slice(0, MAX_ENDED_AT_ONCE);
    const ended = withEndedSessions(account, ending, ACCESS_TOKEN_LIFETIME, now);
    const removed = ending.map((id) => ({ remove: id }));
    if (ending.length < sessions.length) {
      await store.write(account.accountId, [{ replace: ended, etag: _etag }, ...removed]);
      return undefined;
    }
    const closing: Account = { ...ended, status: 'closing' };
    return [{ replace: closing, etag: _etag }, ...removed];
  }

  /** The work of a closure: hands the person over to the erasure, with the mail that tells them once it is done. */
  const handOver: WorkHandler = async (work, { container, partition }, now) => {
    const { _etag, ...closing } = work as Stored<ClosingSpace>;
    const account = await store.account(partition);
    if (account) {
      const { accountId, loginId, profile } = account;
      const subject: DataSubject = { accountId, emailKey: loginId };
      const { language, email, givenName, familyName } = profile;
      const sentences = (await kept(subject)).map(
        ({ title, reason, legalReference }) =>
          `${title[language]}${language === 'fr' ? '\u00a0:' : ':'} ${reason[language]} (${legalReference})`,
      );
      const farewell = newNotification(
        dataKey,
        'space-erased',
        {
          parameters: { because: closing.because, kept: sentences },
          recipient: { address: email, name: `${givenName} ${familyName}`, language },
        },
        now,
        closing.farewellId,
      );
      await runtime.create(farewell.id, heldBack(farewell, now));
      await commission({ erasureId: closing.erasureId, subject, reason: closing.because }, now, closing.farewellId);
    }
    const { pendingAt: _pendingAt, ...handedOver } = closing;
    await container.replace(partition, handedOver, _etag);
  };

  return {
    /** Closes the space of a signed-in person who proves who they are. */
    async close(
      accountId: AccountId,
      { reason, ...request }: Proof & { readonly reason?: string | undefined },
      now: Date,
    ): Promise<ClosureOutcome> {
      for (let conflicts = 0; conflicts < MAX_CONFLICTS; conflicts += 1) {
        const proved = await proof.prove({ accountId }, request, now);
        if (proved.outcome !== 'proved') return proved;
        const steps = await closingSteps(proved.account, now);
        if (!steps) continue;
        const undoUntil = plus(now, GRACE).toISOString();
        const { token, secret } = mailedToken(loginKey, 'reopen', accountId);
        const closing: ClosingSpace = {
          id: CLOSING_ID,
          type: 'closing-space',
          because: 'closure',
          closedAt: now.toISOString(),
          undoUntil,
          tokenHash: hashSecret(secret),
          ...(reason === undefined ? {} : { reason }),
          erasureId: newId('ers'),
          farewellId: newId('ntf'),
          pendingAt: undoUntil,
          attempts: 0,
        };
        const parameters = { link: `${siteUrl}/closure/undo?token=${token}`, undoUntil };
        const notification = newNotification(dataKey, 'space-closing', { parameters }, now);
        const { outcome } = await store.write(accountId, [
          { replace: proved.credential, etag: proved.credential._etag },
          ...steps,
          { upsert: closing },
          { create: notification },
        ]);
        if (outcome === 'written') return { outcome: 'closed', undoUntil, notification };
      }
      return { outcome: 'wait', retryAfterSeconds: 1 };
    },

    /** Closes an unused account: nothing to undo, and the erasure is due at once. `false` when another write came first. */
    async closeUnused(
      { account, credential }: { readonly account: Stored<Account>; readonly credential: Stored<Credential> },
      now: Date,
    ): Promise<boolean> {
      const steps = await closingSteps(account, now);
      if (!steps) return false;
      const closing: ClosingSpace = {
        id: CLOSING_ID,
        type: 'closing-space',
        because: 'inactivity',
        closedAt: now.toISOString(),
        erasureId: newId('ers'),
        farewellId: newId('ntf'),
        pendingAt: now.toISOString(),
        attempts: 0,
      };
      const { outcome } = await store.write(account.accountId, [
        ...steps,
        // A sign-in writes the credential: one that comes first keeps the account.
        { replace: credential, etag: credential._etag },
        { upsert: closing },
      ]);
      return outcome === 'written';
    },

    /** Reopens a space by the mailed link, once, within its days, and before its erasure has begun. */
    async undo(token: string, now: Date): Promise<UndoOutcome> {
      const read = readMailedToken(loginKey, 'reopen', token);
      if (!read) return { outcome: 'unknown-token' };
      const { accountId, secret } = read;
      for (;;) {
        const [found, closing] = await Promise.all([
          store.account(accountId),
          accounts.read<ClosingSpace>(accountId, CLOSING_ID),
        ]);
        if (found?.status !== 'closing' || found.erasureBegunAt || !isUndoable(closing, hashSecret(secret), now)) {
          return { outcome: 'gone' };
        }
        const { _etag, ...account } = found;
        const reopened: Account = { ...account, status: 'active' };
        const notification = newNotification(dataKey, 'space-reopened', { parameters: { at: now.toISOString() } }, now);
        const { outcome } = await store.write(accountId, [
          { replace: reopened, etag: _etag },
          { remove: CLOSING_ID, etag: closing._etag },
          { create: notification },
        ]);
        if (outcome === 'written') return { outcome: 'reopened', accountId, notification };
      }
    },

    work: { 'closing-space': handOver },
  };
}

export type Closure = ReturnType<typeof closure>;

function isUndoable(
  closing: Stored<ClosingSpace> | undefined,
  hash: string,
  now: Date,
): closing is Stored<ClosingSpace> {
  return (
    closing?.undoUntil !== undefined &&
    closing.tokenHash !== undefined &&
    closing.attempts === 0 &&
    now.toISOString() < closing.undoUntil &&
    sameSecret(closing.tokenHash, hash)
  );
}
