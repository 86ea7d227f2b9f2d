import { DAY, plus } from '../platform/clock.ts';
import type { Document, DocumentContainer } from '../platform/cosmos/document-store.ts';
import { type Failures, recentFailures, retryAfterSeconds, withFailure } from './throttle-rules.ts';

interface FailureDocument extends Document {
  readonly type: 'failures';
  readonly failures: Failures;
}

/** The verdict on a try that has just failed, by its place in the order in which the store took the failures. */
export type CountedFailure =
  | { readonly counted: true; readonly failures: Failures }
  | { readonly counted: false; readonly retryAfterSeconds: number };

/**
 * Counts failures under a pseudonymous id. Every count is a conditional write, so that of a hundred guesses at once exactly as many are
 * answered as the rule allows and the others learn only that they must wait.
 */
export function failureCounter(runtime: DocumentContainer) {
  return {
    async failures(id: string, now: Date): Promise<Failures> {
      return recentFailures((await runtime.read<FailureDocument>(id, id))?.failures ?? [], now);
    },
    async count(id: string, now: Date): Promise<CountedFailure> {
      for (;;) {
        const current = await runtime.read<FailureDocument>(id, id);
        const failures = current?.failures ?? [];
        const wait = retryAfterSeconds(failures, now);
        if (wait > 0) return { counted: false, retryAfterSeconds: wait };
        const next: FailureDocument = {
          id,
          type: 'failures',
          failures: withFailure(failures, now),
          expiresAt: plus(now, DAY).toISOString(),
        };
        const { outcome } = current ? await runtime.replace(id, next, current._etag) : await runtime.create(id, next);
        if (outcome === 'written') return { counted: true, failures: next.failures };
      }
    },
  };
}

export type FailureCounter = ReturnType<typeof failureCounter>;
