import { randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { idempotencyIn } from '../../shared/platform/http/idempotency.ts';
import { useDocumentStore } from '../support/document-store.ts';

const database = useDocumentStore();
const keys = { loginKey: randomBytes(32), dataKey: randomBytes(32) };
const HOUR = 3_600_000;

describe('H3 an answer under an Idempotency-Key that is given once more', () => {
  it('sends cookies that end when those of the first answer do, and none that have ended', async () => {
    const { once } = idempotencyIn(database.store.runtime, keys);
    const start = database.clock.now();
    const ask = (at: Date) =>
      once({ key: 'banner', scope: 'consents|anonymous', body: { a: 1 }, now: at }, async () => ({
        status: 201,
        body: { id: 'cns_1' },
        cookies: [
          { name: '__Host-visitor', value: 'vis_1', maxAgeSeconds: 34_000_000 },
          { name: '__Host-access', value: 'short', maxAgeSeconds: 600 },
          { name: '__Host-refresh', value: '', maxAgeSeconds: 0 },
        ],
      }));
    const first = await ask(start);
    expect(first.replayed).toBe(false);
    expect(first.answer.cookies?.map(({ maxAgeSeconds }) => maxAgeSeconds)).toEqual([34_000_000, 600, 0]);

    const again = await ask(new Date(start.getTime() + 10 * HOUR + 1));
    expect(again).toMatchObject({ replayed: true, answer: { status: 201, body: { id: 'cns_1' } } });
    expect(again.answer.cookies).toEqual([
      { name: '__Host-visitor', value: 'vis_1', maxAgeSeconds: 34_000_000 - 36_001 },
      { name: '__Host-refresh', value: '', maxAgeSeconds: 0 },
    ]);
    // Never later than the first, also when the clock of the instance that answers is behind.
    const behind = await ask(new Date(start.getTime() - HOUR));
    expect(behind.answer.cookies?.[0]?.maxAgeSeconds).toBe(34_000_000);
  });
});
