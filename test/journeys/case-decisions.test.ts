import { beforeAll, describe, expect, it } from 'vitest';
import type { Account } from '../../shared/accounts/index.ts';
import { casesOf } from '../support/cases.ts';
import { useProduct } from '../support/product.ts';
import { storedBy } from '../support/stored.ts';

const product = useProduct();
const cases = casesOf(product);
let dpo: string;

beforeAll(async () => {
  dpo = await cases.staff('dpo-1', 'dpo');
});

/** Somebody signed in, with an account of their own. */
async function signedIn(email: string) {
  await product.person(email);
  const token = (await product.signIn(email)).body.accessToken as string;
  const { body } = await product.call('GET', '/api/v1/me', { token });
  return { email, token, accountId: body.id as string };
}

const accountOf = (accountId: string) => storedBy(product).database.accounts.read<Account>(accountId, 'account');
const actionsOf = (body: { readonly history: readonly { readonly action: string }[] }) =>
  body.history.map(({ action }) => action);

/** Grants a request and has it carried out. */
async function granted(id: string) {
  const approved = await cases.act(dpo, id, 'approve', { note: 'Fondée' });
  expect(approved).toMatchObject({ status: 200, body: { status: 'approved' } });
  await cases.advance();
  return cases.detail(dpo, id);
}

describe('G3 erasure', () => {
  it('is carried out to the end: the account is gone, the person is told, the case keeps no name', async () => {
    const { email, token, accountId } = await signedIn('erased@partner.example');
    await product.call('PUT', '/api/v1/me/form-drafts/claim', { token, body: { fields: { a: 'b' } } });
    const { body: other } = await cases.submit(token, { type: 'access', details: 'Avant de partir' });
    const { body } = await cases.submit(token, { type: 'erasure', details: 'Oubliez Élodie Nguyễn' });
    const done = await granted(body.id);
    expect(done.body).toMatchObject({ status: 'completed', contact: { givenName: '—', familyName: '—' } });
    expect(done.body).not.toHaveProperty('details');
    expect(actionsOf(done.body)).toEqual(['submitted', 'approved', 'execution-begun', 'completed']);
    expect(await accountOf(accountId)).toBeUndefined();
    expect((await product.signIn(email)).status).toBe(401);
    expect((await product.call('GET', '/api/v1/me', { token })).status).toBe(401);
    expect((await product.mail(email, 'effacées')).text).toContain('Demandes d’effacement');

    // The other request of the same person is closed, archived without their name, and gone.
    expect((await cases.detail(dpo, other.id)).status).toBe(404);
    const archive = await product.call('GET', '/api/v1/desk/case-archive', { token: dpo });
    const archived = archive.body.items.find(({ id }: { id: string }) => id === other.id);
    expect(archived).toMatchObject({ status: 'cancelled', type: 'access' });
    expect(JSON.stringify(archive.body)).not.toContain('Nguyễn');
    const { items } = await storedBy(product).database['rights-requests'].query<object>({
      text: 'SELECT * FROM c WHERE c.subject = @subject',
      parameters: { subject: accountId },
    });
    expect(JSON.stringify(items)).not.toMatch(/Nguyễn|erased@partner/);
  });

  it('asked for by letter erases the account of the e-mail it names', async () => {
    const { email, accountId } = await signedIn('letter@partner.example');
    const { body } = await cases.record(dpo, {
      type: 'erasure',
      channel: 'post',
      receivedOn: new Date((await product.control('GET', '/clock')).body.now).toISOString().slice(0, 10),
      contact: { givenName: 'Élodie', familyName: 'Nguyễn', email },
    });
    await cases.act(dpo, body.id, 'identity', { decision: 'verified', method: 'knowledge' });
    expect((await cases.act(dpo, body.id, 'complete', { note: 'fait' })).status).toBe(409);
    expect((await granted(body.id)).body.status).toBe('completed');
    expect(await accountOf(accountId)).toBeUndefined();
    expect((await product.mail(email, 'effacées')).to).toBe(email);
  });

  it('of somebody who has no account is complete too (A2)', async () => {
    const { id, headers } = await cases.confirmed({ type: 'erasure' }, { email: 'nobody@partner.example' });
    expect((await granted(id)).body.status).toBe('completed');
    const seen = await product.call('GET', `/api/v1/rights-requests/${id}`, { headers });
    expect(seen).toMatchObject({ status: 200, body: { status: 'completed' } });
  });
});

