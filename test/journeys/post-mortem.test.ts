import { createHash } from 'node:crypto';
import { beforeAll, describe, expect, it } from 'vitest';
import { useProduct } from '../support/product.ts';
import { grant, moveClock, staffMember } from '../support/staff.ts';

const product = useProduct();
const path = '/api/v1/me/post-mortem-directives';
const designee = { givenName: 'Ana', familyName: 'Łuk', email: 'ana@family.example' };
const directives = {
  kind: 'particular',
  wishes: [
    { scope: 'form-drafts', action: 'communicate', to: 'Ana Łuk' },
    { scope: 'account', action: 'erase' },
  ],
  designee,
  consent: true,
};
let dpo: string;

async function someone(email: string) {
  await product.person(email);
  const token = (await product.signIn(email)).body.accessToken as string;
  const id = (await product.call('GET', '/api/v1/me', { token })).body.id as string;
  return { email, token, id };
}
const record = (token: string, body: object, headers: Record<string, string> = {}) =>
  product.call('PUT', path, { token, body, headers });
const report = (more: object, token = dpo) =>
  product.call('POST', '/api/v1/desk/death-notices', {
    token,
    body: {
      reportedBy: { name: 'Ana Łuk', email: designee.email, relation: 'designee' },
      evidence: 'Acte de décès n° 12, mairie de Gennevilliers ; vu en original.',
      requestedAction: 'erase',
      ...more,
    },
  });
const decide = (id: string, step: 'execute' | 'dismiss', body: object) =>
  product.call('POST', `/api/v1/desk/death-notices/${id}/${step}`, { token: dpo, body });
const notice = async (id: string) =>
  (await product.call('GET', `/api/v1/desk/death-notices/${id}`, { token: await staffMember(product, 'dpo-1', 'dpo') }))
    .body;

async function eventually<T>(look: () => Promise<T>, isThere: (found: T) => boolean): Promise<T> {
  for (let tried = 0; tried < 100; tried += 1) {
    const found = await look();
    if (isThere(found)) return found;
    await new Promise((resume) => setTimeout(resume, 50));
  }
  return look();
}

beforeAll(async () => {
  dpo = await staffMember(product, 'dpo-1', 'dpo');
});

describe('G7 directives on what becomes of the data after death', () => {
  it('are recorded with their own consent, changed by the version seen, revoked, and every version is kept', async () => {
    const { token, email } = await someone('author@partner.example');
    expect((await product.call('GET', path, { token })).body.code).toBe('not-found');
    expect((await product.call('DELETE', path, { token })).body.code).toBe('not-found');
    const { consent: _, ...silent } = directives;
    const refused = await record(token, silent);
    expect(refused).toMatchObject({ status: 422, body: { code: 'unprocessable', errors: [{ path: 'consent' }] } });
    expect((await record(token, { ...directives, consent: false })).status).toBe(422);
    expect((await record(token, { ...directives, wishes: [] })).status).toBe(400);
    expect((await record(token, { ...directives, wishes: [{ scope: 'x', action: 'sell' }] })).status).toBe(400);

    const created = await record(token, directives);
    expect(created).toMatchObject({ status: 201, body: { ...directives, version: 1 } });
    const seen = await product.call('GET', path, { token });
    expect(seen.body).toEqual(created.body);
    const unchanged = { 'if-none-match': seen.headers.get('etag') ?? '' };
    expect((await product.call('GET', path, { token, headers: unchanged })).status).toBe(304);
    expect((await record(token, directives)).body.code).toBe('precondition-required');
    const changed = { ...directives, kind: 'general', wishes: [{ scope: 'all', action: 'erase' }] };
    const headers = { 'if-match': seen.headers.get('etag') ?? '' };
    expect(await record(token, changed, headers)).toMatchObject({ status: 200, body: { version: 2 } });
    expect((await record(token, changed, headers)).body.code).toBe('precondition-failed');
    expect((await product.call('DELETE', path, { token })).status).toBe(204);
    expect((await product.call('GET', path, { token })).status).toBe(404);
    expect(await record(token, directives)).toMatchObject({ status: 201, body: { version: 4 } });

    const { body: history } = await product.call('GET', `${path}/history`, { token });
    expect(history.items.map(({ version, act }: { version: number; act: string }) => [version, act])).toEqual([
      [4, 'recorded'],
      [3, 'revoked'],
      [2, 'recorded'],
      [1, 'recorded'],
    ]);
    const subjects = (await product.mails(email, 5)).map(({ subject }) => subject);
    expect(subjects.filter((subject) => subject.includes('irectives'))).toHaveLength(4);
  });

  it('two changes at once: one of them is told', async () => {
    const { token } = await someone('twice@partner.example');
    const both = await Promise.all([1, 2].map(() => record(token, directives, { 'if-none-match': '*' })));
    expect(both.map(({ status }) => status).toSorted()).toEqual([201, 412]);
  });

  it('are shown to staff with a habilitation for them only, and to nobody else', async () => {
    const { token, id } = await someone('shown@partner.example');
    await record(token, directives);
    await grant(product, 'dpo-1', ['directives'], ['rights-requests']);
    const { body } = await product.call('GET', `/api/v1/desk/accounts/${id}?reason=dossier`, { token: dpo });
    expect(JSON.stringify(body.categories.directives)).toContain('form-drafts');
    const { token: stranger } = await someone('stranger@partner.example');
    expect((await product.call('GET', path, { token: stranger })).status).toBe(404);
  });
});

