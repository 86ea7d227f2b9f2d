import { describe, expect, it } from 'vitest';
import { failureCounter, sourceThrottle } from '../../shared/credentials/index.ts';
import { useDocumentStore } from '../support/document-store.ts';

const database = useDocumentStore();
const key = Buffer.alloc(32, 7);
const start = new Date('2026-11-24T09:00:00.000Z');
const secondsLater = (seconds: number) => new Date(start.getTime() + seconds * 1000);

/** The throttle as one instance of the product has it. */
const instance = () => sourceThrottle(failureCounter(database.store.runtime, 'source-failures'), key);
type Instance = ReturnType<typeof instance>;

const fail = (on: Instance, source: string, now: Date) => on.guard(source, now, async (failed) => failed());
const succeed = (on: Instance, source: string, now: Date) => on.guard(source, now, async () => 'tried' as const);

describe('F2 a source that guesses', () => {
  it('and has to wait on one instance waits on another as well', async () => {
    const [one, other] = [instance(), instance()];
    for (let n = 0; n < 5; n += 1) expect(await fail(one, '192.0.2.1', start)).toMatchObject({ counted: true });
    expect(await succeed(one, '192.0.2.1', secondsLater(1))).toEqual({ retryAfterSeconds: 74 });
    expect(await succeed(other, '192.0.2.1', secondsLater(1))).toEqual({ retryAfterSeconds: 74 });
    expect(await succeed(other, '192.0.2.2', secondsLater(1))).toBe('tried');
    expect(await succeed(other, '192.0.2.1', secondsLater(76))).toBe('tried');
  });

  it('is told to wait, not that it was wrong, by an instance that did not know of it yet', async () => {
    const [one, other] = [instance(), instance()];
    expect(await succeed(other, '192.0.2.3', start)).toBe('tried');
    for (let n = 0; n < 5; n += 1) await fail(one, '192.0.2.3', start);
    expect(await fail(other, '192.0.2.3', secondsLater(5))).toEqual({ counted: false, retryAfterSeconds: 70 });
    expect(await succeed(other, '192.0.2.3', secondsLater(6))).toEqual({ retryAfterSeconds: 69 });
  });

  it('costs an instance no read of its own: one query in half a minute tells it of all', async () => {
    const one = instance();
    await succeed(one, '192.0.2.4', start);
    await database.served();
    for (let n = 5; n < 15; n += 1) await succeed(one, `192.0.2.${n}`, secondsLater(n));
    expect(await database.served()).toEqual([]);
    await succeed(one, '192.0.2.4', secondsLater(31));
    expect((await database.served()).length).toBeGreaterThan(0);
  });
});