describe('G2 rectification', () => {
  it('changes what was proposed, keeps what was there, and lets the person’s own words stand beside it', async () => {
    const { token, accountId } = await signedIn('corrected@partner.example');
    const { body } = await cases.submit(token, {
      type: 'rectification',
      rectifications: [
        { field: 'familyName', value: 'Nguyen-Roux' },
        { field: 'phone', value: '+33 1 02 03 04 05' },
      ],
      statement: 'Mon nom d’usage n’a jamais été Nguyễn.',
    });
    const done = await granted(body.id);
    expect(done.body).toMatchObject({
      status: 'completed',
      applied: [
        { field: 'familyName', before: 'Nguyễn', after: 'Nguyen-Roux' },
        { field: 'phone', before: null, after: '+33 1 02 03 04 05' },
      ],
    });
    expect((await accountOf(accountId))?.profile).toMatchObject({
      familyName: 'Nguyen-Roux',
      phone: '+33 1 02 03 04 05',
    });
    const statement = await storedBy(product).database.accounts.read(accountId, `statement:${body.id}`);
    expect(statement).toMatchObject({
      type: 'supplementary-statement',
      text: 'Mon nom d’usage n’a jamais été Nguyễn.',
    });
  });

  it('of what no profile holds is left to the desk, which completes it', async () => {
    const { token } = await signedIn('elsewhere@partner.example');
    const { body } = await cases.submit(token, {
      type: 'rectification',
      rectifications: [{ field: 'numéro d’agrément', value: '42' }],
    });
    const left = await granted(body.id);
    expect(left.body.status).toBe('executing');
    expect(actionsOf(left.body)).toContain('left-to-the-desk');
    const completed = await cases.act(dpo, body.id, 'complete', { note: 'Corrigé dans le registre des agréments' });
    expect(completed).toMatchObject({ status: 200, body: { status: 'completed' } });
    expect((await product.mail('elsewhere@partner.example', 'a été traitée')).text).toContain(
      '> Corrigé dans le registre',
    );
  });
});

describe('G5 objection', () => {
  it('to prospecting takes effect with the request itself; the rest waits for the decision', async () => {
    const { token, accountId } = await signedIn('objects@partner.example');
    const { body } = await cases.submit(token, { type: 'objection', purposes: ['prospecting', 'D8'] });
    expect(body.status).toBe('in-review');
    expect((await accountOf(accountId))?.objections).toEqual(['prospecting']);
    const done = await granted(body.id);
    expect(done.body.status).toBe('completed');
    expect(actionsOf(done.body)).toContain('took-effect');
    expect((await accountOf(accountId))?.objections).toEqual(['D8', 'prospecting']);
  });
});

describe('G8 withdrawal of consent', () => {
  it('takes effect with the request itself', async () => {
    const { token } = await signedIn('withdraws@partner.example');
    const choice = {
      noticeVersion: '1.0',
      language: 'fr',
      choices: { prospecting: 'granted', personalisation: 'granted' },
      mechanism: 'choose',
    };
    expect((await product.call('POST', '/api/v1/consents', { token, body: choice })).status).toBe(201);
    await cases.submit(token, { type: 'consent-withdrawal', purposes: ['prospecting'] });
    const { body } = await product.call('GET', '/api/v1/consents', { token });
    expect(body.choices).toMatchObject({ prospecting: 'denied', personalisation: 'granted' });
  });
});

