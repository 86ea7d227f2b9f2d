import type { Document, DocumentContainer } from '../platform/cosmos/document-store.ts';

/**
 * The last seal, as the database remembers it: by it the log knows which days take nothing more, and verification that no seal is missing at the
 * end of the chain. Partition `audit-seal`, id `head`.
 */
export interface SealHead extends Document {
  readonly type: 'audit-seal-head';
  readonly day: string;
  readonly hash: string;
}

const KIND = 'audit-seal';
const ID = 'head';

export const readSealHead = (governance: DocumentContainer) => governance.read<SealHead>(KIND, ID);

/** Moves the head forward; never back, whichever of two runs comes last. */
export async function advanceSealHead(governance: DocumentContainer, day: string, hash: string): Promise<void> {
  const head: SealHead = { id: ID, type: 'audit-seal-head', day, hash };
  for (;;) {
    const current = await readSealHead(governance);
    if (current && current.day >= day) return;
    const { outcome } = current
      ? await governance.replace(KIND, head, current._etag)
      : await governance.create(KIND, head);
    if (outcome === 'written') return;
  }
}
