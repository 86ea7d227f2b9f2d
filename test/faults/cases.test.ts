import { beforeAll, describe, expect, it } from 'vitest';
import type { RequestId } from '../../shared/platform/ids.ts';
import { type Composed, composedOn } from '../support/composition.ts';
import { useDirectDatabase } from '../support/direct-database.ts';
import { pdf } from '../support/identity-documents.ts';
import { killedAtWrite, laterWrite, untilKilled } from '../support/killable.ts';
import { movingClock } from '../support/moving-clock.ts';
import { useProduct } from '../support/product.ts';
import { storedBy } from '../support/stored.ts';
import { wholePerson } from '../support/whole-person.ts';

const product = useProduct();
const clock = movingClock(product);
const direct = useDirectDatabase(clock);
const MINUTE = 60_000;
let composed: Composed;

beforeAll(() => {
  composed = composedOn(product.stack, clock, direct.change);
});

const casesIn = ({ rightsRequests }: Composed) => rightsRequests.cases;
const actOn = (requestId: RequestId, staffId = 'dpo-1') => ({ requestId, staffId, now: clock.now() });

/** What the host does, with the clock going on so that claims of the dead run out, until nothing of the case is left to be done. */
async function recovered(requestId: RequestId) {
  for (let round = 0; round < 6; round += 1) {
    await composed.runTimer('advance-rights-requests');
    await composed.runTimer('deliver-notifications');
    const soon = new Date(clock.now().getTime() + 20 * MINUTE).toISOString();
    const documents: readonly object[] = await casesIn(composed).store.file(requestId);
    const waits = documents.some((document) => 'pendingAt' in document && String(document.pendingAt) < soon);
    if (!waits) return;
    await clock.moveBy(3 * MINUTE);
  }
}

async function subjectsTo(email: string): Promise<readonly string[]> {
  const { body } = await product.control('GET', `/mail?to=${encodeURIComponent(email)}`);
  return body.messages.map(({ subject }: { subject: string }) => subject);
}

/** Lets an act be killed at its first write, its second, and so on until it is whole; checks after each recovery. */
async function killedEverywhere(
  prepare: (nth: number) => Promise<{ readonly requestId: RequestId; readonly email: string }>,
  act: (doomed: Composed, requestId: RequestId) => Promise<unknown>,
  check: (nth: number, requestId: RequestId, email: string) => Promise<void>,
): Promise<number> {
  for (let nth = 1; ; nth = laterWrite(nth)) {
    const { requestId, email } = await prepare(nth);
    const kill = killedAtWrite(nth);
    const doomed = composedOn(product.stack, clock, direct.change, kill.change);
    await untilKilled(() => act(doomed, requestId));
    await recovered(requestId);
    await check(nth, requestId, email);
    if (!kill.hasDied()) return nth - 1;
  }
}

async function submitted(name: string, type: 'access' | 'erasure' | 'restriction', nth: number) {
  const email = `${name}-${nth}@partner.example`;
  const person = await wholePerson(composed, email);
  const account = await composed.accounts.store.account(person.accountId);
  if (!account) throw new Error('the person is not there');
  const { requestId } = await casesIn(composed).intake.submit({ type }, account, clock.now());
  return { requestId, email };
}

const statusOf = async (requestId: RequestId) => (await casesIn(composed).store.read(requestId))?.status;

/** The history is gapless, and every step in it leads on from the one before. */
async function expectSoundHistory(requestId: RequestId) {
  const file = await casesIn(composed).followUp.read(requestId, clock.now());
  if (!file) throw new Error('the case is not there');
  expect(file.history.map(({ id }) => Number(id.slice('history:'.length)))).toEqual(
    file.history.map((_, index) => index + 1),
  );
  expect(file.case.entries).toBe(file.history.length);
  let status: string | undefined;
  for (const entry of file.history) {
    if (entry.from !== undefined) expect(entry.from).toBe(status);
    status = entry.to ?? status;
  }
  expect(status).toBe(file.case.status);
}

