import type { BatchStep, Document, DocumentContainer, Stored } from '../platform/cosmos/document-store.ts';
import type { RequestId } from '../platform/ids.ts';
import { keyedHash } from '../platform/keys/secrets.ts';
import { parisDay } from '../platform/paris-time.ts';
import type { WorkHandler } from '../platform/pending-work.ts';
import type { CaseDocument, HistoryEntry, RightsRequest } from './case.ts';
import type { CaseStatus, Channel, IdentityMethod, IdentityState, RejectionGround, RequestType } from './case-rules.ts';
import type { CaseStore } from './case-store.ts';
import { daysBetween } from './legal-calendar-rules.ts';

/** Closed cases are kept so long, minimised, where only the DPO and auditors reach them; lawyers dispute the term. */
const ARCHIVED_YEARS = 5;

/**
 * What stays of a closed case: that a request was made and what was done when, so that it can be shown that rights are answered (art. 5(2)). No name, no
 * address, no word of the person's or about them; the subject is a keyed pseudonym.
 */
export interface ArchivedCase extends Document {
  readonly id: 'archived-case';
  readonly type: 'archived-case';
  readonly requestId: RequestId;
  readonly reference: string;
  readonly requestType: RequestType;
  readonly channel: Channel;
  readonly status: CaseStatus;
  readonly receivedAt: string;
  readonly dueAt: string;
  readonly extendedDueAt?: string;
  readonly suspendedDueAt?: string;
  readonly closedAt: string;
  /** From the day of receipt to the day of the answer; absent when the request was withdrawn. */
  readonly days?: number;
  readonly identity: { readonly state: IdentityState; readonly method?: IdentityMethod };
  readonly ground?: RejectionGround;
  readonly history: readonly {
    readonly at: string;
    readonly actor: 'person' | 'staff' | 'system';
    readonly action: string;
    readonly from?: CaseStatus;
    readonly to?: CaseStatus;
  }[];
  readonly subject: string;
  /** `{closing}|{requestId}`. */
  readonly sortKey: string;
  readonly expiresAt: string;
}

/** The pseudonym under which a person's archived cases are found. */
export function archivePseudonym(key: Buffer, subject: string): string {
  return keyedHash(key, 'case-archive', subject);
}

/** What gets the end of the case; work ends when it is done, and mails, codes and identity documents have ends of their own. */
const ENDS_WITH_THE_CASE = new Set(['rights-request', 'case-letter', 'case-history', 'case-message', 'case-note']);
const ENDED_IN_ONE_BATCH = 50;

interface ArchivePlatform {
  readonly store: CaseStore;
  readonly archive: DocumentContainer;
  readonly loginKey: Buffer;
}

export function caseArchive({ store, archive, loginKey }: ArchivePlatform) {
  /** Puts the minimised copy of a case into the archive; doing it again changes nothing. */
  async function keep(request: RightsRequest, documents: readonly CaseDocument[], now: Date): Promise<void> {
    const { closedAt = now.toISOString() } = request;
    const expiresAt = new Date(closedAt);
    expiresAt.setUTCFullYear(expiresAt.getUTCFullYear() + ARCHIVED_YEARS);
    const history = documents
      .filter((document): document is HistoryEntry => document.type === 'case-history')
      .toSorted((a, b) => a.id.localeCompare(b.id));
    const answered = request.status === 'completed' || request.status === 'rejected';
    const { state, method } = request.identity;
    const copy: ArchivedCase = {
      id: 'archived-case',
      type: 'archived-case',
      requestId: request.requestId,
      reference: request.reference,
      requestType: request.requestType,
      channel: request.channel,
      status: request.status,
      receivedAt: request.receivedAt,
      dueAt: request.dueAt,
      ...(request.extendedDueAt ? { extendedDueAt: request.extendedDueAt } : {}),
      ...(request.suspendedDueAt ? { suspendedDueAt: request.suspendedDueAt } : {}),
      closedAt,
      ...(answered ? { days: daysBetween(request.receivedOn, parisDay(new Date(closedAt))) } : {}),
      identity: { state, ...(method ? { method } : {}) },
      ...(request.decision?.ground ? { ground: request.decision.ground } : {}),
      history: history.map(({ at, actor, action, from, to }) => ({
        at,
        actor: actor.kind,
        action,
        ...(from ? { from } : {}),
        ...(to ? { to } : {}),
      })),
      subject: archivePseudonym(loginKey, request.emailKey ?? request.subject),
      sortKey: `${closedAt}|${request.requestId}`,
      expiresAt: expiresAt.toISOString(),
    };
    await archive.upsert(request.requestId, copy);
  }

  return {
    container: archive,
    keep,

    /** Archives a closed case, then gives every document of the working copy its end. */
    archiving: (async (work, { partition }, now) => {
      const documents = await store.file(partition);
      const request = documents.find(
        (document): document is Stored<RightsRequest> => document.type === 'rights-request',
      );
      if (request?.expiresAt !== undefined) {
        const { expiresAt } = request;
        await keep(request, documents, now);
        const endless = documents.filter(
          ({ type, expiresAt: end }) => end === undefined && ENDS_WITH_THE_CASE.has(type),
        );
        for (let at = 0; at < endless.length; at += ENDED_IN_ONE_BATCH) {
          const steps = endless.slice(at, at + ENDED_IN_ONE_BATCH).map(({ _etag: etag, ...document }): BatchStep => {
            return { replace: { ...document, expiresAt }, etag };
          });
          const { outcome } = await store.container.batch(partition, steps);
          if (outcome !== 'written') throw new Error('the case changed while it was being archived');
        }
      }
      await store.container.remove(partition, work.id, work._etag);
    }) satisfies WorkHandler,

    /** Archived cases, last closed first. */
    async page(limit: number, before: string | undefined) {
      const { items } = await archive.query<ArchivedCase>({
        text: 'SELECT * FROM c WHERE c.sortKey < @before ORDER BY c.sortKey DESC',
        parameters: { before: before ?? '~' },
        limit: limit + 1,
      });
      const page = items.slice(0, limit);
      const last = page.at(-1);
      return { items: page, ...(items.length > limit && last ? { after: last.sortKey } : {}) };
    },
  };
}

export type CaseArchive = ReturnType<typeof caseArchive>;
