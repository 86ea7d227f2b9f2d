import type { Document } from '../platform/cosmos/document-store.ts';
import type { AccountId, Id, PackageId, ProofId, RequestId } from '../platform/ids.ts';
import type { HashedSecret } from '../platform/keys/secrets.ts';
import type { Language } from '../platform/language.ts';
import type { PendingWork } from '../platform/pending-work.ts';
import type {
  CaseState,
  CaseStatus,
  Channel,
  IdentityMethod,
  IdentityState,
  RejectionGround,
  RequestType,
} from './case-rules.ts';
import type { CalendarDay, Milestone, Suspension } from './legal-calendar-rules.ts';

export const CASE_ID = 'case';
export const LETTER_ID = 'letter';
export const EXECUTION_ID = 'execution';
export const CLOCK_ID = 'clock';
export const ARCHIVING_ID = 'archiving';
export const LIFTING_ID = 'lifting';

/** Who the request is from, as they said it. The desk may have a postal address only. */
export interface Contact {
  readonly givenName: string;
  readonly familyName: string;
  readonly email?: string | undefined;
  readonly postalAddress?: string | undefined;
}

/** Who writes for the person: what is claimed, until the desk has seen a mandate. */
export interface Representative {
  readonly givenName: string;
  readonly familyName: string;
  readonly email?: string | undefined;
  readonly capacity?: string | undefined;
}

export interface CaseIdentity {
  readonly state: IdentityState;
  /** Why identity is doubted (art. 12(6)), or why it is insufficient. */
  readonly reason?: string;
  readonly method?: IdentityMethod;
  readonly decidedAt?: string;
  readonly decidedBy?: string;
}

export interface CasePackage {
  readonly packageId: PackageId;
  readonly readyAt: string;
  readonly expiresAt: string;
  readonly size: number;
  readonly sha256: string;
}

/**
 * One rights request: its state and what the desk's lists show. Partition `requestId`, id `case`. It is kept small, since fifty thousand of them must
 * be listable; what the person wrote is in its {@link CaseLetter}, what happened in its {@link HistoryEntry} documents.
 */
export interface RightsRequest extends Document, CaseState {
  readonly id: typeof CASE_ID;
  readonly type: 'rights-request';
  readonly requestId: RequestId;
  /** The number that people read and say: `2026-7K3F-9QWX`. */
  readonly reference: string;
  readonly requestType: RequestType;
  readonly channel: Channel;
  readonly status: CaseStatus;
  readonly language: Language;
  readonly receivedAt: string;
  /** The Paris day of receipt: what the clock runs from. */
  readonly receivedOn: CalendarDay;
  /** The end of the first month. Computed once, never changed. */
  readonly dueAt: string;
  readonly extendedDueAt?: string;
  /** The deadline with the times in which the clock stood still for identity; {@link dueAt} stays beside it. */
  readonly suspendedDueAt?: string;
  readonly suspensions?: readonly Suspension[];
  readonly identity: CaseIdentity;
  readonly contact: Contact;
  readonly representative?: Representative;
  /** Ids of purposes that an objection or a withdrawal is about. */
  readonly purposes?: readonly string[];
  readonly accountId?: AccountId;
  /** The keyed pseudonym of the contact's e-mail. */
  readonly emailKey?: string;
  /** A keyed pseudonym of the name, by which the desk is shown likely duplicates. */
  readonly nameKey: string;
  /** The account, else the pseudonym of the e-mail: whose data the case holds. */
  readonly subject: string;
  readonly trackingHash?: HashedSecret;
  readonly assignee?: string;
  /** First approvals of a decision that takes two people. */
  readonly approvals?: readonly { readonly staffId: string; readonly at: string }[];
  readonly decision?: { readonly at: string; readonly staffId: string; readonly ground?: RejectionGround };
  /** Fixed at approval, so that building twice builds one. */
  readonly packageId?: PackageId;
  readonly package?: CasePackage;
  /** Of a request for restriction: since when it is in force, and until when once its end was told. */
  readonly restriction?: { readonly since: string; readonly liftAt?: string };
  readonly overdueSince?: string;
  readonly closedAt?: string;
  /** Length of the history. */
  readonly entries: number;
  /** `{deadline}|{requestId}`: the desk's order. */
  readonly sortKey: string;
  /** `{receipt}|{requestId}`. */
  readonly receivedKey: string;
}

