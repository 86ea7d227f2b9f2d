import { beforeAll, describe, expect, it } from 'vitest';
import { casesOf } from '../support/cases.ts';
import { useProduct } from '../support/product.ts';

const product = useProduct({ FOUR_EYES_ERASURE: 'on' });
const cases = casesOf(product);
let dpo: string;
const ids: string[] = [];

const list = (query: string) => product.call('GET', `/api/v1/desk/rights-requests?${query}`, { token: dpo });
const idsOf = (body: { readonly items: readonly { readonly id: string }[] }) => body.items.map(({ id }) => id);

beforeAll(async () => {
  await cases.moveClock('2026-12-20T09:00:00.000Z');
  dpo = await cases.staff('dpo-1', 'dpo');
  const people = [
    { givenName: '=cmd|"/c calc"!A1', familyName: 'Formule' },
    { givenName: 'Zoé', familyName: '+33', email: 'zoe@partner.example' },
    { givenName: 'Léa', familyName: 'Martin' },
    { givenName: 'אבי', familyName: 'כהן' },
  ];
  for (const [index, contact] of people.entries()) {
    const type = index % 2 === 0 ? 'access' : 'erasure';
    const receivedOn = `2026-11-${10 + index * 3}`;
    const { body } = await cases.record(dpo, { type, channel: 'post', receivedOn, contact });
    ids.push(body.id);
  }
});

describe('the desk’s list', () => {
  it('is in the order of the deadlines, page by page, without missing or repeating a case', async () => {
    expect(idsOf((await list('')).body)).toEqual(ids);
    expect(idsOf((await list('sort=-dueAt')).body)).toEqual(ids.toReversed());
    expect(idsOf((await list('sort=-receivedAt')).body)).toEqual(ids.toReversed());
    const seen: string[] = [];
    for (let cursor = ''; ; ) {
      const { body } = await list(`limit=1${cursor}`);
      seen.push(...idsOf(body));
      if (!body.nextCursor) break;
      cursor = `&cursor=${encodeURIComponent(body.nextCursor)}`;
    }
    expect(seen).toEqual(ids);
    expect((await list('cursor=forged')).status).toBe(400);
    expect((await list('limit=101')).status).toBe(400);
    expect((await list('colour=red')).status).toBe(400);
  });

  it('finds by status, type, deadline, assignee, and by name, number or e-mail', async () => {
    await cases.act(dpo, ids[2] ?? '', 'assign', { assignee: 'dpo-2' });
    expect(idsOf((await list('assignee=dpo-2')).body)).toEqual([ids[2]]);
    expect(idsOf((await list('type=erasure')).body)).toEqual([ids[1], ids[3]]);
    expect(idsOf((await list('status=in-review,approved')).body)).toEqual(ids);
    expect(idsOf((await list('status=completed')).body)).toEqual([]);
    expect(idsOf((await list('overdue=true')).body)).toEqual(ids.slice(0, 3));
    expect(idsOf((await list('overdue=false')).body)).toEqual([ids[3]]);
    expect(idsOf((await list('q=martin%20lea')).body)).toEqual([ids[2]]);
    expect(idsOf((await list('q=ZOE%40partner')).body)).toEqual([ids[1]]);
    expect(idsOf((await list(`q=${encodeURIComponent('כהן')}`)).body)).toEqual([ids[3]]);
    const { body } = await cases.detail(dpo, ids[3] ?? '');
    expect(idsOf((await list(`q=${body.reference.toLowerCase()}`)).body)).toEqual([ids[3]]);
  });

  it('hides what nobody has confirmed, unless asked for it', async () => {
    const contact = { email: 'spam@partner.example', givenName: 'S', familyName: 'P' };
    const { body } = await cases.submit(undefined, { type: 'access', contact });
    expect(idsOf((await list('')).body)).not.toContain(body.id);
    expect(idsOf((await list('status=awaiting-confirmation')).body)).toEqual([body.id]);
    expect((await cases.act(dpo, body.id, 'approve', {})).status).toBe(409);
  });

  it('as a table starts no formula, and speaks every script', async () => {
    const { headers, body } = await product.call('GET', '/api/v1/desk/rights-requests.csv?type=access', { token: dpo });
    expect(headers.get('content-type')).toBe('text/csv; charset=utf-8');
    expect(headers.get('content-disposition')).toContain('attachment');
    const rows = String(body).trimEnd().split('\r\n');
    expect(rows[0]).toMatch(/id;reference;type;/);
    expect(rows).toHaveLength(3);
    expect(rows[1]).toContain(`"'=cmd|""/c calc""!A1"`);
    const all = await fetch(`${product.stack.url}/api/v1/desk/rights-requests.csv`, {
      headers: { authorization: `Bearer ${dpo}` },
    });
    const bytes = Buffer.from(await all.arrayBuffer());
    expect([...bytes.subarray(0, 3)]).toEqual([0xef, 0xbb, 0xbf]);
    expect(bytes.toString()).toContain("'+33");
    expect(bytes.toString()).toContain('כהן');
  });

  it('counts for the dashboard, which operators see too, without a name', async () => {
    const operator = await cases.staff('operator-1', 'operator');
    const { status, body } = await product.call('GET', '/api/v1/desk/dashboard', { token: operator });
    expect({ status, body }).toEqual({
      status: 200,
      body: {
        open: 4,
        dueSoon: 1,
        overdue: 3,
        byType: expect.objectContaining({ access: 2, erasure: 2, portability: 0 }),
        byStatus: expect.objectContaining({ 'in-review': 4, 'awaiting-confirmation': 1 }),
      },
    });
    expect(
      (await product.call('GET', '/api/v1/desk/dashboard', { token: await cases.staff('s', 'support') })).status,
    ).toBe(403);
    await cases.act(dpo, ids[0] ?? '', 'reject', { ground: 'excessive', reason: 'x' });
    await product.control('POST', '/timers/deliver-notifications');
    const after = await product.call('GET', '/api/v1/desk/dashboard', { token: operator });
    expect(after.body).toMatchObject({ open: 3, medianDays: 40, byStatus: { rejected: 1 } });
  });
});

describe('G3 an erasure that takes two people', () => {
  it('is approved by the second, who must be another', async () => {
    const id = ids[1] ?? '';
    const first = await cases.act(dpo, id, 'approve', { note: 'vue' });
    expect(first).toMatchObject({ status: 200, body: { status: 'in-review', approvals: [{ staffId: 'dpo-1' }] } });
    expect((await cases.act(dpo, id, 'approve', {})).status).toBe(409);
    const second = await cases.act(await cases.staff('dpo-2', 'dpo'), id, 'approve', {});
    expect(second).toMatchObject({ status: 200, body: { status: 'approved' } });
    await cases.advance();
    expect((await cases.detail(dpo, id)).body.status).toBe('completed');
  });

  it('begins anew when what was approved has changed', async () => {
    const id = ids[3] ?? '';
    await cases.act(dpo, id, 'approve', {});
    await cases.act(dpo, id, 'request-identity', { reason: 'Doute' });
    const { body } = await cases.act(dpo, id, 'identity', { decision: 'verified', method: 'in-person' });
    expect(body).not.toHaveProperty('approvals');
    const again = await cases.act(await cases.staff('dpo-2', 'dpo'), id, 'approve', {});
    expect(again.body).toMatchObject({ status: 'in-review', approvals: [{ staffId: 'dpo-2' }] });
  });

  it('other requests take one', async () => {
    expect((await cases.act(dpo, ids[2] ?? '', 'approve', {})).body.status).toBe('approved');
  });
});