describe('G6 restriction', () => {
  it('takes effect with the request itself, and ends only after the person was told', async () => {
    const start = '2026-12-01T09:00:00.000Z';
    await cases.moveClock(start);
    dpo = await cases.staff('dpo-1', 'dpo');
    const { token, accountId, email } = await signedIn('restricted@partner.example');
    const { body } = await cases.submit(token, { type: 'restriction', details: 'Données contestées' });
    expect((await accountOf(accountId))?.restriction).toMatchObject({ requestId: body.id });
    expect((await cases.act(dpo, body.id, 'lift-restriction', { reason: 'Vérifiées' })).status).toBe(409);
    expect((await granted(body.id)).body).toMatchObject({
      status: 'completed',
      restriction: { since: expect.any(String) },
    });

    const lifting = await cases.act(dpo, body.id, 'lift-restriction', { reason: 'Données vérifiées, exactes' });
    expect(lifting.body.restriction.liftAt).toMatch(/^2026-12-04/);
    const told = await product.mail(email, 'va être levée');
    expect(told.text).toContain('> Données vérifiées, exactes');
    await cases.advance();
    expect((await accountOf(accountId))?.restriction).toBeDefined();
    await cases.moveClock('2026-12-04T10:00:00.000Z');
    await cases.advance();
    expect((await accountOf(accountId))?.restriction).toBeUndefined();
    dpo = await cases.staff('dpo-1', 'dpo');
    expect(actionsOf((await cases.detail(dpo, body.id)).body)).toContain('restriction-lifted');
  });

  it('is not lifted while the mail that tells of it cannot be delivered', async () => {
    const { token, accountId, email } = await signedIn('untold@partner.example');
    const { body } = await cases.submit(token, { type: 'restriction' });
    await product.mails(email, 2);
    await product.control('PUT', '/faults', { target: 'mail', rate: 1, status: 451, latencyMs: 0 });
    await cases.act(dpo, body.id, 'reject', { ground: 'not-applicable', reason: 'Rien à limiter' });
    await cases.moveClock('2026-12-08T10:00:00.000Z');
    await cases.advance();
    expect((await accountOf(accountId))?.restriction).toBeDefined();
    await product.control('DELETE', '/faults');
    await cases.moveClock('2026-12-09T10:00:00.000Z');
    await product.control('POST', '/timers/deliver-notifications');
    await cases.moveClock('2026-12-10T10:00:00.000Z');
    await cases.advance();
    expect((await accountOf(accountId))?.restriction).toBeUndefined();
    await cases.moveClock('2026-12-04T10:00:00.000Z');
    dpo = await cases.staff('dpo-1', 'dpo');
  });

  it('asked for and withdrawn again by the person ends at once', async () => {
    const { token, accountId } = await signedIn('changed-mind@partner.example');
    const { body } = await cases.submit(token, { type: 'restriction' });
    await product.call('POST', `/api/v1/rights-requests/${body.id}/cancel`, { token });
    await cases.advance();
    expect((await accountOf(accountId))?.restriction).toBeUndefined();
  });
});

describe('G7 directives by letter, and what else is done by hand', () => {
  it('is approved, done, and completed with a note', async () => {
    const { token } = await signedIn('directives@partner.example');
    const { body } = await cases.submit(token, { type: 'post-mortem', details: 'À ma mort, effacez tout.' });
    const left = await granted(body.id);
    expect(left.body.status).toBe('executing');
    const completed = await cases.act(dpo, body.id, 'complete', { note: 'Enregistrées dans votre espace' });
    expect(completed.body.status).toBe('completed');
  });
});

describe('C3 who works on a case is on record', () => {
  it('every look and every act is in the audit log before the answer; whoever has no role sees nothing', async () => {
    const { token, accountId } = await signedIn('audited@partner.example');
    const { body } = await cases.submit(token, { type: 'access' });
    const support = await cases.staff('support-1', 'support');
    expect((await cases.detail(support, body.id)).status).toBe(200);
    expect((await cases.act(support, body.id, 'notes', { text: 'Rappelé' })).status).toBe(201);
    for (const action of ['approve', 'assign', 'extend', 'messages'])
      expect((await cases.act(support, body.id, action, { text: 'x' })).status).toBe(403);
    for (const role of ['auditor', 'operator', 'publisher', 'statistician', 'habilitation-admin'])
      expect((await cases.detail(await cases.staff(`${role}-1`, role), body.id)).status).toBe(403);
    await cases.act(dpo, body.id, 'assign', {});
    const { body: assigned } = await cases.detail(dpo, body.id);
    expect(assigned).toMatchObject({ assignee: 'dpo-1', notes: [{ staffId: 'support-1', text: 'Rappelé' }] });
    expect((await cases.read(body.id, token)).body).not.toHaveProperty('notes');

    const { items } = await storedBy(product).database.audit.query<{
      resource?: string;
      action: string;
      subject?: string;
    }>({
      text: 'SELECT * FROM c',
      limit: 1_000,
    });
    const mine = items.filter(({ resource }) => resource === body.id);
    expect(mine.map(({ action }) => action)).toEqual(expect.arrayContaining(['case-read', 'case-assigned']));
    expect(mine.every(({ subject }) => subject !== undefined && subject !== accountId)).toBe(true);
  });
});
