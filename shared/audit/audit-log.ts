import { DAY, MINUTE, plus } from '../platform/clock.ts';
import type { Document, DocumentStore } from '../platform/cosmos/document-store.ts';
import { StoreUnavailable } from '../platform/cosmos/document-store.ts';
import { newId } from '../platform/ids.ts';
import { keyedHash } from '../platform/keys/secrets.ts';
import { readSealHead } from './seal-head.ts';
import { dayAfter, dayOf } from './seal-rules.ts';

/** The audit and access log is kept this long. */
export const AUDIT_KEPT = 365 * DAY;

/** Who did it: a member of staff by the subject of their token, a person about their own data, or the product itself. */
export type AuditActor =
  | { readonly kind: 'staff'; readonly id: string; readonly roles: readonly string[] }
  | { readonly kind: 'person' }
  | { readonly kind: 'system' };

/** One act to be put on record. Nothing in it names or quotes the person: `subject` is stored as a keyed pseudonym. */
export interface AuditedAct {
  readonly actor: AuditActor;
  /** Kebab-case: what was done, for instance `account-read`. */
  readonly action: string;
  /** Account id, or the pseudonym of an e-mail, of the person concerned. */
  readonly subject?: string;
  /** Id of the resource: a request, a disclosure, a document version. */
  readonly resource?: string;
  readonly categories?: readonly string[];
  readonly mission?: string;
  readonly reason?: string;
  /** `nothing-found`: the act was allowed, and there was nobody to find. */
  readonly outcome: 'allowed' | 'refused' | 'nothing-found';
}

export interface AuditEntry extends Document, Omit<AuditedAct, 'subject'> {
  readonly type: 'audit-entry';
  /** RFC 3339 UTC. */
  readonly at: string;
  /** The partition: the calendar day in UTC of `at`, or the first day not yet sealed when an act comes late. */
  readonly day: string;
  /** `at` and the id: every entry has its own place in the order of time, and lists page by it. */
  readonly sortKey: string;
  readonly subject?: string;
  /** Of a member of staff, flat for queries. */
  readonly actorId?: string;
  readonly expiresAt: string;
}

/** How long an instance trusts what it read about which days are sealed; days are sealed later than this after their end. */
const HEAD_TRUSTED = MINUTE;

/**
 * The append-only record of who saw or did what, and why (clause C3). Entries are created, never replaced or removed by code; in Azure the role
 * that the product runs under cannot do either.
 */
export function auditLog({ audit, governance }: Pick<DocumentStore, 'audit' | 'governance'>, key: Buffer) {
  const pseudonym = (subject: string) => keyedHash(key, 'audit-subject', subject);
  let head: { readonly day: string | undefined; readonly readAt: number } | undefined;

  /** The day that an act of `now` is kept under: a sealed day takes nothing more, so a late act goes into the first one that is open. */
  async function openDay(now: Date): Promise<string> {
    if (!head || Math.abs(now.getTime() - head.readAt) > HEAD_TRUSTED) {
      head = { day: (await readSealHead(governance))?.day, readAt: now.getTime() };
    }
    const today = dayOf(now);
    return head.day !== undefined && head.day >= today ? dayAfter(head.day) : today;
  }

  return {
    /** The pseudonym under which acts about a person are kept. */
    pseudonym,
    /**
     * Records an act. Resolves once it is stored and throws when it cannot be: whoever shows personal data awaits this first (no entry, no
     * data).
     */
    async record(act: AuditedAct, now: Date): Promise<AuditEntry> {
      const { subject, ...rest } = act;
      const at = now.toISOString();
      const id = newId('aud');
      const entry: AuditEntry = {
        ...rest,
        id,
        type: 'audit-entry',
        at,
        day: await openDay(now),
        sortKey: `${at}~${id}`,
        ...(subject === undefined ? {} : { subject: pseudonym(subject) }),
        ...(act.actor.kind === 'staff' ? { actorId: act.actor.id } : {}),
        expiresAt: plus(now, AUDIT_KEPT).toISOString(),
      };
      const { outcome } = await audit.create(entry.day, entry);
      if (outcome !== 'written') throw new StoreUnavailable('the audit entry was not stored');
      return entry;
    },
  };
}

export type AuditLog = ReturnType<typeof auditLog>;
