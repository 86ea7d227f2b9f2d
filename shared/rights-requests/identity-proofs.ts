import { createHash } from 'node:crypto';
import type { ObjectStore } from '../platform/blobs/object-store.ts';
import { DAY, HOUR, MINUTE, plus } from '../platform/clock.ts';
import type { BatchStep, Stored } from '../platform/cosmos/document-store.ts';
import { isId, newId, type ProofId, type RequestId } from '../platform/ids.ts';
import type { RunCounts, WorkHandler } from '../platform/pending-work.ts';
import type { DocumentKind, ProofRecord, RightsRequest } from './case.ts';
import { statusAfter } from './case-rules.ts';
import type { CaseStore } from './case-store.ts';
import type { ContentFault } from './proof-content/content-fault.ts';
import { contentFault, type ProofMediaType } from './proof-content/content-rules.ts';
import { resumed } from './suspension-rules.ts';

const CONTAINER = 'identity-proofs';
/** The record of a document is gone by itself after this. */
const RECORD_KEPT = 30 * DAY;
/** If nobody decides, the file goes this long after its upload: an hour sooner, so that there is time to try again. */
const KEPT = RECORD_KEPT - HOUR;
/** An upload that has not ended by then has died with its process. */
const STORING = 10 * MINUTE;
/** Front and back, and a second try: nobody needs more (clause C1). */
const MAX_PROOFS = 6;

interface ProofsPlatform {
  readonly store: CaseStore;
  readonly objects: ObjectStore;
  /** Whether a document is shown only once a scan has found it clean. */
  readonly malwareScan: boolean;
}

export interface ProofUpload {
  readonly mediaType: ProofMediaType;
  readonly kind: DocumentKind;
  readonly bytes: Uint8Array;
}

type Supplied =
  | { readonly outcome: 'supplied'; readonly proof: Pick<ProofRecord, 'id' | 'size' | 'sha256'> }
  | { readonly outcome: 'refused'; readonly fault: ContentFault }
  | { readonly outcome: 'not-found' | 'not-allowed' | 'too-many' };

/** Names of files are random ids: that of the case, so that a file finds its record, and that of the file. */
const nameOf = (requestId: string, proofId: string) => `${requestId}/${proofId}`;

async function* once(bytes: Uint8Array) {
  yield bytes;
}

/**
 * Identity documents (art. 12(6); décret 2019-536 art. 77): taken only when asked for, kept encrypted, gone with the decision. The record comes
 * before the file and leaves after it, as work that is always due, so that a process that dies leaves no file behind.
 */