describe('G1 an export that is killed', () => {
  it('at any single write is completed by the next runs: one package, one mail', async () => {
    const writes = await killedEverywhere(
      (nth) => submitted('export', 'access', nth),
      async (doomed, requestId) => {
        await casesIn(doomed).desk.approve(actOn(requestId), undefined);
        await doomed.runTimer('advance-rights-requests');
        await doomed.runTimer('deliver-notifications');
      },
      async (nth, requestId, email) => {
        if ((await statusOf(requestId)) === 'in-review') return; // killed before the approval: nothing has begun
        await expectSoundHistory(requestId);
        expect({ nth, status: await statusOf(requestId) }).toEqual({ nth, status: 'completed' });
        const ready = (await subjectsTo(email)).filter((subject) => subject.includes('sont prêtes'));
        expect({ nth, different: new Set(ready).size }).toEqual({ nth, different: 1 });
        const download = await casesIn(composed).followUp.download(requestId, 'recent-sign-in', clock.now());
        expect(download.outcome).toBe('package');
      },
    );
    expect(writes).toBeGreaterThan(6);
  }, 300_000);
});

describe('G3 an erasure of a case that is killed', () => {
  it('at any single write is completed, and the person is told once that it is', async () => {
    const writes = await killedEverywhere(
      (nth) => submitted('forget', 'erasure', nth),
      async (doomed, requestId) => {
        await casesIn(doomed).desk.approve(actOn(requestId), undefined);
        await doomed.runTimer('advance-rights-requests');
        await doomed.runTimer('deliver-notifications');
      },
      async (nth, requestId, email) => {
        if ((await statusOf(requestId)) === 'in-review') return;
        await expectSoundHistory(requestId);
        const found = await casesIn(composed).store.read(requestId);
        expect({ nth, status: found?.status, name: found?.contact.familyName }).toEqual({
          nth,
          status: 'completed',
          name: '—',
        });
        expect(found?.accountId && (await composed.accounts.store.account(found.accountId))).toBeUndefined();
        const told = (await subjectsTo(email)).filter((subject) => subject.includes('effacées'));
        expect({ nth, different: new Set(told).size }).toEqual({ nth, different: 1 });
      },
    );
    expect(writes).toBeGreaterThan(20);
  }, 600_000);
});

describe('G11 a rejection that is killed', () => {
  it('at any single write is either not taken or whole: letter sent, document gone', async () => {
    await killedEverywhere(
      async (nth) => {
        const { requestId, email } = await submitted('reject', 'access', nth);
        const cases = casesIn(composed);
        await cases.desk.requestIdentity(actOn(requestId), 'Doute');
        const upload = { mediaType: 'application/pdf', kind: 'passport', bytes: pdf() } as const;
        const supplied = await cases.identityProofs.supply(requestId, upload, clock.now());
        expect(supplied.outcome).toBe('supplied');
        return { requestId, email };
      },
      async (doomed, requestId) => {
        await casesIn(doomed).desk.reject(actOn(requestId), 'identity-not-proven', 'Nom différent');
        await doomed.runTimer('deliver-notifications');
      },
      async (nth, requestId, email) => {
        await expectSoundHistory(requestId);
        const isRejected = (await statusOf(requestId)) === 'rejected';
        const letters = (await subjectsTo(email)).filter((subject) => subject.includes('décision'));
        expect({ nth, letters: new Set(letters).size }).toEqual({ nth, letters: isRejected ? 1 : 0 });
        const files = (await storedBy(product).blobs('identity-proofs')).filter(({ name }) =>
          name.startsWith(requestId),
        );
        expect({ nth, files: files.length }).toEqual({ nth, files: isRejected ? 0 : 1 });
      },
    );
  }, 300_000);
});

