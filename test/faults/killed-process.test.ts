import { describe, expect, it } from 'vitest';
import { type Composed, composedOn } from '../support/composition.ts';
import { movingClock } from '../support/moving-clock.ts';
import { PASSWORD, tokenIn, useProduct } from '../support/product.ts';
import { tracesOf, type WholePerson } from '../support/whole-person.ts';

const product = useProduct();
const clock = movingClock(product);
const MINUTE = 60_000;
const DAY = 86_400_000;

const runTimer = (name: string) => product.control('POST', `/timers/${name}`).catch(() => undefined);

/** A person closes the space; seven days later the functions process is killed `afterMs` into the erasure, and comes back. */
async function erasedThroughAKill(composed: Composed, email: string, afterMs: number) {
  await product.person(email);
  const { accessToken: token } = (await product.signIn(email)).body;
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

  await clock.moveBy(7 * DAY + MINUTE);
  const running = runTimer('advance-rights-requests');
  await new Promise((resume) => setTimeout(resume, afterMs));
  await product.stack.killFunctions();
  await running;
  await product.stack.restartFunctions();

  for (let rounds = 0; rounds < 8; rounds += 1) {
    await runTimer('advance-rights-requests');
    await runTimer('deliver-notifications');
    const traces = await tracesOf(composed, person);
    const mails = (await product.control('GET', `/mail?to=${encodeURIComponent(email)}`)).body.messages;
    const farewells = mails.filter(({ subject: title }: { subject: string }) => title === 'Vos données sont effacées');
    if (traces.length === 0 && farewells.length > 0) {
      return { traces, farewells: new Set(farewells.map(({ text }: { text: string }) => text)).size };
    }
    await clock.moveBy(3 * MINUTE);
  }
  return { traces: await tracesOf(composed, person), farewells: 0 };
}

describe('G10 G3 kill -9 of the functions process in the middle of an erasure', () => {
  it('whenever it comes, the next process completes the erasure and tells the person one thing', async () => {
    const composed = composedOn(product.stack, clock);
    for (const afterMs of [5, 25, 60, 120]) {
      const outcome = await erasedThroughAKill(composed, `killed-after-${afterMs}@partner.example`, afterMs);
      expect({ afterMs, ...outcome }).toEqual({ afterMs, traces: [], farewells: 1 });
    }
  }, 120_000);

  it('G10 an undo that was answered survives the kill, and the space is whole again', async () => {
    const email = 'undone@partner.example';
    await product.person(email);
    const { accessToken: token } = (await product.signIn(email)).body;
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