/** What the person asked for, in their words. */
export interface CaseLetter extends Document {
  readonly id: typeof LETTER_ID;
  readonly type: 'case-letter';
  readonly details?: string;
  readonly rectifications?: readonly Rectification[];
  /** Art. 16: words that are to stand beside data which are not changed. */
  readonly statement?: string;
  /** What a rectification has changed. */
  readonly applied?: readonly {
    readonly field: string;
    readonly before: string | null;
    readonly after: string;
    readonly at: string;
  }[];
}

export interface Rectification {
  readonly field: string;
  readonly value: string;
}

export type CaseActor =
  | { readonly kind: 'person' }
  | { readonly kind: 'staff'; readonly id: string }
  | { readonly kind: 'system' };

/** One thing that happened. Created in the batch that makes it happen, and never changed. */
export interface HistoryEntry extends Document {
  readonly id: `history:${string}`;
  readonly type: 'case-history';
  readonly at: string;
  readonly actor: CaseActor;
  readonly action: string;
  readonly from?: CaseStatus;
  readonly to?: CaseStatus;
  readonly reason?: string;
}

/** A letter from the person to the DPO, or back. */
export interface CaseMessage extends Document {
  readonly id: Id<'msg'>;
  readonly type: 'case-message';
  readonly at: string;
  readonly from: 'person' | 'desk';
  readonly staffId?: string;
  readonly text: string;
}

/** The desk's own remark; the person sees it only in an access package. */
export interface CaseNote extends Document {
  readonly id: Id<'nte'>;
  readonly type: 'case-note';
  readonly at: string;
  readonly staffId: string;
  readonly text: string;
}

export const documentKinds = ['identity-card', 'passport', 'residence-permit', 'driving-licence', 'other'] as const;
export type DocumentKind = (typeof documentKinds)[number];

/**
 * An identity document that was supplied. It is written before its file and goes after it: as work that is always due, at the latest 30 days
 * after the upload, sooner when the decision is taken. So no file is ever without its record.
 */
export interface ProofRecord extends PendingWork {
  readonly id: ProofId;
  readonly type: 'identity-proof';
  readonly kind: DocumentKind;
  readonly mediaType: string;
  readonly size: number;
  readonly sha256: string;
  readonly uploadedAt: string;
  /** `storing` until the file is there; `deleting` once a decision was taken. */
  readonly state: 'storing' | 'stored' | 'deleting';
  /** From then on nobody sees it, whether or not it has been deleted yet. */
  readonly goneAt: string;
}

/** What was approved, being carried out. */
export interface CaseExecution extends PendingWork {
  readonly id: typeof EXECUTION_ID;
  readonly type: 'case-execution';
}

/** Takes effect before anybody decides: restriction, objection to prospecting, withdrawal of consent by the signed-in person. */
export interface CaseEffect extends PendingWork {
  readonly id: 'effect';
  readonly type: 'case-effect';
}

/** Reminds the desk, one milestone after the other. */
export interface CaseClock extends PendingWork {
  readonly id: typeof CLOCK_ID;
  readonly type: 'case-clock';
  /** The deadline that `done` is about; with another deadline the reminders begin anew. */
  readonly dueAt: string;
  readonly done: readonly Milestone[];
}

/** The minimised copy goes into the archive, the working copy gets its end. */
export interface CaseArchiving extends PendingWork {
  readonly id: typeof ARCHIVING_ID;
  readonly type: 'case-archiving';
}

/** The end of a restriction, after the person was told. */
export interface RestrictionLifting extends PendingWork {
  readonly id: typeof LIFTING_ID;
  readonly type: 'restriction-lifting';
  /** The mail that tells the person; the restriction is not lifted before it was delivered. */
  readonly noticeId?: string;
}

export type CaseDocument =
  | RightsRequest
  | CaseLetter
  | HistoryEntry
  | CaseMessage
  | CaseNote
  | ProofRecord
  | CaseExecution
  | CaseClock;

/** Working copies of closed cases stay so long: the person can read the answer and fetch the package (14 days) in peace. */
export const CLOSED_KEPT_DAYS = 30;
