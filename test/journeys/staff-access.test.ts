import { beforeAll, describe, expect, it } from 'vitest';
import { useProduct } from '../support/product.ts';
import { grant, moveClock, staffMember } from '../support/staff.ts';

const product = useProduct();
const OID = '7b1f4c52-7a53-4f0e-9a3c-2f6d0b1c9e84';
let admin: string;
let accountId: string;
let person: string;

const inDays = async (days: number) => {
  const now = new Date((await product.control('GET', '/clock')).body.now);
  return new Date(now.getTime() + days * 86_400_000).toISOString().slice(0, 10);
};
const read = (token: string, query: string, id = accountId) =>
  product.call('GET', `/api/v1/desk/accounts/${id}?${query}`, { token });

beforeAll(async () => {
  admin = await staffMember(product, 'admin-1', 'habilitation-admin');
  await product.person('looked-at@partner.example');
  person = (await product.signIn('looked-at@partner.example')).body.accessToken;
  accountId = (await product.call('GET', '/api/v1/me', { token: person })).body.id;
});

describe('C3 habilitations are granted for a time, reviewed, and withdrawn', () => {
  const path = `/api/v1/desk/habilitations/${OID}`;
  const body = { categories: ['identity', 'account'], missions: ['support'] };

  it('are created, read, replaced by the version that was seen, and withdrawn', async () => {
    const created = await product.call('PUT', path, { token: admin, body: { ...body, expiresOn: await inDays(90) } });
    expect(created).toMatchObject({ status: 201, body: { staffId: OID, ...body, grantedBy: 'admin-1' } });
    const seen = await product.call('GET', path, { token: admin });
    expect(seen.headers.get('etag')).toBe(created.headers.get('etag'));

    const unchanged = { 'if-none-match': seen.headers.get('etag') ?? '' };
    expect((await product.call('GET', path, { token: admin, headers: unchanged })).status).toBe(304);
    const narrowed = { ...body, categories: ['identity'], expiresOn: await inDays(20) };
    expect((await product.call('PUT', path, { token: admin, body: narrowed })).body.code).toBe('precondition-required');
    const headers = { 'if-match': seen.headers.get('etag') ?? '' };
    expect(await product.call('PUT', path, { token: admin, headers, body: narrowed })).toMatchObject({
      status: 200,
      body: { categories: ['identity'] },
    });
    expect((await product.call('PUT', path, { token: admin, headers, body: narrowed })).body.code).toBe(
      'precondition-failed',
    );
    expect((await product.call('GET', '/api/v1/desk/habilitations', { token: admin })).body.items).toEqual([
      expect.objectContaining({ staffId: OID, state: 'ends-soon', endsSoon: true, unused: true }),
    ]);
    expect((await product.call('DELETE', path, { token: admin })).status).toBe(204);
    expect((await product.call('DELETE', path, { token: admin })).body.code).toBe('not-found');
    expect((await product.call('GET', path, { token: admin })).body.code).toBe('not-found');
  });

  it('last a year at the most, begin not in the past, and name only what exists', async () => {
    const put = async (changed: object) =>
      (await product.call('PUT', path, { token: admin, body: { ...body, expiresOn: await inDays(30), ...changed } }))
        .body.code;
    expect(await put({ expiresOn: await inDays(370) })).toBe('unprocessable');
    expect(await put({ expiresOn: await inDays(-2) })).toBe('unprocessable');
    expect(await put({ categories: ['shoe-size'] })).toBe('invalid-request');
    expect(await put({ missions: ['curiosity'] })).toBe('invalid-request');
    expect(await put({ categories: [] })).toBe('invalid-request');
    expect(await put({ note: 'x' })).toBe('invalid-request');
    const odd = await product.call('PUT', '/api/v1/desk/habilitations/a%2Fb', { token: admin, body });
    expect(odd.body.code).toBe('invalid-request');
  });

  it('are never granted to oneself', async () => {
    const { status, body: refused } = await product.call('PUT', '/api/v1/desk/habilitations/admin-1', {
      token: admin,
      headers: { 'accept-language': 'en' },
      body: { ...body, expiresOn: await inDays(30) },
    });
    expect({ status, code: refused.code }).toEqual({ status: 403, code: 'forbidden' });
    expect(refused.detail).toContain('themselves');
  });

  it('are for the administrator of habilitations alone', async () => {
    for (const role of ['dpo', 'support', 'publisher', 'statistician', 'auditor', 'operator']) {
      const token = await staffMember(product, `only-${role}`, role);
      expect((await product.call('GET', '/api/v1/desk/habilitations', { token })).status).toBe(403);
      expect((await product.call('DELETE', path, { token })).status).toBe(403);
    }
  });

  it('are listed page by page', async () => {
    for (const name of ['p-1', 'p-2', 'p-3']) await grant(product, name, ['account'], ['support']);
    const seen: string[] = [];
    let cursor = '';
    do {
      const { body: page } = await product.call('GET', `/api/v1/desk/habilitations?limit=2${cursor}`, { token: admin });
      seen.push(...page.items.map(({ staffId }: { staffId: string }) => staffId));
      cursor = page.nextCursor ? `&cursor=${page.nextCursor}` : '';
    } while (cursor);
    expect(seen).toEqual(['p-1', 'p-2', 'p-3']);
    expect((await product.call('GET', '/api/v1/desk/habilitations?cursor=x', { token: admin })).status).toBe(400);
  });
});

