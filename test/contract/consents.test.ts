import { describe, expect, it } from 'vitest';
import { consentExpiry } from '../../shared/consents/expiry.ts';
import { consentStore, consentUseCases } from '../../shared/consents/index.ts';
import { newId } from '../../shared/platform/ids.ts';
import { createLogger } from '../../shared/platform/logger.ts';
import { consentPurposes } from '../../shared/purposes/index.ts';
import { useDocumentStore } from '../support/document-store.ts';

const place = useDocumentStore();
const loginKey = Buffer.alloc(32, 7);
const start = new Date('2026-11-23T09:15:00.000Z');
const purposes = {
  all: async () => consentPurposes.map((purpose) => ({ ...purpose, revision: 0 })),
  consentIds: async () => new Set<string>(consentPurposes.map(({ id }) => id)),
};
const notice = {
  version: '1.0',
  sha256: 'ab'.repeat(32),
  language: 'fr' as const,
  effectiveAt: '2022-01-01T00:00:00.000Z',
};
const notices = { served: async () => notice, inForce: async () => notice };
const choice = (answer: 'granted' | 'denied') => ({
  noticeVersion: '1.0',
  language: 'fr' as const,
  choices: Object.fromEntries(consentPurposes.map(({ id }) => [id, answer])),
  mechanism: 'accept-all',
  signals: { gpc: false },
});
const open = () => consentUseCases({ store: consentStore(place.store.consents), loginKey, notices, purposes });

describe('what a consent costs the database', () => {
  it('a first choice is one batch and nothing else, a later one a point read and a batch, what stands one point read', async () => {
    const consents = open();
    await place.served();
    const first = await consents.decide({}, choice('granted'), start);
    const create = await place.served();
    expect(create.map(({ method, status }) => ({ method, status }))).toEqual([{ method: 'POST', status: 200 }]);
    if (first.outcome !== 'recorded') throw new Error('not recorded');
    const { visitorId } = first;

    await consents.view({ visitorId }, start);
    const read = await place.served();
    expect(read.map(({ method, status }) => ({ method, status }))).toEqual([{ method: 'GET', status: 200 }]);
    expect(read[0]?.requestCharge).toBeLessThan(2);

    await consents.decide({ visitorId }, choice('denied'), start);
    const change = await place.served();
    expect(change.map(({ method }) => method)).toEqual(['GET', 'POST']);

    await consents.granted(newId('acc'), start);
    expect((await place.served()).map(({ method }) => method)).toEqual(['GET']);
    const charge = (requests: readonly { requestCharge: number }[]) =>
      requests.reduce((sum, { requestCharge }) => sum + requestCharge, 0).toFixed(1);
    console.log(`RU: first choice ${charge(create)}, later choice ${charge(change)}, state ${charge(read)}`);
  });

  it('a hundred contradictory choices at once are numbered without gap, and the state follows from the last', async () => {
    const consents = open();
    const accountId = newId('acc');
    await Promise.all(
      Array.from({ length: 40 }, (_, n) => consents.decide({ accountId }, choice(n % 2 ? 'granted' : 'denied'), start)),
    );
    const { items } = await consents.history(accountId, 100);
    expect(items.map(({ sequence }) => sequence)).toEqual(Array.from({ length: 40 }, (_, n) => 40 - n));
    const { choices } = await consents.view({ accountId }, start);
    expect(choices.prospecting?.answer).toBe(items[0]?.choices.prospecting?.answer);
    expect(choices.prospecting?.decisionId).toBe(items[0]?.id);
  });
});

describe('H3 the end of consents', () => {
  const logger = createLogger(() => undefined);

  it('is carried out by two runs at once, or one after another was killed, each document once', async () => {
    const consents = open();
    const now = place.clock.now();
    const ended = new Date(now.getTime() - 400 * 86_400_000);
    const visitors = await Promise.all(Array.from({ length: 60 }, () => consents.decide({}, choice('denied'), ended)));
    const living = await consents.decide({}, choice('granted'), now);
    const container = place.store.consents;
    let calls = 0;
    const dying = {
      ...container,
      batch: async (...args: Parameters<typeof container.batch>) => {
        calls += 1;
        if (calls > 10) throw new Error('killed');
        return container.batch(...args);
      },
    };
    const killed = await consentExpiry({ consents: dying, clock: place.clock, logger }).run();
    expect(killed.failed).toBeGreaterThan(0);
    expect(killed.continuation).toBeDefined();
    const expiry = consentExpiry({ consents: container, clock: place.clock, logger });
    const [one, other] = await Promise.all([expiry.run(), expiry.run()]);
    expect(killed.changed + one.changed + other.changed).toBe(2 * visitors.length);
    expect(await expiry.run()).toEqual({ examined: 0, changed: 0, failed: 0 });
    if (living.outcome !== 'recorded') throw new Error('not recorded');
    const { choices } = await consents.view({ visitorId: living.visitorId }, now);
    expect(choices.prospecting?.answer).toBe('granted');
  });
});
