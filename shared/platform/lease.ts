import { type Clock, MINUTE, plus } from './clock.ts';
import type { Document, DocumentContainer } from './cosmos/document-store.ts';

interface LeaseDocument extends Document {
  readonly type: 'lease';
  readonly until: string;
  readonly expiresAt: string;
}

/** Longer than any bounded run; a holder that died is succeeded after this. */
const HELD = 10 * MINUTE;

/**
 * Runs `task` while nobody else runs one under the same name. `undefined` when the lease is held by another. A lease always ends: by itself
 * after ten minutes when its holder died.
 */
export async function underLease<T>(
  name: string,
  { runtime, clock }: { readonly runtime: DocumentContainer; readonly clock: Clock },
  task: () => Promise<T>,
): Promise<T | undefined> {
  const id = `lease:${name}`;
  const now = clock.now();
  const until = plus(now, HELD).toISOString();
  const lease: LeaseDocument = { id, type: 'lease', until, expiresAt: until };
  const held = await runtime.read<LeaseDocument>(id, id);
  // A clock that was set back must not leave a lease in a far future: no lease is longer than its term.
  if (held && held.until > now.toISOString() && held.until <= until) return undefined;
  const taken = held ? await runtime.replace(id, lease, held._etag) : await runtime.create(id, lease);
  if (taken.outcome !== 'written') return undefined;
  try {
    return await task();
  } finally {
    await runtime.remove(id, id, taken.etag).catch(() => undefined); // else it ends by itself
  }
}
