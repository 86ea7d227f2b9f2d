import { beforeEach, describe, expect, it } from 'vitest';
import { casesOf } from '../support/cases.ts';
import { pdf } from '../support/identity-documents.ts';
import { useProduct } from '../support/product.ts';

const product = useProduct();
const cases = casesOf(product);
let dpo: string;

const letter = (receivedOn: string, more: object = {}) => ({
  type: 'erasure',
  channel: 'post',
  receivedOn,
  contact: { givenName: 'Ana', familyName: 'Costa' },
  ...more,
});

/** Moves the clock; staff tokens are of their own time. */
async function at(instant: string) {
  await cases.moveClock(instant);
  dpo = await product.staffToken('dpo');
}

beforeEach(() => at('2026-12-01T09:00:00.000Z'));

/** The reminders that the DPO got of a case, oldest first. */
async function reminders(reference: string): Promise<readonly string[]> {
  const { body } = await product.control('GET', '/mail?to=dpo%40extranet.example');
  return body.messages
    .map(({ subject }: { subject: string }) => subject)
    .filter((subject: string) => subject.startsWith(`Dossier ${reference}`));
}

describe('G9 the legal clock', () => {
  it.each([
    ['2026-11-25', '2026-12-28T22:59:59.999Z'],
    ['2026-12-31', '2027-02-01T22:59:59.999Z'],
    ['2027-01-31', '2027-03-01T22:59:59.999Z'],
    ['2027-02-28', '2027-03-30T21:59:59.999Z'],
  ])('a letter of %s is to be answered by %s', async (receivedOn, dueAt) => {
    await at('2027-03-01T09:00:00.000Z');
    expect((await cases.record(dpo, letter(receivedOn))).body.dueAt).toBe(dueAt);
  });

  it('a day is a day in Paris: late in the evening in UTC it is the next', async () => {
    await at('2026-11-24T23:30:00.000Z');
    const { body } = await cases.record(dpo, letter('2026-11-25'));
    expect(body.receivedOn).toBe('2026-11-25');
    expect(body.receivedAt).toMatch(/^2026-11-24T23:30:/);
    expect(body.dueAt).toBe('2026-12-28T22:59:59.999Z');
  });

  it('is extended once, inside the first month, with a reason that the person is told', async () => {
    await at('2027-02-01T09:00:00.000Z');
    const contact = { givenName: 'Ana', familyName: 'Costa', email: 'ana@partner.example' };
    const { body } = await cases.record(dpo, letter('2027-01-31', { contact }));
    expect((await cases.act(dpo, body.id, 'extend', { reason: 'Complexe', months: 3 })).status).toBe(400);
    const extended = await cases.act(dpo, body.id, 'extend', { reason: 'Plus de mille dossiers à lire' });
    expect(extended.body).toMatchObject({ dueAt: body.dueAt, extendedDueAt: '2027-04-28T21:59:59.999Z' });
    expect((await cases.act(dpo, body.id, 'extend', { reason: 'Encore' })).status).toBe(409);
    const [, told] = await product.mails('ana@partner.example', 2);
    expect(told?.text).toContain('> Plus de mille dossiers');
    expect(told?.text).toContain('28 avril 2027');
    const late = await cases.record(dpo, letter('2027-01-31'));
    await at('2027-03-02T09:00:00.000Z');
    expect((await cases.act(dpo, late.body.id, 'extend', { reason: 'Trop tard' })).status).toBe(409);
  });

  it('stands still while identity is awaited; both deadlines are kept', async () => {
    const contact = { givenName: 'Ana', familyName: 'Costa', email: 'still@partner.example' };
    const { body } = await cases.record(dpo, letter('2026-11-25', { contact }));
    const [received] = await product.mails('still@partner.example');
    const headers = { 'x-tracking-code': /^[\w-]{43}$/m.exec(received?.text ?? '')?.[0] ?? '' };
    const asked = await cases.act(dpo, body.id, 'request-identity', { reason: 'Signature différente' });
    expect(asked.body).toMatchObject({ dueAt: body.dueAt, suspendedDueAt: body.dueAt });
    await at('2026-12-11T09:00:00.000Z');
    expect((await cases.upload(body.id, pdf(), headers)).status).toBe(201);
    const supplied = await cases.detail(dpo, body.id);
    expect(supplied.body).toMatchObject({ dueAt: body.dueAt, suspendedDueAt: '2027-01-07T22:59:59.999Z' });
    await at('2026-12-30T09:00:00.000Z');
    const overdue = await product.call('GET', '/api/v1/desk/rights-requests?overdue=true', { token: dpo });
    expect(overdue.body.items.map(({ id }: { id: string }) => id)).not.toContain(body.id);
    await at('2027-01-08T09:00:00.000Z');
    const late = await product.call('GET', '/api/v1/desk/rights-requests?overdue=true', { token: dpo });
    expect(late.body.items.map(({ id }: { id: string }) => id)).toContain(body.id);
  });

  it('the desk is reminded at half time, seven and two days before, and told once when it is overdue', async () => {
    const { body } = await cases.record(dpo, letter('2026-12-01'));
    expect(body.dueAt).toBe('2027-01-04T22:59:59.999Z');
    const days = {
      '2026-12-10T09:00:00.000Z': 0,
      '2026-12-19T09:00:00.000Z': 1,
      '2026-12-28T09:00:00.000Z': 1,
      '2026-12-29T09:00:00.000Z': 2,
      '2027-01-03T09:00:00.000Z': 3,
      '2027-01-05T09:00:00.000Z': 4,
      '2027-01-06T09:00:00.000Z': 4,
    };
    for (const [day, count] of Object.entries(days)) {
      await at(day);
      await Promise.all([cases.advance(), cases.advance()]);
      await product.control('POST', '/timers/deliver-notifications');
      expect({ day, reminders: (await reminders(body.reference)).length }).toEqual({ day, reminders: count });
    }
    expect((await reminders(body.reference)).at(-1)).toContain('dépassé');
    const { body: detail } = await cases.detail(dpo, body.id);
    expect(detail.overdueSince).toBe(body.dueAt);
    expect(detail.history.filter(({ action }: { action: string }) => action === 'overdue')).toHaveLength(1);
    const dashboard = await product.call('GET', '/api/v1/desk/dashboard', { token: dpo });
    expect(dashboard.body.overdue).toBeGreaterThan(0);
  });

  it('of a letter that lay about only the last reminder is sent', async () => {
    await at('2026-12-27T09:00:00.000Z');
    const { body } = await cases.record(dpo, letter('2026-11-25'));
    await cases.advance();
    await product.control('POST', '/timers/deliver-notifications');
    expect(await reminders(body.reference)).toEqual([`Dossier ${body.reference} : il reste deux jours`]);
  });

  it('a deadline in the table is the same on every day (it is stored, never computed from days left)', async () => {
    const { body } = await cases.record(dpo, letter('2026-11-30'));
    const row = async () =>
      String((await product.call('GET', '/api/v1/desk/rights-requests.csv', { token: dpo })).body)
        .split('\r\n')
        .find((line) => line.startsWith(body.id));
    const before = await row();
    await at('2026-12-20T09:00:00.000Z');
    expect(await row()).toBe(before);
    expect(before).toContain(body.dueAt);
  });
});
