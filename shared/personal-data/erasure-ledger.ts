import { DAY, plus } from '../platform/clock.ts';
import type { Document, DocumentContainer, Page } from '../platform/cosmos/document-store.ts';
import { keyedHash } from '../platform/keys/secrets.ts';
import type { DataSubject } from './source.ts';
import type { ErasureTask } from './tasks.ts';

/** The partition of the ledger in `governance`. */
const KIND = 'erasure-ledger';
/** Longer than any backup lives (7 days, 30 at the most), so that whatever a restore brings back is still known as erased. */
export const LEDGER_KEPT = 90 * DAY;
const PAGE = 100;

/** That somebody was erased: a keyed hash that only says yes or no about an id that one holds already. */
export interface LedgerEntry extends Document {
  readonly type: 'erasure-ledger-entry';
  /** When it was erased, RFC 3339 UTC. */
  readonly at: string;
  readonly reason: ErasureTask['reason'];
  readonly expiresAt: string;
}

/** The erasure ledger: without personal data, it outlives a restore and is replayed after it. */
export function erasureLedger(governance: DocumentContainer, key: Buffer) {
  /**
   * The entry that stands for a person. An account is known by its id, which no other account ever has; only a person without one is known by
   * the e-mail, since the address of an account can register again.
   */
  const entryId = ({ accountId, emailKey }: DataSubject) => {
    if (accountId !== undefined) return keyedHash(key, 'erasure-ledger:account', accountId);
    return emailKey === undefined ? undefined : keyedHash(key, 'erasure-ledger:email', emailKey);
  };

  return {
    entryId,

    async enter(person: DataSubject, reason: ErasureTask['reason'], now: Date): Promise<void> {
      const id = entryId(person);
      if (id === undefined) return;
      const entry: LedgerEntry = {
        id,
        type: 'erasure-ledger-entry',
        at: now.toISOString(),
        reason,
        expiresAt: plus(now, LEDGER_KEPT).toISOString(),
      };
      await governance.upsert(KIND, entry);
    },

    /** A page of the entries from `since` on, oldest first. */
    page: (since: string, limit: number, continuation?: string): Promise<Page<LedgerEntry>> =>
      governance.query<LedgerEntry>({
        text: 'SELECT * FROM c WHERE c.type = @type AND c.at >= @since ORDER BY c.at',
        parameters: { type: 'erasure-ledger-entry', since },
        partition: KIND,
        limit,
        ...(continuation ? { continuation } : {}),
      }),

    /** The ids of all entries from `since` on. */
    async idsSince(since: string): Promise<ReadonlySet<string>> {
      const ids = new Set<string>();
      let continuation: string | undefined;
      do {
        const page: Page<LedgerEntry> = await this.page(since, PAGE, continuation);
        for (const { id } of page.items) ids.add(id);
        continuation = page.continuation;
      } while (continuation);
      return ids;
    },
  };
}

export type ErasureLedger = ReturnType<typeof erasureLedger>;
