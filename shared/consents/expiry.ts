import { type Clock, MINUTE } from '../platform/clock.ts';
import type { DocumentContainer, Stored } from '../platform/cosmos/document-store.ts';
import { faultFields, type Logger } from '../platform/logger.ts';
import type { RunResult } from '../platform/timer.ts';
import { type ConsentDecision, type ConsentState, STATE_ID, stateOf } from './consent-record.ts';
import { standing } from './rules.ts';

/** What the search for ended documents reads of them. */
type Ended = Stored<
  Pick<ConsentDecision | ConsentState, 'id' | 'type'> & {
    readonly consentId: string;
    /** Of a state: when nothing of it is left. */
    readonly overAt?: string;
  }
>;

const PAGE = 500;
/** Operations in one batch at the most. */
const BATCH = 100;
/** Records that are worked on at once. */
const ABREAST = 8;
/** A run ends by then, below the lease of ten minutes; the next goes on. */
const BUDGET = 8 * MINUTE;
const MORE = 'more';

interface ExpiryPlatform {
  readonly consents: DocumentContainer;
  readonly clock: Clock;
  readonly logger: Logger;
}

/**
 * Deletes consents whose 13 months are over (clause H3) and leaves nothing but their number. It goes through what has ended, soonest first, a page
 * at a time: memory stays flat, what is deleted is not found again, and a run that was killed goes on where it was. A state of which only a
 * part has ended loses that part. Every write is conditional on what was seen, so that a choice made meanwhile is never touched.
 */
export function consentExpiry({ consents, clock, logger }: ExpiryPlatform) {
  async function endedPage(now: Date): Promise<readonly Ended[]> {
    const { items } = await consents.query<Ended>({
      text: 'SELECT c.id, c.type, c.consentId, c.overAt, c._etag FROM c WHERE c.endsAt <= @now ORDER BY c.endsAt',
      parameters: { now: now.toISOString() },
      limit: PAGE,
    });
    return items;
  }

  /** Takes what has ended out of a state that goes on. `false` when it was written anew since it was found. */
  async function prune(partition: string, now: Date): Promise<boolean> {
    const state = await consents.read<ConsentState>(partition, STATE_ID);
    if (!state || state.endsAt > now.toISOString()) return false;
    const { _etag, latest, choices, signals, devices } = state;
    const content = { latest, choices: standing(choices, now), signals, ...(devices ? { devices } : {}) };
    if (Object.keys(content.choices).length === 0) return false;
    const { outcome } = await consents.replace(partition, stateOf(content, now), _etag);
    return outcome === 'written';
  }

  /** How many of a record's ended documents went: usually all of them, in one batch. */
  async function endRecord(partition: string, ended: readonly Ended[], now: Date): Promise<number> {
    const isOver = ({ overAt }: Ended) => overAt === undefined || overAt <= now.toISOString();
    const over = ended.filter(isOver);
    let changed = 0;
    for (let first = 0; first < over.length; first += BATCH) {
      const removals = over.slice(first, first + BATCH).map(({ id, _etag }) => ({ remove: id, etag: _etag }));
      if ((await consents.batch(partition, removals)).outcome === 'written') changed += removals.length;
      // One of them is gone, or was written anew: the others by themselves.
      else
        for (const { remove, etag } of removals)
          changed += (await consents.remove(partition, remove, etag)).outcome === 'written' ? 1 : 0;
    }
    if (!ended.every(isOver) && (await prune(partition, now))) changed += 1;
    return changed;
  }

  return {
    async run(): Promise<RunResult> {
      const counts = { examined: 0, changed: 0, failed: 0 };
      const startedAt = performance.now();
      for (;;) {
        const now = clock.now();
        const page = await endedPage(now);
        const records = [...Map.groupBy(page, ({ consentId }) => consentId)];
        const before = counts.changed;
        const work = records.values();
        const worker = async () => {
          for (const [partition, ended] of work) {
            counts.examined += ended.length;
            try {
              const changed = await endRecord(partition, ended, now);
              counts.changed += changed;
            } catch (error) {
              counts.failed += ended.length;
              logger.warn('consent-expiry-failed', faultFields(error));
            }
          }
        };
        await Promise.all(Array.from({ length: ABREAST }, worker));
        if (page.length === 0) return counts;
        // Nothing of a whole page could be done: the next run tries again.
        if (counts.changed === before) return { ...counts, continuation: MORE };
        if (performance.now() - startedAt > BUDGET) return { ...counts, continuation: MORE };
      }
    },
  };
}

export type ConsentExpiry = ReturnType<typeof consentExpiry>;
