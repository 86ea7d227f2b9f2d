import type { BuiltPackage, DataCategory, KeptData } from '../personal-data/index.ts';
import type { Document } from '../platform/cosmos/document-store.ts';
import type { AccountId, Id, NotificationId, PackageId } from '../platform/ids.ts';
import type { Language } from '../platform/language.ts';
import type { PendingWork } from '../platform/pending-work.ts';
import type { DeathAction, NoticeState, Relation } from './death-notice-rules.ts';

export type DeathNoticeId = Id<'dth'>;

/** The partition of `governance` that holds the notices and the work that they imply. */
export const DEATH_NOTICE_KIND = 'death-notice';

/** Kept this many years from the decision: heirs may hold it against the controller that long (code civil, art. 2224). */
export const NOTICE_KEPT_YEARS = 5;

/** Who reports the death. */
export interface Reporter {
  readonly name: string;
  readonly email: string;
  readonly relation: Relation;
  /** The language to write to them in. */
  readonly language: Language;
}

/** The report of a user's death to the desk (clause G7). */
export interface DeathNotice extends Document {
  readonly id: DeathNoticeId;
  readonly type: 'death-notice';
  readonly accountId: AccountId;
  readonly status: NoticeState;
  readonly reportedBy: Reporter;
  /** What proves the death and the reporter's quality: references of the documents that the desk has seen, never the documents. */
  readonly evidence: string;
  readonly requestedAction: DeathAction;
  readonly receivedAt: string;
  readonly recordedBy: string;
  readonly decision?: {
    readonly action: DeathAction | 'dismiss';
    readonly reason: string;
    readonly at: string;
    readonly by: string;
    /** What is handed over, when not everything. */
    readonly categories?: readonly DataCategory[];
  };
  /** The data to be handed over, for the desk to fetch. */
  readonly package?: BuiltPackage;
  /** When what was decided had been done, and what an erasure had to keep. */
  readonly executedAt?: string;
  readonly kept?: readonly KeptData[];
  /** Orders the list: time, then id. */
  readonly sortKey: string;
  readonly expiresAt: string;
}

/** The account is put on hold: every session ends and processing is restricted, until somebody has decided. */
export interface DeathNoticeHold extends PendingWork {
  readonly type: 'death-notice-hold';
  readonly accountId: AccountId;
  readonly receivedAt: string;
  /** Chosen once, so that the person is told once. */
  readonly notificationId: NotificationId;
}

/** The notice was wrong: the person is told, then the hold ends. */
export interface DeathNoticeRelease extends PendingWork {
  readonly type: 'death-notice-release';
  readonly accountId: AccountId;
  readonly receivedAt: string;
  readonly notificationId: NotificationId;
}

/** What was decided is carried out; `erasureId` is chosen once, so that every try goes on with the same erasure. */
export interface DeathNoticeErasure extends PendingWork {
  readonly type: 'death-notice-erasure';
  readonly accountId: AccountId;
  readonly noticeId: DeathNoticeId;
  readonly erasureId: Id<'ers'>;
}

/** What was decided to be handed over is being put together. */
export interface DeathNoticePackage extends PendingWork {
  readonly type: 'death-notice-package';
  readonly accountId: AccountId;
  readonly noticeId: DeathNoticeId;
  readonly packageId: PackageId;
  readonly categories?: readonly DataCategory[];
}

export const holdId = (id: DeathNoticeId) => `${id}:hold`;
export const releaseId = (id: DeathNoticeId) => `${id}:release`;
export const packageWorkId = (id: DeathNoticeId) => `${id}:package`;
export const erasureWorkId = (id: DeathNoticeId) => `${id}:erasure`;
