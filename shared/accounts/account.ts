import type { AcceptedKind, AcceptedVersions } from '../legal-documents/index.ts';
import { plus } from '../platform/clock.ts';
import type { Document } from '../platform/cosmos/document-store.ts';
import type { AccountId, RequestId, SessionId } from '../platform/ids.ts';
import { keyedHash } from '../platform/keys/secrets.ts';
import type { Language } from '../platform/language.ts';

export const ACCOUNT_ID = 'account';

/** What a person gives of themselves. Only what the services need (clause C1). */
export interface Profile {
  readonly email: string;
  readonly givenName: string;
  readonly familyName: string;
  readonly company: string;
  readonly jobTitle?: string;
  readonly phone?: string;
  readonly language: Language;
}

/** The anchor of everything that is stored about a user: partition `accountId`, id `account`. */
export interface Account extends Document {
  readonly id: typeof ACCOUNT_ID;
  readonly type: 'account';
  readonly accountId: AccountId;
  /** `closing`: the holder has closed the space, processing has stopped, and the days in which that can be undone are running (G10). */
  readonly status: 'unverified' | 'active' | 'closing';
  readonly profile: Profile;
  readonly loginId: string;
  readonly createdAt: string;
  readonly verifiedAt?: string;
  readonly accepted: AcceptedVersions;
  /**
   * Sessions that were ended while access tokens of theirs may still live. A token needs no look-up to be verified; whoever reads the
   * account anyway sees here that it is over.
   */
  readonly endedSessions: readonly { readonly id: SessionId; readonly until: string }[];
  /** Since when the account is being erased: from then on nothing brings it back. */
  readonly erasureBegunAt?: string;
  /** When its holder was told that the account is unused, and for which last use; a later use makes it void. */
  readonly unusedNotice?: { readonly lastUsedAt: string; readonly toldAt: string };
  /** When a session was last renewed, to the day: a use of the account that is no sign-in. */
  readonly lastRenewedAt?: string;
  /** Since when, and by which request, processing is restricted (art. 18, clause G6). */
  readonly restriction?: { readonly since: string; readonly requestId?: RequestId };
  /** Ids of the purposes that the person objects to (art. 21, clause G5). */
  readonly objections?: readonly string[];
  /** Only while unverified: the SHA-256 of the secret in the mailed link. */
  readonly verificationHash?: string;
}

/** The reservation of an e-mail address by a keyed pseudonym: uniqueness without the address. */
export interface Login extends Document {
  readonly type: 'login';
  readonly accountId: AccountId;
  /** Only until the account that reserves it is active: when a reservation that nothing came of may be freed. */
  readonly provisionalUntil?: string;
}

/** One act of acceptance, on record for ever: which version, when, by what act (clause A1). */
export interface Acceptance extends Document {
  readonly type: 'acceptance';
  readonly kind: AcceptedKind;
  readonly version: string;
  readonly acceptedAt: string;
  readonly act: 'registration' | 'acceptance';
}

/** One spelling for each address: trimmed, lower case, composed. */
export function normalisedEmail(email: string): string {
  return email.trim().normalize('NFC').toLowerCase();
}

export function loginIdOf(key: Buffer, email: string): string {
  return keyedHash(key, 'login', normalisedEmail(email));
}

export function acceptance(kind: AcceptedKind, version: string, act: Acceptance['act'], now: Date): Acceptance {
  return { id: `acceptance:${kind}:${version}`, type: 'acceptance', kind, version, acceptedAt: now.toISOString(), act };
}

/** The account with these sessions marked as over for as long as their access tokens may live. */
export function withEndedSessions(
  account: Account,
  sessions: readonly SessionId[],
  tokenLifetime: number,
  now: Date,
): Account {
  const until = plus(now, tokenLifetime).toISOString();
  const stillNeeded = account.endedSessions.filter(
    (ended) => ended.until > now.toISOString() && !sessions.includes(ended.id),
  );
  return { ...account, endedSessions: [...stillNeeded, ...sessions.map((id) => ({ id, until }))] };
}
