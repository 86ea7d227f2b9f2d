import { beforeAll, describe, expect, it } from 'vitest';
import { newId } from '../../shared/platform/ids.ts';
import { type Composed, composedOn } from '../support/composition.ts';
import { useDirectDatabase } from '../support/direct-database.ts';
import { killedAtWrite, laterWrite, untilKilled } from '../support/killable.ts';
import { movingClock } from '../support/moving-clock.ts';
import { useProduct } from '../support/product.ts';
import { tracesOf, type WholePerson, wholePerson } from '../support/whole-person.ts';

const product = useProduct();
const clock = movingClock(product);
const direct = useDirectDatabase(clock);
const MINUTE = 60_000;
const DAY = 86_400_000;
let composed: Composed;

/** What the host does: the erasures, then the mails. */
async function runTimers({ runTimer }: Composed) {
  await runTimer('advance-rights-requests');
  await runTimer('deliver-notifications');
}

/** The process has come back: timers run as usual until nothing of the person is left. */
async function recovered(person: WholePerson): Promise<readonly string[]> {
  for (let rounds = 0; rounds < 12; rounds += 1) {
    await runTimers(composed);
    const traces = await tracesOf(composed, person);
    // A mail that is on its way must not be overtaken by the clock: its claim would seem to have run out.
    for (let tries = 0; traces.length === 0 && tries < 20; tries += 1) {
      if ((await farewellsTo(person.email)).length > 0) return traces;
      await new Promise((resume) => setTimeout(resume, 50));
    }
    await clock.moveBy(3 * MINUTE);
  }
  return tracesOf(composed, person);
}

async function farewellsTo(email: string): Promise<readonly string[]> {
  const { body } = await product.control('GET', `/mail?to=${encodeURIComponent(email)}`);
  return body.messages
    .filter(({ subject }: { subject: string }) => subject === 'Vos données sont effacées')
    .map(({ text }: { text: string }) => text);
}

/** The person has closed the space, and the days of grace are over. */
async function leaving(email: string): Promise<WholePerson> {
  const person = await wholePerson(composed, email);
  const found = await composed.accounts.store.accountWithCredential(person.accountId);
  if (!found) throw new Error('the person is not there');
  expect(await composed.personalData.closures.closeUnused(found, clock.now())).toBe(true);
  return person;
}

beforeAll(() => {
  composed = composedOn(product.stack, clock, direct.change);
});

describe('G3 an erasure that is killed', () => {
  it('at any single write is completed by the next runs, leaves nothing, and tells the person one thing', async () => {
    let killedAt = 0;
    for (let died = true; died; ) {
      killedAt = laterWrite(killedAt);
      const person = await leaving(`killed-${killedAt}@partner.example`);
      const kill = killedAtWrite(killedAt);
      const doomed = composedOn(product.stack, clock, direct.change, kill.change);
      await untilKilled(() => runTimers(doomed));
      died = kill.hasDied();
      expect({ killedAt, traces: await recovered(person) }).toEqual({ killedAt, traces: [] });
      const farewells = await farewellsTo(person.email);
      expect({ killedAt, different: new Set(farewells).size }).toEqual({ killedAt, different: 1 });
      const entry = composed.personalData.ledger.entryId(person.subject) ?? '';
      expect((await composed.personalData.ledger.idsSince('')).has(entry)).toBe(true);
    }
    // It is a real erasure that was enumerated, not an empty one.
    expect(killedAt).toBeGreaterThan(20);
  }, 600_000);

  it('by two runs at once does each step once', async () => {
    const person = await leaving('twice@partner.example');
    const other = composedOn(product.stack, clock, direct.change);
    await Promise.all([runTimers(composed), runTimers(other)]);
    expect(await recovered(person)).toEqual([]);
    expect(await farewellsTo(person.email)).toHaveLength(1);
  });
});