describe('G9 an upload that is killed', () => {
  it('at any single write leaves no file without its record, and none that outlives its time', async () => {
    await killedEverywhere(
      async (nth) => {
        const { requestId, email } = await submitted('upload', 'access', nth);
        await casesIn(composed).desk.requestIdentity(actOn(requestId), 'Doute');
        return { requestId, email };
      },
      (doomed, requestId) => {
        const upload = { mediaType: 'application/pdf', kind: 'passport', bytes: pdf() } as const;
        return casesIn(doomed).identityProofs.supply(requestId, upload, clock.now());
      },
      async (nth, requestId) => {
        await clock.moveBy(11 * MINUTE);
        await recovered(requestId);
        const file = await casesIn(composed).followUp.read(requestId, clock.now());
        const files = (await storedBy(product).blobs('identity-proofs')).filter(({ name }) =>
          name.startsWith(requestId),
        );
        expect({ nth, files: files.length }).toEqual({ nth, files: file?.proofs.length });
        expect(file?.case.status).toBe(files.length > 0 ? 'in-review' : 'awaiting-identity');
      },
    );
  }, 120_000);
});

describe('G6 a restriction that is killed', () => {
  it('takes effect all the same within a minute', async () => {
    for (let nth = 1; nth < 5; nth += 1) {
      const email = `restrict-${nth}@partner.example`;
      const person = await wholePerson(composed, email);
      const account = await composed.accounts.store.account(person.accountId);
      const kill = killedAtWrite(nth);
      const doomed = composedOn(product.stack, clock, direct.change, kill.change);
      let isOpened = false;
      await untilKilled(async () => {
        if (account) await casesIn(doomed).intake.submit({ type: 'restriction' }, account, clock.now());
        isOpened = true;
      });
      await clock.moveBy(2 * MINUTE);
      await composed.runTimer('deliver-notifications');
      const restricted = (await composed.accounts.store.account(person.accountId))?.restriction !== undefined;
      expect({ nth, restricted }).toEqual({ nth, restricted: isOpened });
    }
  });
});

describe('two runs at once', () => {
  it('carry an approved case out once', async () => {
    const { requestId, email } = await submitted('twice', 'access', 1);
    await casesIn(composed).desk.approve(actOn(requestId), undefined);
    const other = composedOn(product.stack, clock, direct.change);
    await Promise.all([composed.runTimer('advance-rights-requests'), other.runTimer('advance-rights-requests')]);
    await recovered(requestId);
    await expectSoundHistory(requestId);
    expect((await subjectsTo(email)).filter((subject) => subject.includes('sont prêtes'))).toHaveLength(1);
  });

  it('let one of two opposite decisions through', async () => {
    const { requestId } = await submitted('opposed', 'access', 1);
    const { desk } = casesIn(composed);
    const outcomes = await Promise.all([
      desk.approve(actOn(requestId, 'dpo-1'), undefined),
      desk.reject(actOn(requestId, 'dpo-2'), 'excessive', 'x'),
    ]);
    expect(outcomes.map(({ outcome }) => outcome).toSorted()).toEqual(['changed', 'not-allowed']);
    await recovered(requestId);
    await expectSoundHistory(requestId);
  });
});

describe('a fifth of the operations failing', () => {
  beforeAll(() => {
    composed = composedOn(product.stack, clock);
  });

  it.each([429, 449, 503])('with %i leaves a case sound and carried out', async (status) => {
    const { requestId } = await submitted(`faults-${status}`, 'access', 1);
    await product.control('PUT', '/faults', { target: 'cosmos', rate: 0.2, status, latencyMs: 0 });
    await casesIn(composed)
      .desk.approve(actOn(requestId), undefined)
      .catch(() => undefined);
    await composed.runTimer('advance-rights-requests').catch(() => undefined);
    await product.control('DELETE', '/faults');
    if ((await statusOf(requestId)) === 'in-review') await casesIn(composed).desk.approve(actOn(requestId), undefined);
    await recovered(requestId);
    await expectSoundHistory(requestId);
    expect(await statusOf(requestId)).toBe('completed');
  });
});
