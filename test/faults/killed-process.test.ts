import { beforeAll, describe, expect, it } from 'vitest';
import { casesOf } from '../support/cases.ts';
import { type Composed, composedOn } from '../support/composition.ts';
import { databaseControl } from '../support/database-control.ts';
import { EVERY_WRITE } from '../support/killable.ts';
import { movingClock } from '../support/moving-clock.ts';
import { processKiller } from '../support/process-killer.ts';
import { type Mail, PASSWORD, tokenIn, useProduct } from '../support/product.ts';
import { tracesOf, type WholePerson } from '../support/whole-person.ts';

/**
 * The functions process is killed with -9 between two writes, and the next one goes on: after some writes at each run, after every single one with
 * `EVERY_WRITE=1`. The harnesses of `cases.test.ts` and `erasure.test.ts` do the same within one process.
 */
const LIMIT = { timeout: EVERY_WRITE ? 1_800_000 : 120_000 };
const product = useProduct();
const database = databaseControl(() => product.stack);
const { killedAfter, idle } = processKiller(product, database);
const clock = movingClock(product);
const cases = casesOf(product);
const MINUTE = 60_000;
const DAY = 86_400_000;
let composed: Composed;
let dpo: string;

const runTimer = (name: string) => product.control('POST', `/timers/${name}`).catch(() => undefined);

beforeAll(async () => {
  composed = composedOn(product.stack, clock);
});

/** Tells a story for each number of writes after which the process dies, until it is over before: how many there were. */
async function killedAfterEach(
  some: readonly number[],
  story: (writes: number, email: string) => Promise<boolean>,
  name: string,
) {
  const told = async (writes: number) => {
    dpo = await cases.staff('dpo-1', 'dpo');
    return story(writes, `${name}-${writes}@partner.example`);
  };
  if (!EVERY_WRITE) {
    for (const writes of some) expect({ writes, wasKilled: await told(writes) }).toEqual({ writes, wasKilled: true });
    return;
  }
  let writes = 1;
  while (await told(writes)) writes += 1;
  console.log(`${name}: killed after each of ${writes - 1} writes`);
  expect(writes - 1).toBeGreaterThanOrEqual(Math.max(...some));
}

async function signedIn(email: string): Promise<string> {
  await product.person(email);
  return (await product.signIn(email)).body.accessToken;
}

const mailsTo = async (email: string): Promise<readonly Mail[]> =>
  (await product.control('GET', `/mail?to=${encodeURIComponent(email)}`)).body.messages;

/** Later, so that claims of the dead run out, the timers do what was left, until `isOver`. */
async function recovered(isOver: () => Promise<boolean>): Promise<void> {
  for (let round = 0; round < 8; round += 1) {
    await runTimer('advance-rights-requests');
    await runTimer('deliver-notifications');
    if (await isOver()) return;
    await clock.moveBy(3 * MINUTE);
  }
}

/** A person with something of everything who has closed their space. */
async function leaving(email: string): Promise<WholePerson> {
  const token = await signedIn(email);
  const { body: me } = await product.call('GET', '/api/v1/me', { token });
  await product.call('PUT', '/api/v1/me/form-drafts/one', { token, body: { fields: { note: email } } });
  await product.call('PUT', '/api/v1/me/preferences', { token, body: { language: 'fr', theme: 'dark' } });
  const consent = {
    ...{ noticeVersion: '1.0', language: 'fr', mechanism: 'banner' },
    choices: { 'audience-measurement': 'granted' },
  };
  expect((await product.call('POST', '/api/v1/consents', { token, body: consent })).status).toBe(201);
  const events = [{ type: 'page-view', path: '/contrats', at: clock.now().toISOString() }];
  expect((await product.call('POST', '/api/v1/activity', { token, body: { events } })).body.accepted).toBe(1);
  const directives = {
    ...{ kind: 'particular', consent: true },
    wishes: [{ scope: 'account', action: 'erase' }],
  };
  expect((await product.call('PUT', '/api/v1/me/post-mortem-directives', { token, body: directives })).status).toBe(
    201,
  );
  const request = { type: 'objection', purposes: ['prospecting'], details: `de ${email}` };
  expect((await product.call('POST', '/api/v1/rights-requests', { token, body: request })).status).toBe(201);
  const subject = await composed.accounts.completeSubject({ accountId: me.id });
  const person: WholePerson = { accountId: me.id, email, subject };
  expect((await tracesOf(composed, person)).length).toBeGreaterThan(12);
  expect((await product.call('POST', '/api/v1/me/closure', { token, body: { password: PASSWORD } })).status).toBe(202);
  await idle();
  return person;
}

/** A request that the desk can decide, its mail sent. */
async function inReview(email: string, type: string): Promise<{ readonly id: string; readonly token: string }> {
  const token = await signedIn(email);
  const { body } = await cases.submit(token, { type });
  await product.mails(email, 2);
  await idle();
  return { id: body.id, token };
}

