import type { DocumentContainer, Stored } from '../platform/cosmos/document-store.ts';
import { type ConsentDecision, type ConsentState, STATE_ID } from './consent-record.ts';

/** What `change` makes of a record: the decisions to add and the state that follows; nothing when there is nothing to write. */
export interface RecordChange {
  readonly decisions: readonly ConsentDecision[];
  readonly state: ConsentState;
}

/** One page of a record's decisions, latest first. */
export interface DecisionPage {
  readonly items: readonly Stored<ConsentDecision>[];
  /** The number of the last decision of this page, when there are more. */
  readonly next?: number;
}

/** The records of consents: one partition each, with the decisions and the one state that follows from them. */
export function consentStore(consents: DocumentContainer) {
  const state = (partition: string) => consents.read<ConsentState>(partition, STATE_ID);

  return {
    state,

    decision: (partition: string, id: string) => consents.read<ConsentDecision>(partition, id),

    /**
     * Changes a record in one batch, conditional on the state that it was computed from: of two changes at once one is first, and the other
     * is computed anew from what that one left. A record that is `isNew` is not read first.
     */
    async change<T extends RecordChange>(
      partition: string,
      change: (before: ConsentState | undefined) => T | undefined,
      { isNew = false } = {},
    ): Promise<T | undefined> {
      let before: Stored<ConsentState> | undefined = isNew ? undefined : await state(partition);
      for (;;) {
        const changed = change(before);
        if (!changed) return undefined;
        const { outcome } = await consents.batch(partition, [
          before ? { replace: changed.state, etag: before._etag } : { create: changed.state },
          ...changed.decisions.map((create) => ({ create })),
        ]);
        if (outcome === 'written') return changed;
        before = await state(partition);
      }
    },

    /** Removes the state, once its decisions are gone. */
    async remove(partition: string): Promise<'removed' | 'not-found'> {
      return (await consents.remove(partition, STATE_ID)).outcome === 'written' ? 'removed' : 'not-found';
    },

    async decisions(partition: string, limit: number, before?: number): Promise<DecisionPage> {
      const { items } = await consents.query<ConsentDecision>({
        // Only decisions have a sequence.
        text: 'SELECT * FROM c WHERE c.sequence < @before ORDER BY c.sequence DESC',
        parameters: { before: before ?? Number.MAX_SAFE_INTEGER },
        partition,
        limit: limit + 1,
      });
      const page = items.slice(0, limit);
      const last = page.at(-1);
      return { items: page, ...(items.length > limit && last ? { next: last.sequence } : {}) };
    },
  };
}

export type ConsentStore = ReturnType<typeof consentStore>;
