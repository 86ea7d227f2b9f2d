import { MINUTE, plus } from './clock.ts';
import type { Document, DocumentContainer, Stored } from './cosmos/document-store.ts';
import { keyedHash } from './keys/secrets.ts';

interface AllowanceDocument extends Document {
  readonly type: 'call-allowance';
  /** Calls that instances have taken for themselves in this window. */
  readonly taken: number;
  readonly expiresAt: string;
}

interface Known {
  readonly window: number;
  /** Calls let through on this instance before it asks the store. */
  used: number;
  /** Calls that this instance has taken and not yet let through. */
  left: number;
  exhausted: boolean;
  taking: Promise<void> | undefined;
}

const WINDOW = MINUTE;
/** So few calls of one source in a minute cost no look-up at all: most people make one. */
const FREE = 20;
/** Calls taken at once, so that a busy source costs one look-up in fifty calls. */
const BLOCK = 50;
const KNOWN_SOURCES = 10_000;

/**
 * How many calls one source may make in a minute, across all instances: an instance lets a few through by itself, then takes blocks of calls from
 * a counter in the store by conditional writes. However many calls run at once, no more than `limit` (and the few of each instance) pass.
 */
export function callAllowance(
  runtime: DocumentContainer,
  { key, name, limit }: { readonly key: Buffer; readonly name: string; readonly limit: number },
) {
  const sources = new Map<string, Known>();

  function known(id: string, window: number): Known {
    const found = sources.get(id);
    if (found?.window === window) return found;
    const fresh: Known = { window, used: 0, left: 0, exhausted: false, taking: undefined };
    sources.delete(id); // the map stays in the order of first use
    sources.set(id, fresh);
    const oldest = sources.keys().next().value;
    if (sources.size > KNOWN_SOURCES && oldest !== undefined) sources.delete(oldest);
    return fresh;
  }

  async function take(id: string, state: Known): Promise<void> {
    const documentId = `${name}:${id}:${state.window}`;
    const expiresAt = plus(new Date((state.window + 1) * WINDOW), WINDOW).toISOString();
    for (;;) {
      const current: Stored<AllowanceDocument> | undefined = await runtime.read(documentId, documentId);
      const taken = current?.taken ?? 0;
      const block = Math.min(BLOCK, limit - taken);
      if (block <= 0) {
        state.exhausted = true;
        return;
      }
      const next: AllowanceDocument = { id: documentId, type: 'call-allowance', taken: taken + block, expiresAt };
      const { outcome } = current
        ? await runtime.replace(documentId, next, current._etag)
        : await runtime.create(documentId, next);
      if (outcome !== 'written') continue;
      state.left += block;
      return;
    }
  }

  return {
    /** Counts one call of `source`. Answers 0 when it may be served, else the seconds until the next may be. */
    async count(source: string, now: Date): Promise<number> {
      const window = Math.floor(now.getTime() / WINDOW);
      const id = keyedHash(key, name, source);
      const state = known(id, window);
      if (state.used < FREE) {
        state.used += 1;
        return 0;
      }
      while (state.left === 0 && !state.exhausted) {
        state.taking ??= take(id, state).finally(() => {
          state.taking = undefined;
        });
        await state.taking;
      }
      if (state.left > 0) {
        state.left -= 1;
        return 0;
      }
      return Math.max(1, Math.ceil(((window + 1) * WINDOW - now.getTime()) / 1_000));
    },
  };
}

export type CallAllowance = ReturnType<typeof callAllowance>;
