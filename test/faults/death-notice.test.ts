import { beforeAll, describe, expect, it } from 'vitest';
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
const NEVER = 1_000_000;
const by = 'dpo-1';
let composed: Composed;

/** What the host does: holds and mails, then erasures and packages, then the mails that these queued. */
async function runTimers({ runTimer }: Composed) {
  await runTimer('deliver-notifications');
  await runTimer('advance-rights-requests');
  await runTimer('deliver-notifications');
}

/** The process has come back: timers run as usual until the notice is dealt with. */
async function recovered(reporter: string) {
  for (let rounds = 0; rounds < 12; rounds += 1) {
    await runTimers(composed);
    const { items } = await composed.postMortem.notices.list({}, { limit: 100 });
    const own = items.filter(({ reportedBy }) => reportedBy.email === reporter);
    if (own.every(({ status }) => status === 'executed' || status === 'dismissed')) return own;
    await clock.moveBy(3 * MINUTE);
  }
  throw new Error('the notice is not dealt with');
}

async function report({ postMortem }: Composed, { accountId }: WholePerson, email: string) {
  const reportedBy = { name: 'Luc', email, relation: 'heir', language: 'fr' } as const;
  const recorded = await postMortem.notices.record(
    { person: { accountId }, reportedBy, evidence: 'Acte de décès', requestedAction: 'close' },
    by,
    clock.now(),
  );
  if (!recorded) throw new Error('the person is not there');
  return recorded.found.notice;
}

async function textsTo(email: string, subject: string): Promise<readonly string[]> {
  const { body } = await product.control('GET', `/mail?to=${encodeURIComponent(email)}`);
  return body.messages
    .filter((mail: { subject: string }) => mail.subject.startsWith(subject))
    .map(({ text }: { text: string }) => text);
}

const holdOf = async ({ accountId }: WholePerson) => {
  const account = await composed.accounts.store.account(accountId);
  const sessions = await composed.accounts.sessions.list(accountId, clock.now());
  return { restricted: account?.restriction !== undefined, sessions: sessions.length };
};

beforeAll(() => {
  composed = composedOn(product.stack, clock, direct.change);
});

