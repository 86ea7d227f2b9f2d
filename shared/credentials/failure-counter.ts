import { DAY, plus, SECOND } from '../platform/clock.ts';
import type { Document, DocumentContainer } from '../platform/cosmos/document-store.ts';
import { type Failures, recentFailures, retryAfterSeconds, withFailure, withoutFailures } from './throttle-rules.ts';

interface FailureDocument extends Document {
  readonly type: 'account-failures' | 'source-failures';
  readonly failures: Failures;
  /** RFC 3339 UTC: until when the next try has to wait; absent while it need not. */
  readonly blockedUntil?: string;
}

/** The verdict on a try that has just failed, by its place in the order in which the store took the failures. */
export type CountedFailure =
  | { readonly counted: true; readonly failures: Failures }
  | { readonly counted: false; readonly retryAfterSeconds: number };

/** Those that have to wait, by id, until when. `complete` unless there are more than the store tells at once. */
export interface Blocked {
  readonly until: ReadonlyMap<string, Date>;
  readonly complete: boolean;
}

/** As many as an instance wants to know of at once. More are looked up one by one. */
const MOST_BLOCKED = 1_000;
const BLOCKED =
  'SELECT c.id, c.blockedUntil FROM c WHERE c.type = @type AND c.blockedUntil > @now ORDER BY c.blockedUntil';

/**
 * Counts failures under a pseudonymous id, of unknown accounts or of sources. Every count is a conditional write, so that of a hundred
 * guesses at once exactly as many are answered as the rule allows and the others learn only that they must wait.
 */
export function failureCounter(runtime: DocumentContainer, type: FailureDocument['type']) {
  const documentOf = (id: string, failures: Failures, now: Date): FailureDocument => {
    const next = retryAfterSeconds(failures, now);
    return {
      id,
      type,
      failures,
      ...(next > 0 ? { blockedUntil: plus(now, next * SECOND).toISOString() } : {}),
      expiresAt: plus(now, DAY).toISOString(),
    };
  };

  return {
    async failures(id: string, now: Date): Promise<Failures> {
      return recentFailures((await runtime.read<FailureDocument>(id, id))?.failures ?? [], now);
    },
    async count(id: string, now: Date): Promise<CountedFailure> {
      for (;;) {
        const current = await runtime.read<FailureDocument>(id, id);
        const before = current?.failures ?? [];
        const wait = retryAfterSeconds(before, now);
        if (wait > 0) return { counted: false, retryAfterSeconds: wait };
        const failures = withFailure(before, now);
        const document = documentOf(id, failures, now);
        const { outcome } = current
          ? await runtime.replace(id, document, current._etag)
          : await runtime.create(id, document);
        if (outcome === 'written') return { counted: true, failures };
      }
    },
    /** Takes back the failures of these instants, which turned out to be slips. */
    async forgive(id: string, slips: Failures, now: Date): Promise<void> {
      for (;;) {
        const current = await runtime.read<FailureDocument>(id, id);
        const left = withoutFailures(current?.failures ?? [], slips);
        if (!current || left.length === current.failures.length) return;
        const { outcome } = await runtime.replace(id, documentOf(id, left, now), current._etag);
        if (outcome === 'written') return;
      }
    },
    /** Everybody who has to wait now, in one query over an index. */
    async blocked(now: Date): Promise<Blocked> {
      const { items } = await runtime.query<{ id: string; blockedUntil: string }>({
        text: BLOCKED,
        parameters: { type, now: now.toISOString() },
        limit: MOST_BLOCKED,
      });
      const until = new Map(items.map(({ id, blockedUntil }) => [id, new Date(blockedUntil)]));
      return { until, complete: items.length < MOST_BLOCKED };
    },
  };
}

export type FailureCounter = ReturnType<typeof failureCounter>;
