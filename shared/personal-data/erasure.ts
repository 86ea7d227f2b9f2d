import type { DocumentContainer } from '../platform/cosmos/document-store.ts';
import { erasureCheckpoints } from './erasure-checkpoint.ts';
import type { ErasureLedger } from './erasure-ledger.ts';
import type { DataSubject, Inventory, PersonalDataSource } from './source.ts';
import type { Erasure, ErasureProgress, ErasureTask, KeptData, StopProcessing } from './tasks.ts';

/** Items that one source erases in one call at the most: the call ends well before any time limit, and goes on with the next. */
const ITEMS_PER_SOURCE = 2_000;
const ITEMS_AT_ONCE = 500;

interface ErasurePlatform {
  readonly governance: DocumentContainer;
  readonly inventory: () => Inventory;
  readonly ledger: ErasureLedger;
  /** Finds the account of an e-mail and the e-mail of an account. */
  readonly complete: (subject: DataSubject) => Promise<DataSubject>;
  readonly stopProcessing: StopProcessing;
}

export interface ErasureSaga extends Erasure {
  /** What an erasure would keep of this person, and why: for telling them before their address is gone. */
  kept(subject: DataSubject): Promise<readonly KeptData[]>;
}

/**
 * Erases a person (art. 17) from everything that the inventory knows.
 *
 * 1. Processing stops, so that nothing new comes.
 * 2. Every source but the anchors erases; each confirms by itself, and a fault of one does not stop the others.
 * 3. A second pass asks every source whether it still holds something. One that does has not confirmed.
 * 4. The ledger gets its entry, and the anchors go: the reservation of the e-mail, then the account.
 * 5. A last look at everything, for what was written meanwhile. Only then is the person erased.
 *
 * Every step is idempotent and begins from the store, so that a death between any two writes costs only their repetition; the checkpoint holds the
 * ids of the person until the end, so that even a death after the anchor leaves nothing that cannot be found.
 */
export function erasureSaga({ governance, inventory, ledger, complete, stopProcessing }: ErasurePlatform): ErasureSaga {
  const checkpoints = erasureCheckpoints(governance);

  async function holds(source: PersonalDataSource, person: DataSubject): Promise<boolean> {
    for await (const _record of source.collect(person)) return true;
    return false;
  }

  /** Whether the source has erased all it held, or its share of one call. */
  async function eraseFrom(source: PersonalDataSource, person: DataSubject): Promise<boolean> {
    for (let left = ITEMS_PER_SOURCE; left > 0; ) {
      const { erased, more } = await source.erase(person, Math.min(left, ITEMS_AT_ONCE));
      if (!more) return true;
      left -= Math.max(1, erased);
    }
    return false;
  }

  /** Runs a step for each source; whoever fails is left out of the answer, and the faults are told when all have been tried. */
  async function each(
    sources: readonly PersonalDataSource[],
    step: (source: PersonalDataSource) => Promise<boolean>,
  ): Promise<{ readonly done: readonly string[]; readonly faults: readonly unknown[] }> {
    const done: string[] = [];
    const faults: unknown[] = [];
    for (const source of sources) {
      try {
        if (await step(source)) done.push(source.id);
      } catch (error) {
        faults.push(error);
      }
    }
    return { done, faults };
  }

  async function kept(person: DataSubject): Promise<readonly KeptData[]> {
    const found: KeptData[] = [];
    for (const source of inventory()) {
      if (source.onErasure.kind !== 'keep' || !(await holds(source, person))) continue;
      const { reason, legalReference } = source.onErasure;
      found.push({ source: source.id, title: source.title, reason, legalReference });
    }
    return found;
  }

  return {
    async kept(subject) {
      return kept(await complete(subject));
    },

    async advance(task: ErasureTask, now: Date): Promise<ErasureProgress> {
      const checkpoint = await checkpoints.begin(task, () => complete(task.subject), now);
      const { person } = checkpoint;
      if (!person) return { outcome: 'erased', erasedAt: checkpoint.erasedAt ?? '', kept: checkpoint.kept ?? [] };
      if (person.accountId !== undefined) await stopProcessing(person.accountId, now);

      const erasable = inventory().filter(({ onErasure }) => onErasure.kind !== 'keep');
      const anchors = erasable.filter(({ anchor }) => anchor).toReversed();
      const others = erasable.filter(({ anchor }) => !anchor);
      /** Anonymised data may still be held, since they are nobody's. */
      const emptied = (source: PersonalDataSource) =>
        source.onErasure.kind === 'erase' ? holds(source, person).then((found) => !found) : Promise.resolve(true);

      /** Tells what remains; a fault is thrown once the progress is saved. */
      async function underWay(confirmed: readonly string[], faults: readonly unknown[]): Promise<ErasureProgress> {
        await checkpoints.save(checkpoint, confirmed);
        if (faults.length > 0) throw faults.length === 1 ? faults[0] : new AggregateError(faults, 'sources failed');
        const remaining = [...others, ...anchors].map(({ id }) => id).filter((id) => !confirmed.includes(id));
        return { outcome: 'under-way', remaining };
      }

      const open = others.filter(({ id }) => !checkpoint.confirmed.includes(id));
      const first = await each(open, (source) => eraseFrom(source, person));
      const confirmed = [...checkpoint.confirmed, ...first.done];
      if (first.done.length < open.length) return underWay(confirmed, first.faults);

      const second = await each(others, emptied);
      if (second.done.length < others.length) return underWay(second.done, second.faults);

      await ledger.enter(person, checkpoint.reason, now);
      for (const anchor of anchors) await eraseFrom(anchor, person);

      const last = await each([...others, ...anchors], emptied);
      if (last.done.length < erasable.length) return underWay(last.done, last.faults);
      const ended = await checkpoints.end(task.erasureId, await kept(person), now);
      return { outcome: 'erased', erasedAt: ended.erasedAt ?? now.toISOString(), kept: ended.kept ?? [] };
    },
  };
}