describe('G7 a death is reported to the desk', () => {
  it('puts the account on hold at once and shows the directives to whoever they designate', async () => {
    const { token, id, email } = await someone('deceased@partner.example');
    await record(token, directives);
    const reported = await report({ email });
    expect(reported).toMatchObject({
      status: 201,
      body: {
        status: 'open',
        accountId: id,
        standing: 'directives',
        designeeMatches: true,
        directives: { wishes: directives.wishes },
        allowedActions: ['close', 'erase', 'communicate', 'keep'],
      },
    });
    expect((await product.call('GET', '/api/v1/me', { token })).status).toBe(401);
    expect((await product.mails(email, 3)).map(({ subject }) => subject)).toContain('Votre espace est suspendu');
    expect((await product.mails(designee.email))[0]?.text).toContain('condoléances');
    await grant(product, 'support-7', ['identity'], ['support']);
    const support = await staffMember(product, 'support-7', 'support');
    expect((await product.call('GET', `/api/v1/desk/accounts/${id}?reason=ticket`, { token: support })).body.code).toBe(
      'processing-restricted',
    );
  });

  it('an erasure that the directives wish is carried out, proved, and told', async () => {
    const { token, id, email } = await someone('erased@partner.example');
    await record(token, directives);
    const { body } = await report({ accountId: id });
    const decided = await decide(body.id, 'execute', { action: 'erase', reason: 'Directives, article 85' });
    expect(decided).toMatchObject({ status: 200, body: { decision: { action: 'erase', by: 'dpo-1' } } });
    const done = await eventually(
      () => notice(body.id),
      ({ status }) => status === 'executed',
    );
    expect(done).toMatchObject({ status: 'executed', allowedActions: [] });
    expect(done.kept.map(({ source }: { source: string }) => source)).toContain('death-notices');
    expect((await product.signIn(email)).status).toBe(401);
    expect((await report({ email })).body.code).toBe('not-found');
    expect((await decide(body.id, 'execute', { action: 'keep', reason: 'x' })).body.code).toBe('conflict');
    expect((await decide(body.id, 'dismiss', { reason: 'x' })).body.code).toBe('conflict');
  });

  it('heirs without directives can have the space closed, erased after seven days, and nothing erased at once', async () => {
    const { id, email } = await someone('closed@partner.example');
    const heir = { name: 'Luc', email: 'luc@family.example', relation: 'heir' };
    const { body } = await report({ accountId: id, reportedBy: heir, requestedAction: 'erase' });
    expect(body).toMatchObject({ standing: 'heirs', allowedActions: ['close', 'communicate', 'keep'] });
    expect(body).not.toHaveProperty('directives');
    expect((await decide(body.id, 'execute', { action: 'erase', reason: 'x' })).body.code).toBe('conflict');
    expect((await decide(body.id, 'execute', { action: 'close', reason: 'Succession' })).body.status).toBe('executing');
    await moveClock(product, { days: 6 });
    await product.control('POST', '/timers/advance-rights-requests');
    expect((await notice(body.id)).status).toBe('executing');
    await moveClock(product, { days: 2 });
    await product.control('POST', '/timers/advance-rights-requests');
    expect((await notice(body.id)).status).toBe('executed');
    expect((await product.signIn(email)).status).toBe(401);
    dpo = await staffMember(product, 'dpo-1', 'dpo');
  });

  it('data that the directives wish to be handed over are put together for the desk to give', async () => {
    const { token, id } = await someone('handed@partner.example');
    await product.call('PUT', '/api/v1/me/form-drafts/claim', { token, body: { fields: { plaque: 'AB-123-CD' } } });
    await record(token, directives);
    const { body } = await report({ accountId: id, requestedAction: 'communicate' });
    const path = `/api/v1/desk/death-notices/${body.id}/package`;
    expect((await product.call('GET', path, { token: dpo })).body.code).toBe('not-found');
    const decision = { action: 'communicate', reason: 'Directives', categories: ['form-drafts'] };
    expect((await decide(body.id, 'execute', decision)).status).toBe(200);
    const done = await eventually(
      () => notice(body.id),
      ({ status }) => status === 'executed',
    );
    expect(done.package).toMatchObject({ size: expect.any(Number), sha256: expect.stringMatching(/^[0-9a-f]{64}$/) });
    await grant(product, 'dpo-1', ['account'], ['rights-requests']);
    expect((await product.call('GET', path, { token: dpo })).body.code).toBe('forbidden');
    await grant(product, 'dpo-1', ['form-drafts'], ['rights-requests']);
    expect((await product.call('GET', path, { token: dpo })).status).toBe(200);
    const zip = await fetch(`${product.stack.url}${path}`, { headers: { authorization: `Bearer ${dpo}` } });
    expect(zip.headers.get('content-type')).toBe('application/zip');
    const bytes = Buffer.from(await zip.arrayBuffer());
    expect(createHash('sha256').update(bytes).digest('hex')).toBe(done.package.sha256);
    const names = bytes.toString('latin1');
    expect(names).toContain('data/form-drafts.json');
    expect(names).not.toContain('data/identity.json');
    const written = await eventually(
      async () => (await product.mails(designee.email)).map(({ text }) => text).join(),
      (texts) => texts.includes('sont prêtes'),
    );
    expect(written).toContain('sont prêtes');
    await moveClock(product, { days: 15 });
    dpo = await staffMember(product, 'dpo-1', 'dpo');
    expect((await product.call('GET', path, { token: dpo })).body.code).toBe('gone');
  });

  it('heirs get what is named for settling the estate, and nothing unnamed', async () => {
    const { id } = await someone('estate@partner.example');
    const heir = { name: 'Luc', email: 'luc@family.example', relation: 'heir' };
    const { body } = await report({ accountId: id, reportedBy: heir, requestedAction: 'communicate' });
    const unnamed = await decide(body.id, 'execute', { action: 'communicate', reason: 'Succession' });
    expect(unnamed).toMatchObject({ status: 422, body: { errors: [{ path: 'categories' }] } });
    await product.control('PUT', '/faults', { target: 'blob', rate: 1, status: 503, latencyMs: 0 });
    const named = { action: 'communicate', reason: 'Succession', categories: ['identity'] };
    expect((await decide(body.id, 'execute', named)).body.status).toBe('executing');
    const early = await product.call('GET', `/api/v1/desk/death-notices/${body.id}/package`, { token: dpo });
    expect(early.body.code).toBe('conflict');
    await product.control('DELETE', '/faults');
    await moveClock(product, { hours: 1 });
    await product.control('POST', '/timers/advance-rights-requests');
    expect((await notice(body.id)).status).toBe('executed');
  });

  it('a notice that was wrong is dismissed: the closure is called off, the person told, the hold ended', async () => {
    const { id, email } = await someone('alive@partner.example');
    const heir = { name: 'Luc', email: 'luc@family.example', relation: 'heir' };
    dpo = await staffMember(product, 'dpo-1', 'dpo');
    const { body } = await report({ accountId: id, reportedBy: heir, requestedAction: 'close' });
    await decide(body.id, 'execute', { action: 'close', reason: 'Succession' });
    expect(await decide(body.id, 'dismiss', { reason: 'Homonyme' })).toMatchObject({
      status: 200,
      body: { status: 'dismissed', decision: { action: 'dismiss' } },
    });
    expect((await product.mails(email, 3)).map(({ subject }) => subject)).toContain('Votre espace n’est plus suspendu');
    await moveClock(product, { days: 8 });
    await product.control('POST', '/timers/advance-rights-requests');
    expect((await product.signIn(email)).status).toBe(200);
    await grant(product, 'dpo-1', ['account'], ['rights-requests']);
    dpo = await staffMember(product, 'dpo-1', 'dpo');
    const seen = await product.call('GET', `/api/v1/desk/accounts/${id}?reason=contrôle`, { token: dpo });
    expect(seen.body.restricted).toBe(false);
  });

  it('is recorded once under one idempotency key, however often and whenever it is sent', async () => {
    const { id } = await someone('once@partner.example');
    const send = (more: object, key: string) =>
      product.call('POST', '/api/v1/desk/death-notices', {
        token: dpo,
        headers: { 'idempotency-key': key },
        body: {
          accountId: id,
          reportedBy: { name: 'Luc', email: 'luc@family.example', relation: 'heir' },
          evidence: 'Acte de décès',
          requestedAction: 'close',
          ...more,
        },
      });
    const first = await send({}, 'death-1');
    expect((await send({}, 'death-1')).body.id).toBe(first.body.id);
    expect((await send({ requestedAction: 'erase' }, 'death-1')).body.code).toBe('unprocessable');
    await product.control('PUT', '/faults', { target: 'cosmos', rate: 1, latencyMs: 50 });
    const both = await Promise.all([send({}, 'death-2'), send({}, 'death-2')]);
    await product.control('DELETE', '/faults');
    expect(both.map(({ status }) => status).toSorted()).toEqual([201, 409]);
  });

  it('is for the DPO alone, names one person, and is listed page by page', async () => {
    const { id } = await someone('listed@partner.example');
    expect((await report({ accountId: id, email: 'x@y.example' })).body.code).toBe('invalid-request');
    expect((await report({})).body.code).toBe('invalid-request');
    expect((await report({ accountId: `acc_${'x'.repeat(22)}` })).body.code).toBe('not-found');
    for (const role of ['support', 'habilitation-admin', 'publisher', 'statistician', 'auditor', 'operator']) {
      const token = await staffMember(product, `only-${role}`, role);
      expect((await report({ accountId: id }, token)).status).toBe(403);
    }
    const { body: first } = await report({ accountId: id });
    const list = (query: string) => product.call('GET', `/api/v1/desk/death-notices?${query}`, { token: dpo });
    const page = await list('limit=1');
    expect(page.body.items[0]).toMatchObject({ id: first.id, status: 'open', relation: 'designee' });
    expect((await list(`limit=1&cursor=${page.body.nextCursor}`)).body.items[0].id).not.toBe(first.id);
    expect((await list('status=dismissed')).body.items).toHaveLength(1);
    expect((await product.call('GET', '/api/v1/desk/death-notices/none', { token: dpo })).status).toBe(404);
    const one = `/api/v1/desk/death-notices/${(await list('limit=1')).body.items[0].id}`;
    const read = await product.call('GET', one, { token: dpo });
    const unchanged = { 'if-none-match': read.headers.get('etag') ?? '' };
    expect((await product.call('GET', one, { token: dpo, headers: unchanged })).status).toBe(304);
    expect((await decide('none', 'execute', { action: 'keep', reason: 'x' })).status).toBe(404);
    expect((await decide('none', 'dismiss', { reason: 'x' })).status).toBe(404);
  });
});