export function identityProofs({ store, objects, malwareScan }: ProofsPlatform) {
  const { container } = store;

  async function proofsOf(requestId: string): Promise<readonly Stored<ProofRecord>[]> {
    const { items } = await container.query<ProofRecord>({
      text: "SELECT * FROM c WHERE c.type = 'identity-proof'",
      partition: requestId,
    });
    return items;
  }

  async function remove(requestId: string, proofId: string): Promise<void> {
    await objects.remove(CONTAINER, nameOf(requestId, proofId));
    await container.remove(requestId, proofId);
  }

  return {
    /** Takes a document. The clock of the request goes on from the day on which it was supplied. */
    async supply(requestId: RequestId, { mediaType, kind, bytes }: ProofUpload, now: Date): Promise<Supplied> {
      const current = await store.read(requestId);
      if (!current) return { outcome: 'not-found' };
      if (!statusAfter(current, 'supply-identity', now)) return { outcome: 'not-allowed' };
      const fault = contentFault(mediaType, bytes);
      if (fault) return { outcome: 'refused', fault };
      if ((await proofsOf(requestId)).length >= MAX_PROOFS) return { outcome: 'too-many' };

      const id = newId('prf');
      const storing: ProofRecord = {
        id,
        type: 'identity-proof',
        kind,
        mediaType,
        size: bytes.length,
        sha256: createHash('sha256').update(bytes).digest('hex'),
        uploadedAt: now.toISOString(),
        state: 'storing',
        attempts: 0,
        pendingAt: plus(now, STORING).toISOString(),
        goneAt: plus(now, KEPT).toISOString(),
        expiresAt: plus(now, RECORD_KEPT).toISOString(),
      };
      const begun = await container.create(requestId, storing);
      if (begun.outcome !== 'written') throw new Error('the record of the document could not be written');
      await objects.put(CONTAINER, nameOf(requestId, id), once(bytes));
      const stored: ProofRecord = { ...storing, state: 'stored', pendingAt: storing.goneAt };
      const supplied = await store.change<'not-allowed'>(requestId, now, (latest) => {
        const status = statusAfter(latest, 'supply-identity', now);
        if (!status) return 'not-allowed';
        const next: RightsRequest = {
          ...resumed(latest, now),
          status,
          identity: { ...latest.identity, state: 'supplied' },
        };
        const steps = [{ replace: stored, etag: begun.etag }];
        return { next, actor: { kind: 'person' }, action: 'identity-supplied', steps };
      });
      if (supplied.outcome !== 'changed') {
        await remove(requestId, id); // decided meanwhile: nobody may see it any more
        return { outcome: supplied.outcome };
      }
      const { size, sha256 } = stored;
      return { outcome: 'supplied', proof: { id, size, sha256 } };
    },

    /** The record of a document that may still be looked at; nothing once a decision was taken or its time is over. */
    async record(requestId: RequestId, proofId: ProofId, now: Date): Promise<ProofRecord | undefined> {
      const record = await store.part<ProofRecord>(requestId, proofId);
      return record && isVisible(record, now) ? record : undefined;
    },

    /** The file, decrypted; the stream throws when it was altered. Nothing comes of a file that a scan has not found clean. */
    async open(requestId: RequestId, proofId: ProofId): Promise<AsyncIterable<Uint8Array> | 'not-clean' | undefined> {
      const name = nameOf(requestId, proofId);
      if (malwareScan && (await objects.scanResult(CONTAINER, name)) !== 'clean') return 'not-clean';
      return objects.open(CONTAINER, name);
    },

    /** Steps that send every document of a case away: part of the batch of the decision. */
    async dismissal(requestId: RequestId, now: Date): Promise<readonly BatchStep[]> {
      const at = now.toISOString();
      return (await proofsOf(requestId)).map(({ _etag: etag, ...record }) => {
        const dismissed: ProofRecord = { ...record, state: 'deleting', attempts: 0, pendingAt: at, goneAt: at };
        return { replace: dismissed, etag };
      });
    },

    /** Deletes a document at once: first the file, then its record. */
    remove,

    /** Carries out the deletion of a document: first the file, then its record. */
    deletion: ((work, { partition }) => remove(partition, work.id)) satisfies WorkHandler,

    /**
     * Deletes files whose time is over and files without a record, `limit` at the most: what the work of each document should have done already.
     */
    async purge(now: Date, limit: number): Promise<RunCounts> {
      const counts: RunCounts = { examined: 0, changed: 0, failed: 0 };
      for await (const { name } of objects.list(CONTAINER)) {
        const [requestId = '', proofId = ''] = name.split('/');
        if (!isId('req', requestId) || !isId('prf', proofId)) continue; // not of this code: its age decides
        counts.examined += 1;
        const record = await store.part<ProofRecord>(requestId, proofId);
        if (record && record.goneAt > now.toISOString()) continue;
        try {
          await remove(requestId, proofId);
          counts.changed += 1;
        } catch {
          counts.failed += 1; // the next run tries again
        }
        if (counts.changed >= limit) break;
      }
      return counts;
    },
  };
}

/** Whether a document may be looked at: it is there, nobody has decided, and its time is not over. */
export function isVisible({ state, goneAt }: ProofRecord, now: Date): boolean {
  return state === 'stored' && goneAt > now.toISOString();
}

export type IdentityProofs = ReturnType<typeof identityProofs>;
