import { SECOND } from '../platform/clock.ts';
import { keyedHash } from '../platform/keys/secrets.ts';
import type { Blocked, CountedFailure, FailureCounter } from './failure-counter.ts';
import { type Failures, FREE_FAILURES, retryAfterSeconds } from './throttle-rules.ts';

/** Tries of one source that may be undecided at once on one instance: no more than may fail before the first wait. */
const UNDECIDED = FREE_FAILURES;
const WAITING = 64;
/** How long an instance trusts what it knows of the sources that have failed elsewhere. */
const FRESH = 30 * SECOND;
const KNOWN_SOURCES = 10_000;

interface Known {
  undecided: number;
  readonly queue: (() => void)[];
  /** Milliseconds. */
  blockedUntil: number;
}

/**
 * Throttles password tries by where they come from. The count lives in the store and holds across instances. An instance asks once per half
 * minute which sources have to wait, in one query for all of them, so that a sign-in reads nothing of its own source; its own failures it
 * knows at once, and it lets at most five tries of one source be undecided at a time.
 */
export function sourceThrottle(counter: FailureCounter, key: Buffer) {
  const sources = new Map<string, Known>();
  let elsewhere: { readonly blocked: Promise<Blocked>; readonly at: number } | undefined;

  function known(id: string): Known {
    const found = sources.get(id) ?? { undecided: 0, queue: [], blockedUntil: 0 };
    sources.delete(id); // the map stays in the order of last use
    sources.set(id, found);
    if (sources.size > KNOWN_SOURCES) {
      for (const [oldest, state] of sources) {
        if (state.undecided === 0) {
          sources.delete(oldest);
          break;
        }
      }
    }
    return found;
  }

  function blockedElsewhere(now: Date): Promise<Blocked> {
    if (!elsewhere || Math.abs(now.getTime() - elsewhere.at) > FRESH) {
      const asked = { blocked: counter.blocked(now), at: now.getTime() };
      elsewhere = asked;
      asked.blocked.catch(() => {
        if (elsewhere === asked) elsewhere = undefined;
      });
    }
    return elsewhere.blocked;
  }

  /** Milliseconds until which a source has to wait. */
  async function blockedUntil(id: string, state: Known, now: Date): Promise<number> {
    if (state.blockedUntil > now.getTime()) return state.blockedUntil;
    const { until, complete } = await blockedElsewhere(now);
    const told = until.get(id)?.getTime();
    if (told !== undefined || complete) return told ?? 0;
    return now.getTime() + retryAfterSeconds(await counter.failures(id, now), now) * SECOND;
  }

  const idOf = (source: string) => `source:${keyedHash(key, 'source', source)}`;

  return {
    /**
     * Takes back what counts against a source of one account's failures, once that account has signed in from it: its person mistyped. A company
     * behind one address is not locked out by slips, and who has an account cannot wash away guesses at others. Best effort.
     */
    async forgive(source: string, slips: Failures, now: Date): Promise<void> {
      if (slips.length > 0) await counter.forgive(idOf(source), slips, now).catch(() => undefined);
    },

    /**
     * Runs `attempt` when its source may try. `attempt` is given `failed`, to be called when the try was wrong; it says whether that failure
     * may be told or the answer must be "wait".
     */
    async guard<T>(
      source: string,
      now: Date,
      attempt: (failed: () => Promise<CountedFailure>) => Promise<T>,
    ): Promise<T | { readonly retryAfterSeconds: number }> {
      const id = idOf(source);
      const state = known(id);
      if (state.undecided >= UNDECIDED) {
        if (state.queue.length >= WAITING) return { retryAfterSeconds: 1 };
        await new Promise<void>((resume) => state.queue.push(resume));
      }
      state.undecided += 1;
      try {
        const wait = Math.ceil(((await blockedUntil(id, state, now)) - now.getTime()) / SECOND);
        if (wait > 0) return { retryAfterSeconds: wait };
        return await attempt(async () => {
          const counted = await counter.count(id, now);
          const next = counted.counted ? retryAfterSeconds(counted.failures, now) : counted.retryAfterSeconds;
          state.blockedUntil = next > 0 ? now.getTime() + next * SECOND : 0;
          return counted;
        });
      } finally {
        state.undecided -= 1;
        state.queue.shift()?.();
      }
    },
  };
}

export type SourceThrottle = ReturnType<typeof sourceThrottle>;
