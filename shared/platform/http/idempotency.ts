import { createHash } from 'node:crypto';
import { DAY, plus, SECOND } from '../clock.ts';
import type { Document, DocumentContainer, Stored } from '../cosmos/document-store.ts';
import { seal, unseal } from '../keys/sealing.ts';
import { keyedHash } from '../keys/secrets.ts';
import { Problem } from './problem.ts';
import type { CookieToSet } from './route.ts';

interface Answer {
  readonly status: number;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  readonly cookies?: readonly CookieToSet[];
}

interface IdempotencyRecord extends Document {
  readonly type: 'idempotency';
  readonly bodyHash: string;
  /** Until then the first request may still be under way; afterwards another may take over. */
  readonly inProgressUntil: string;
  /** The answer, sealed: it may hold personal data. */
  readonly answer?: string;
}

interface Call {
  readonly key: string;
  /** Route and caller: the same key from another caller is another key. */
  readonly scope: string;
  readonly body: unknown;
  readonly now: Date;
}

/**
 * `Idempotency-Key`: the same key and body within 24 hours gives the same answer once more, another body 422, and of two requests at
 * once only one runs (409 for the other). A request that died leaves its key to the next after a minute. Only successes are kept.
 */
export interface Idempotency {
  once(call: Call, handle: () => Promise<Answer>): Promise<{ answer: Answer; replayed: boolean }>;
}

const KEPT = DAY;
const IN_PROGRESS = 60 * SECOND;
const KEY_SHAPE = /^[\x21-\x7e]{1,200}$/;

export function idempotencyIn(runtime: DocumentContainer, keys: { loginKey: Buffer; dataKey: Buffer }): Idempotency {
  return {
    async once({ key, scope, body, now }, handle) {
      if (!KEY_SHAPE.test(key)) {
        throw new Problem('invalid-request', {
          errors: [{ path: 'Idempotency-Key', message: '1..200 visible ASCII' }],
        });
      }
      const id = `idempotency:${keyedHash(keys.loginKey, 'idempotency', `${scope}|${key}`)}`;
      const bodyHash = createHash('sha256')
        .update(keys.loginKey)
        .update(JSON.stringify(body ?? null))
        .digest('base64url');
      const record: IdempotencyRecord = {
        id,
        type: 'idempotency',
        bodyHash,
        inProgressUntil: plus(now, IN_PROGRESS).toISOString(),
        expiresAt: plus(now, KEPT).toISOString(),
      };
      const claimed = await claim(record, now);
      if ('sealed' in claimed) {
        const answer = JSON.parse(unseal(keys.dataKey, id, claimed.sealed)) as Answer;
        return { answer: asOf(answer, claimed.askedAt, now), replayed: true };
      }
      let answer: Answer;
      try {
        answer = await handle();
      } catch (error) {
        await runtime.remove(id, id, claimed.etag).catch(() => undefined); // else the lease ends by itself
        throw error;
      }
      // What was done is done: it is told even when it cannot be remembered. A later holder of the key is left alone.
      const kept: IdempotencyRecord = { ...record, answer: seal(keys.dataKey, id, JSON.stringify(answer)) };
      await runtime.replace(id, kept, claimed.etag).catch(() => undefined);
      return { answer, replayed: false };
    },
  };

  /** Takes the key for this request, or returns the sealed answer that an earlier one left. */
  async function claim(
    record: IdempotencyRecord,
    now: Date,
  ): Promise<{ sealed: string; askedAt: Date } | { etag: string }> {
    const created = await runtime.create(record.id, record);
    if (created.outcome === 'written') return created;
    const existing: Stored<IdempotencyRecord> | undefined = await runtime.read<IdempotencyRecord>(record.id, record.id);
    if (!existing) throw new Problem('conflict', { retryAfterSeconds: 1 });
    if (existing.bodyHash !== record.bodyHash) {
      throw new Problem('unprocessable', {
        detail: {
          fr: 'Cette clé d’idempotence a déjà servi pour une autre demande.',
          en: 'This idempotency key has already served another request.',
        },
      });
    }
    if (existing.answer) return { sealed: existing.answer, askedAt: plus(new Date(existing.expiresAt ?? now), -KEPT) };
    if (existing.inProgressUntil <= now.toISOString()) {
      const taken = await runtime.replace(record.id, record, existing._etag);
      if (taken.outcome === 'written') return taken;
    }
    throw new Problem('conflict', { retryAfterSeconds: 2 });
  }
}

/**
 * An answer that was given at `then`, once more: its cookies end when those of the first answer do, to the second and never later (clause H3). One that
 * has ended by now is left out; one that was taken away is taken away again.
 */
function asOf({ cookies, ...answer }: Answer, then: Date, now: Date): Answer {
  if (!cookies) return answer;
  const passed = Math.max(0, Math.ceil((now.getTime() - then.getTime()) / SECOND));
  const left = cookies.flatMap((cookie) => {
    if (cookie.maxAgeSeconds === 0) return [cookie];
    const maxAgeSeconds = cookie.maxAgeSeconds - passed;
    return maxAgeSeconds > 0 ? [{ ...cookie, maxAgeSeconds }] : [];
  });
  return { ...answer, cookies: left };
}