describe('C3 staff see what their habilitation covers, for a reason, on record', () => {
  let support: string;
  beforeAll(async () => {
    support = await staffMember(product, 'support-1', 'support');
    await grant(product, 'support-1', ['identity', 'account'], ['support']);
  });

  it('shows the granted categories only, and names the others', async () => {
    const { status, body } = await read(support, 'categories=account,sessions&reason=ticket+17');
    expect(status).toBe(200);
    expect(body).toMatchObject({ id: accountId, mission: 'support', restricted: false });
    expect(Object.keys(body.categories)).toEqual(['account']);
    expect(body.refusedCategories).toEqual(['sessions']);
    expect((await read(support, 'reason=ticket+17')).body.refusedCategories).toEqual([]);
  });

  it('shows nothing without a reason, a habilitation, the mission, or the role', async () => {
    expect((await read(support, 'categories=account')).body.code).toBe('invalid-request');
    expect((await read(support, 'categories=account&reason=%20')).body.code).toBe('invalid-request');
    expect((await read(support, 'categories=shoe-size&reason=x')).body.code).toBe('invalid-request');
    expect((await read(support, 'categories=sessions&reason=x')).body.code).toBe('forbidden');
    expect((await read(support, 'categories=account&reason=x&mission=litigation')).body.code).toBe('forbidden');
    expect((await read(await staffMember(product, 'dpo-1', 'dpo'), 'reason=x')).body.code).toBe('forbidden');
    expect((await read(await staffMember(product, 'support-1', 'auditor'), 'reason=x')).body.code).toBe('forbidden');
    expect((await read(support, 'reason=x', `acc_${'x'.repeat(22)}`)).body.code).toBe('not-found');
    expect((await read(support, 'reason=x', 'nobody')).body.code).toBe('not-found');
  });

  it('finds an account by its e-mail, however it is written', async () => {
    const find = (email: string) =>
      product.call('GET', `/api/v1/desk/accounts?email=${encodeURIComponent(email)}&reason=call`, { token: support });
    const found = await find('Looked-At@partner.example');
    expect(found).toMatchObject({ status: 200, body: { items: [{ id: accountId, refusedCategories: ['contact'] }] } });
    expect((await find('nobody@partner.example')).body).toEqual({ items: [] });
    expect((await find('not an e-mail')).status).toBe(400);
  });

  it('takes a leaver’s rights away at the next request', async () => {
    const leaver = await staffMember(product, 'leaver-1', 'support');
    await grant(product, 'leaver-1', ['account'], ['support']);
    expect((await read(leaver, 'reason=x')).status).toBe(200);
    await product.call('DELETE', '/api/v1/desk/habilitations/leaver-1', { token: admin });
    expect((await read(leaver, 'reason=x')).status).toBe(403);
  });

  it('tells the person when, in which role and for what, and never who', async () => {
    const { body } = await product.call('GET', '/api/v1/me/access-log', { token: person });
    expect(body.items[0]).toEqual({
      at: expect.any(String),
      action: 'account-read',
      role: 'support',
      mission: 'support',
      categories: ['account'],
    });
    expect(JSON.stringify(body)).not.toMatch(/leaver-1|support-1|ticket/);
    const first = await product.call('GET', '/api/v1/me/access-log?limit=1', { token: person });
    const second = await product.call('GET', `/api/v1/me/access-log?limit=1&cursor=${first.body.nextCursor}`, {
      token: person,
    });
    expect(second.body.items[0]).toEqual(body.items[1]);
  });

  it('leaves every look, every refusal and every grant on record', async () => {
    const auditor = await staffMember(product, 'auditor-1', 'auditor');
    const query = (filter: string) => product.call('GET', `/api/v1/desk/audit?${filter}`, { token: auditor });
    const { body } = await query(`subject=${accountId}&actor=support-1`);
    expect(body.items.length).toBeGreaterThan(3);
    expect(body.items).toContainEqual(
      expect.objectContaining({
        actor: { kind: 'staff', id: 'support-1', roles: ['support'] },
        action: 'account-read',
        categories: ['account'],
        mission: 'support',
        reason: 'ticket 17',
        outcome: 'allowed',
      }),
    );
    expect(body.items).toContainEqual(expect.objectContaining({ mission: 'litigation', outcome: 'refused' }));
    expect(JSON.stringify(body)).not.toContain(accountId);
    const times = body.items.map(({ at }: { at: string }) => at);
    expect(times).toEqual(times.toSorted().reverse());
    expect((await query('actor=admin-1')).body.items).toContainEqual(
      expect.objectContaining({ action: 'habilitation-withdrawn', resource: 'leaver-1' }),
    );
    // The look at the log is in the log.
    expect((await query('actor=auditor-1&limit=1')).body.items[0]).toMatchObject({ action: 'audit-read' });
    expect((await query(`to=${await inDays(-1)}`)).body.items).toEqual([]);
    expect((await query('from=soon')).body.code).toBe('invalid-request');
    for (const role of ['support', 'habilitation-admin', 'publisher', 'statistician', 'operator']) {
      const token = await staffMember(product, `only-${role}`, role);
      expect((await product.call('GET', '/api/v1/desk/audit', { token })).status).toBe(403);
      expect((await product.call('GET', '/api/v1/desk/audit/verify', { token })).status).toBe(403);
    }
  });

  it('pages through the log without losing or repeating an entry', async () => {
    const auditor = await staffMember(product, 'auditor-2', 'auditor');
    const all = (await product.call('GET', '/api/v1/desk/audit?actor=support-1', { token: auditor })).body.items;
    const seen: string[] = [];
    let cursor = '';
    do {
      const path = `/api/v1/desk/audit?actor=support-1&limit=3${cursor}`;
      const { body: page } = await product.call('GET', path, { token: auditor });
      seen.push(...page.items.map(({ id }: { id: string }) => id));
      cursor = page.nextCursor ? `&cursor=${page.nextCursor}` : '';
    } while (cursor);
    expect(seen).toEqual(all.map(({ id }: { id: string }) => id));
  });

  it('shows nothing when the entry cannot be stored', async () => {
    await product.control('PUT', '/faults', { target: 'cosmos', rate: 1, status: 503, latencyMs: 0 });
    const answer = await read(support, 'reason=x');
    await product.control('DELETE', '/faults');
    expect({ status: answer.status, code: answer.body.code }).toEqual({ status: 503, code: 'service-unavailable' });
  });

  it('ends with the day that was named', async () => {
    await product.call('PUT', '/api/v1/desk/habilitations/today-1', {
      token: admin,
      body: { categories: ['account'], missions: ['support'], expiresOn: await inDays(3) },
    });
    const member = async () => staffMember(product, 'today-1', 'support');
    expect((await read(await member(), 'reason=x')).status).toBe(200);
    await moveClock(product, { days: 5 });
    expect((await read(await member(), 'reason=x')).status).toBe(403);
  });
});