const titled = (mails: Awaited<ReturnType<typeof mailsTo>>, title: string) =>
  new Set(mails.filter(({ subject }) => subject.includes(title)).map(({ text }) => text)).size;

describe('G10 G3 G1 kill -9 of the functions process', LIMIT, () => {
  it('in an erasure: the next process completes it and tells the person one thing', () =>
    killedAfterEach(
      [4, 18],
      async (writes, email) => {
        const person = await leaving(email);
        await clock.moveBy(7 * DAY + MINUTE);
        const wasKilled = await killedAfter(writes, () => runTimer('advance-rights-requests'));
        const farewells = async () => titled(await mailsTo(email), 'Vos données sont effacées');
        await recovered(async () => (await tracesOf(composed, person)).length === 0 && (await farewells()) > 0);
        const outcome = { writes, traces: await tracesOf(composed, person), farewells: await farewells() };
        expect(outcome).toEqual({ writes, traces: [], farewells: 1 });
        return wasKilled;
      },
      'erased',
    ));

  it('in an export: there is one package, and one mail about it', () =>
    killedAfterEach(
      [3],
      async (writes, email) => {
        const { id, token } = await inReview(email, 'access');
        const wasKilled = await killedAfter(writes, async () => {
          await cases.act(dpo, id, 'approve');
          await runTimer('advance-rights-requests');
        });
        const state = async () => (await cases.read(id, (await product.signIn(email)).body.accessToken ?? token)).body;
        // Killed before the approval was written: the desk approves again.
        if ((await state()).status === 'in-review') await cases.act(dpo, id, 'approve');
        const told = async () => titled(await mailsTo(email), 'sont prêtes');
        await recovered(async () => (await state()).status === 'completed' && (await told()) > 0);
        const { status, package: built } = await state();
        expect({ writes, status, told: await told() }).toEqual({ writes, status: 'completed', told: 1 });
        expect(built.sha256).toMatch(/^[0-9a-f]{64}$/);
        return wasKilled;
      },
      'exported',
    ));

  it('in a rejection: it is either not taken, or taken and told once', () =>
    killedAfterEach(
      [1],
      async (writes, email) => {
        const { id } = await inReview(email, 'access');
        const reject = { ground: 'excessive', reason: 'Dixième demande du mois' };
        const wasKilled = await killedAfter(writes, () => cases.act(dpo, id, 'reject', reject));
        const { status } = (await cases.detail(dpo, id)).body;
        expect(['in-review', 'rejected']).toContain(status);
        if (status === 'in-review') expect((await cases.act(dpo, id, 'reject', reject)).status).toBe(200);
        await recovered(async () => (await mailsTo(email)).length > 2);
        expect({ writes, mails: (await mailsTo(email)).length }).toEqual({ writes, mails: 3 });
        return wasKilled;
      },
      'rejected',
    ));

  it('in a closure: it is either not begun or whole, and the mailed link undoes it', () =>
    killedAfterEach(
      [1],
      async (writes, email) => {
        // Sign-ins that a closed space refuses count against their source: a new day forgets them.
        await clock.moveBy(DAY + MINUTE);
        const token = await signedIn(email);
        const close = () => product.call('POST', '/api/v1/me/closure', { token, body: { password: PASSWORD } });
        const wasKilled = await killedAfter(writes, close);
        if ((await product.signIn(email)).status === 200) {
          const { accessToken } = (await product.signIn(email)).body;
          const again = { token: accessToken, body: { password: PASSWORD } };
          expect((await product.call('POST', '/api/v1/me/closure', again)).status).toBe(202);
        }
        const undoing = async () => (await mailsTo(email)).find(({ text }) => text.includes('closure'));
        await recovered(async () => (await undoing()) !== undefined);
        expect((await product.signIn(email)).status).toBe(401);
        const link = tokenIn(await undoing());
        expect((await product.call('POST', '/api/v1/me/closure/undo', { body: { token: link } })).status).toBe(204);
        expect((await product.signIn(email)).status).toBe(200);
        return wasKilled;
      },
      'closed',
    ));

  it('G10 after an undo that was answered: the undo survives, and the space is whole again', async () => {
    const email = 'undone@partner.example';
    await clock.moveBy(DAY + MINUTE);
    const token = await signedIn(email);
    await product.call('POST', '/api/v1/me/closure', { token, body: { password: PASSWORD } });
    const link = tokenIn((await product.mails(email, 2)).at(-1));
    const undone = await product.call('POST', '/api/v1/me/closure/undo', { body: { token: link } });
    await product.stack.killFunctions();
    await product.stack.restartFunctions();
    expect(undone.status).toBe(204);
    await clock.moveBy(8 * DAY);
    await runTimer('advance-rights-requests');
    expect((await product.signIn(email)).status).toBe(200);
  });
});