describe('G7 a notice of death that is killed', () => {
  it('while the account is put on hold: it is on hold in the end, and everybody is told one thing', async () => {
    let killedAt = 0;
    for (let died = true; died; ) {
      killedAt = laterWrite(killedAt);
      const reporter = `reports-${killedAt}@family.example`;
      const person = await wholePerson(composed, `held-${killedAt}@partner.example`);
      const kill = killedAtWrite(killedAt);
      const doomed = composedOn(product.stack, clock, direct.change, kill.change);
      await untilKilled(async () => {
        await report(doomed, person, reporter);
        await doomed.runTimer('deliver-notifications');
      });
      died = kill.hasDied();
      for (let rounds = 0; rounds < 3; rounds += 1) {
        await composed.runTimer('deliver-notifications');
        await clock.moveBy(3 * MINUTE);
      }
      const { items } = await composed.postMortem.notices.list({ status: 'open' }, { limit: 100 });
      const isRecorded = items.some(({ reportedBy }) => reportedBy.email === reporter);
      expect({ killedAt, ...(await holdOf(person)) }).toEqual({
        killedAt,
        restricted: isRecorded,
        sessions: isRecorded ? 0 : 1,
      });
      const told = await textsTo(person.email, 'Votre espace est suspendu');
      expect({ killedAt, different: new Set(told).size }).toEqual({ killedAt, different: isRecorded ? 1 : 0 });
    }
    expect(killedAt).toBeGreaterThan(6);
  }, 120_000);

  it('while it is executed: everything is erased but the notice, and the reporter is told one thing', async () => {
    const decision = { action: 'close', reason: 'Succession', by } as const;
    /** Decides and carries out in a process that dies at this write; answers how many writes it came to. */
    async function executed(killedAt: number): Promise<number> {
      const reporter = `asks-${killedAt}@family.example`;
      const person = await wholePerson(composed, `erased-${killedAt}@partner.example`);
      const { id } = await report(composed, person, reporter);
      await composed.runTimer('deliver-notifications');
      const kill = killedAtWrite(killedAt);
      const doomed = composedOn(product.stack, clock, direct.change, kill.change);
      await untilKilled(async () => {
        await doomed.postMortem.notices.execute(id, decision, clock.now());
        await clock.moveBy(8 * DAY);
        await runTimers(doomed);
      });
      // A decision that was not stored was not taken: whoever took it is told so, and takes it again.
      await composed.postMortem.notices.execute(id, decision, clock.now());
      await clock.moveBy(8 * DAY);
      const [notice] = await recovered(reporter);
      const traces = await tracesOf(composed, person);
      const told = await textsTo(reporter, 'Votre signalement a été traité');
      expect({ killedAt, status: notice?.status, traces, different: new Set(told).size }).toEqual({
        killedAt,
        status: 'executed',
        traces: ['governance/death-notice'],
        different: 1,
      });
      return kill.writes();
    }

    const writes = await executed(NEVER);
    expect(writes).toBeGreaterThan(20);
    // The erasure's own writes lie in between; each of them is killed in `erasure.test.ts`.
    const around = [1, 2, 3, 4, 5, writes - 4, writes - 3, writes - 2, writes - 1, writes];
    for (const killedAt of around) await executed(killedAt);
  }, 120_000);

  it('while it is dismissed: the hold ends, told before, and nothing is erased', async () => {
    let killedAt = 0;
    for (let died = true; died; ) {
      killedAt = laterWrite(killedAt);
      const reporter = `errs-${killedAt}@family.example`;
      const person = await wholePerson(composed, `alive-${killedAt}@partner.example`);
      const { id } = await report(composed, person, reporter);
      await composed.runTimer('deliver-notifications');
      await composed.postMortem.notices.execute(id, { action: 'close', reason: 'Succession', by }, clock.now());
      const kill = killedAtWrite(killedAt);
      const doomed = composedOn(product.stack, clock, direct.change, kill.change);
      await untilKilled(async () => {
        await doomed.postMortem.notices.dismiss(id, { reason: 'Homonyme', by }, clock.now());
        await runTimers(doomed);
      });
      died = kill.hasDied();
      await composed.postMortem.notices.dismiss(id, { reason: 'Homonyme', by }, clock.now());
      await recovered(reporter);
      await clock.moveBy(8 * DAY);
      await runTimers(composed);
      expect({ killedAt, ...(await holdOf(person)) }).toMatchObject({ killedAt, restricted: false });
      expect((await composed.accounts.store.account(person.accountId))?.status).toBe('active');
      const told = await textsTo(person.email, 'Votre espace n’est plus suspendu');
      expect({ killedAt, different: new Set(told).size }).toEqual({ killedAt, different: 1 });
    }
    expect(killedAt).toBeGreaterThan(4);
  }, 120_000);
});

describe('G7 a notice of death', () => {
  beforeAll(() => {
    composed = composedOn(product.stack, clock);
  });

  it('while the database fails a fifth of the time: it is dealt with all the same', async () => {
    for (const status of [449, 'reset']) {
      const reporter = `faults-${status}@family.example`;
      const person = await wholePerson(composed, `faults-${status}@partner.example`);
      await product.control('PUT', '/faults', { target: 'cosmos', rate: 0.2, status, latencyMs: 0 });
      const { id } = await report(composed, person, reporter);
      await composed.postMortem.notices.execute(id, { action: 'close', reason: 'Succession', by }, clock.now());
      await clock.moveBy(8 * DAY);
      await runTimers(composed).catch(() => undefined);
      await product.control('DELETE', '/faults');
      const [notice] = await recovered(reporter);
      expect({ status, executed: notice?.status }).toEqual({ status, executed: 'executed' });
      expect(await tracesOf(composed, person)).toEqual(['governance/death-notice']);
    }
  }, 120_000);
});
