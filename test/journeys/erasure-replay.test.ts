import { beforeAll, describe, expect, it } from 'vitest';
import type { containerIds } from '../../shared/platform/cosmos/containers.ts';
import type { Document } from '../../shared/platform/cosmos/document-store.ts';
import { type Composed, composedOn } from '../support/composition.ts';
import { movingClock } from '../support/moving-clock.ts';
import { PASSWORD, tokenIn, useProduct } from '../support/product.ts';
import { tracesOf, type WholePerson, wholePerson } from '../support/whole-person.ts';

const product = useProduct();
const clock = movingClock(product);
const DAY = 86_400_000;
let composed: Composed;

/** What the containers hold, as a backup would. */
async function backup() {
  const saved: { container: (typeof containerIds)[number]; document: Document & Record<string, unknown> }[] = [];
  for (const container of ['accounts', 'logins', 'runtime'] as const) {
    const { items } = await composed.platform.database[container].query<Document & Record<string, unknown>>({
      text: 'SELECT * FROM c',
      limit: 1_000,
    });
    for (const document of items) saved.push({ container, document });
  }
  return async function restore(): Promise<void> {
    for (const { container, document } of saved) {
      const partition = String(container === 'accounts' ? document.accountId : document.id);
      await composed.platform.database[container].upsert(partition, document);
    }
  };
}

describe('G3 a restored backup brings nobody back', () => {
  let erased: WholePerson;
  let staying: WholePerson;
  let restore: () => Promise<void>;
  const since = new Date();

  beforeAll(async () => {
    composed = composedOn(product.stack, clock);
    erased = await wholePerson(composed, 'erased@partner.example');
    staying = await wholePerson(composed, 'stays@partner.example');
    restore = await backup();
    const found = await composed.accounts.store.accountWithCredential(erased.accountId);
    if (found) await composed.personalData.closures.closeUnused(found, clock.now());
    await composed.runTimer('advance-rights-requests');
    expect(await tracesOf(composed, erased)).toEqual([]);
  });

  it('the ledger knows whom it erased, and only operators, the DPO and auditors may read it', async () => {
    const read = async (role: string) =>
      product.call('GET', '/api/v1/desk/erasure-ledger', { token: await product.staffToken(role) });
    expect((await read('support')).status).toBe(403);
    const { body } = await read('auditor');
    expect(body.items).toHaveLength(1);
    expect(JSON.stringify(body)).not.toContain(erased.accountId);
  });

  it('the replay finds who came back and erases them again, and leaves the others alone', async () => {
    await clock.moveBy(2 * DAY);
    await restore();
    expect((await tracesOf(composed, erased)).length).toBeGreaterThan(5);
    const token = await product.staffToken('operator');
    const begun = await product.call('POST', '/api/v1/desk/erasure-ledger/replay', {
      token,
      body: { since: since.toISOString() },
    });
    expect(begun).toMatchObject({ status: 202, body: { found: 0 } });
    const path = `/api/v1/desk/erasure-ledger/replays/${begun.body.id}`;
    for (let rounds = 0; rounds < 20; rounds += 1) {
      if ((await product.call('GET', path, { token })).body.finishedAt) break;
      await new Promise((resume) => setTimeout(resume, 50));
    }
    expect((await product.call('GET', path, { token })).body).toMatchObject({ found: 1, examined: 4 });
    const { headers } = await product.call('GET', path, { token });
    const unchanged = { 'if-none-match': headers.get('etag') ?? '' };
    expect((await product.call('GET', path, { token, headers: unchanged })).status).toBe(304);
    await composed.runTimer('advance-rights-requests');
    expect(await tracesOf(composed, erased)).toEqual([]);
    expect((await composed.accounts.store.account(staying.accountId))?.status).toBe('active');
    expect((await product.call('GET', `${path.slice(0, -3)}abc`, { token })).status).toBe(404);
  });

  it('whoever registers anew with the same address is not erased by a replay', async () => {
    await product.call('POST', '/api/v1/accounts', { body: product.registration(erased.email) });
    const token = tokenIn(await product.mail(erased.email, 'Confirmez votre adresse'));
    expect((await product.call('POST', '/api/v1/accounts/verify', { body: { token } })).status).toBe(204);
    await product.call('POST', '/api/v1/desk/erasure-ledger/replay', {
      token: await product.staffToken('dpo'),
      body: { since: since.toISOString() },
    });
    await composed.runTimer('advance-rights-requests');
    await composed.runTimer('advance-rights-requests');
    expect((await product.signIn(erased.email, { password: PASSWORD })).status).toBe(200);
  });
});