describe('G10 a closure that is killed', () => {
  it('at any write is either not begun or whole', async () => {
    let killedAt = 0;
    for (let died = true; died; ) {
      killedAt += 1;
      const person = await wholePerson(composed, `closing-${killedAt}@partner.example`);
      const kill = killedAtWrite(killedAt);
      const doomed = composedOn(product.stack, clock, direct.change, kill.change);
      await untilKilled(async () => {
        const found = await doomed.accounts.store.accountWithCredential(person.accountId);
        if (found) await doomed.personalData.closures.closeUnused(found, clock.now());
      });
      died = kill.hasDied();
      const { items } = await composed.platform.database.accounts.query<{ type: string; status?: string }>({
        text: 'SELECT * FROM c',
        partition: person.accountId,
      });
      const status = items.find(({ type }) => type === 'account')?.status;
      const has = (type: string) => items.some((item) => item.type === type);
      expect({ killedAt, closing: has('closing-space'), sessions: has('session') }).toEqual({
        killedAt,
        closing: status === 'closing',
        sessions: status === 'active',
      });
    }
  });
});

describe('E1 a review of unused accounts that is killed', () => {
  it('at any write tells each holder one thing, and erases nobody who was not told', async () => {
    const people = await Promise.all(
      Array.from({ length: 3 }, (_, index) => wholePerson(composed, `unused-${index}@partner.example`)),
    );
    await clock.moveBy(705 * DAY);
    for (let killedAt = 1; killedAt < 12; killedAt += 1) {
      const kill = killedAtWrite(killedAt);
      const doomed = composedOn(product.stack, clock, direct.change, kill.change);
      await untilKilled(() => doomed.runTimer('review-inactive-accounts'));
      await clock.moveBy(11 * MINUTE);
    }
    await composed.runTimer('review-inactive-accounts');
    await composed.runTimer('deliver-notifications');
    for (const { accountId, email } of people) {
      expect((await composed.accounts.store.account(accountId))?.status).toBe('active');
      const { body } = await product.control('GET', `/mail?to=${encodeURIComponent(email)}`);
      const told = body.messages.filter(({ subject }: { subject: string }) => subject.includes('n’est plus utilisé'));
      expect(new Set(told.map(({ text }: { text: string }) => text)).size).toBe(1);
    }
  }, 60_000);
});

describe('G1 a package whose build is killed', () => {
  it('at any write is built by the next try, once, and what was left behind is cleared away', async () => {
    const { subject } = await wholePerson(composed, 'package@partner.example');
    const { packages } = composed.personalData;
    let killedAt = 0;
    for (let died = true; died; ) {
      killedAt += 1;
      const task = {
        packageId: newId('pkg'),
        kind: 'access',
        requestId: newId('req'),
        subject,
        language: 'fr',
      } as const;
      const kill = killedAtWrite(killedAt);
      const doomed = composedOn(product.stack, clock, direct.change, kill.change);
      await untilKilled(() => doomed.personalData.packages.build(task, clock.now()));
      died = kill.hasDied();
      const built = await packages.build(task, clock.now());
      expect(await packages.build(task, clock.now())).toEqual(built);
      await packages.purge(1_000);
      const objects: string[] = [];
      for await (const { name } of composed.platform.objects.list('exports', task.packageId)) objects.push(name);
      expect({ killedAt, objects: objects.length }).toEqual({ killedAt, objects: 1 });
      expect(await packages.open(task.packageId)).toBeDefined();
    }
    expect(killedAt).toBe(4);
  }, 60_000);
});

describe('G3 an erasure', () => {
  beforeAll(() => {
    composed = composedOn(product.stack, clock);
  });

  it('while the database fails a fifth of the time is completed all the same', async () => {
    for (const status of [429, 449, 503]) {
      const person = await leaving(`faults-${status}@partner.example`);
      await product.control('PUT', '/faults', { target: 'cosmos', rate: 0.2, status, latencyMs: 0 });
      await runTimers(composed).catch(() => undefined);
      await runTimers(composed).catch(() => undefined);
      await product.control('DELETE', '/faults');
      expect({ status, traces: await recovered(person) }).toEqual({ status, traces: [] });
      expect(new Set(await farewellsTo(person.email)).size).toBe(1);
    }
  }, 120_000);
});
