import { describe, expect, it } from 'vitest';
import { useProduct } from '../support/product.ts';

const product = useProduct();
const path = '/api/v1/desk/breaches';
const HOUR = 3_600_000;

/** Calls as the DPO, with a token of this instant: the clock moves by days. */
const desk = async (method: string, at: string, call: { body?: object; headers?: Record<string, string> } = {}) =>
  product.call(method, at, { ...call, token: await product.staffToken('dpo') });
const now = async () => new Date((await product.control('GET', '/clock')).body.now).getTime();
const setClock = (at: number) => product.control('PUT', '/clock', { now: new Date(at).toISOString() });
const facts = {
  nature: 'Confidentialité : un export a été envoyé au mauvais destinataire',
  categories: ['identity', 'contact'],
  approximatePeople: 120,
  approximateRecords: 240,
  consequences: 'Hameçonnage ciblé',
  measures: 'Export rappelé, accès retiré',
  highRisk: true,
};

async function recorded(awareAt: number, more: object = {}) {
  const body = { awareAt: new Date(awareAt).toISOString(), ...facts, ...more };
  return desk('POST', path, { body });
}

/** The breach as it stands, and a way to change exactly that version. */
async function open(id: string) {
  const { body, headers } = await desk('GET', `${path}/${id}`);
  const patch = (change: object) =>
    desk('PATCH', `${path}/${id}`, { body: change, headers: { 'if-match': headers.get('etag') ?? '' } });
  return { body, patch };
}

describe('F1 every breach is in the register', () => {
  it('with the hour by which the CNIL must know: 72 hours from awareness, over weekends and clock changes', async () => {
    // Awareness the night before summer time ends: hours are hours.
    await setClock(Date.parse('2026-10-26T09:00:00.000Z'));
    const { status, body } = await recorded(Date.parse('2026-10-24T22:30:00.000Z'));
    expect({ status, notifyBy: body.notifyBy }).toEqual({ status: 201, notifyBy: '2026-10-27T22:30:00.000Z' });
    expect(body).toMatchObject({ ...facts, status: 'open', phases: [{ kind: 'recorded', facts }] });
    expect((await recorded((await now()) + HOUR)).status).toBe(422);
    expect((await desk('GET', path)).body.items[0]).toEqual(body);
  });

  it('is completed in phases, and nothing that was said is lost', async () => {
    const { id } = (await recorded(await now())).body;
    const first = await open(id);
    expect((await first.patch({ awareAt: '2026-01-01T00:00:00.000Z' })).status).toBe(400);
    const added = await first.patch({ approximatePeople: 450, note: 'Seconde liste trouvée' });
    expect(added).toMatchObject({ status: 200, body: { approximatePeople: 450, notifyBy: first.body.notifyBy } });
    expect((await first.patch({ approximatePeople: 1 })).status).toBe(412);
    expect((await desk('PATCH', `${path}/${id}`, { body: { note: 'x' } })).status).toBe(428);
    const { body } = await open(id);
    expect(body.phases.map(({ kind }: { kind: string }) => kind)).toEqual(['recorded', 'supplemented']);
    expect(body.phases[0].facts.approximatePeople).toBe(120);
    expect(body.phases[1]).toMatchObject({ facts: { approximatePeople: 450 }, note: 'Seconde liste trouvée' });
  });

  it('a late notification wants its reasons; one in time does not', async () => {
    const aware = await now();
    const inTime = (await recorded(aware)).body.id;
    const late = (await recorded(aware)).body.id;
    await setClock(aware + 71 * HOUR);
    const notifiedAt = new Date(aware + 71 * HOUR).toISOString();
    expect((await (await open(inTime)).patch({ notifiedAt })).body).toMatchObject({ notifiedAt });
    await setClock(aware + 74 * HOUR);
    const lateAt = new Date(aware + 73 * HOUR).toISOString();
    expect((await (await open(late)).patch({ notifiedAt: lateAt })).status).toBe(422);
    const delayReasons = 'Ampleur inconnue jusqu’au troisième jour';
    expect((await (await open(late)).patch({ notifiedAt: lateAt, delayReasons })).body).toMatchObject({ delayReasons });
    expect((await (await open(late)).patch({ notifiedAt: lateAt, delayReasons })).status).toBe(409);
  });

  it('the DPO is reminded a day before the time is over, unless it has been notified', async () => {
    const aware = await now();
    const { id } = (await recorded(aware)).body;
    const done = (await recorded(aware)).body.id;
    await (await open(done)).patch({ notifiedAt: new Date(await now()).toISOString() });
    await setClock(aware + 47 * HOUR);
    await product.control('POST', '/timers/deliver-notifications');
    const reminders = async () =>
      (await product.control('GET', '/mail?to=dpo@extranet.example')).body.messages
        .map(({ subject }: { subject: string }) => subject)
        .filter((subject: string) => subject.includes(id) || subject.includes(done));
    expect(await reminders()).toEqual([]);
    await setClock(aware + 49 * HOUR);
    await product.control('POST', '/timers/deliver-notifications');
    expect(await reminders()).toEqual([`Violation de données à notifier (${id})`]);
  });

  it('is closed once the authority and, at high risk, the people know; then five years run', async () => {
    await product.person('victim@partner.example');
    const { accessToken } = (await product.signIn('victim@partner.example')).body;
    const { accountId } = (await product.call('GET', '/api/v1/auth/session', { token: accessToken })).body;
    const { id } = (await recorded(await now())).body;
    expect((await (await open(id)).patch({ status: 'closed' })).status).toBe(422);
    const notifiedAt = new Date(await now()).toISOString();
    expect((await (await open(id)).patch({ notifiedAt, status: 'closed' })).status).toBe(422);
    await (await open(id)).patch({ notifiedAt });
    const told = await desk('POST', `${path}/${id}/tell-people`, {
      body: {
        audience: { kind: 'accounts', accountIds: [accountId, `acc_${'b'.repeat(22)}`] },
        message: { fr: 'Votre adresse a été vue par un tiers.', en: 'A third party has seen your address.' },
      },
    });
    expect(told).toMatchObject({ status: 202, body: { peopleToldAt: expect.any(String) } });
    await product.control('POST', '/timers/deliver-notifications');
    await product.control('POST', '/timers/deliver-notifications');
    const breachMails = (await product.mails('victim@partner.example')).filter(({ subject }) =>
      subject.startsWith('Violation'),
    );
    expect(breachMails.map(({ text }) => text.includes('> Votre adresse a été vue par un tiers.'))).toEqual([true]);
    const closed = await (await open(id)).patch({ status: 'closed' });
    expect(closed.body.status).toBe('closed');
    expect((await (await open(id)).patch({ note: 'trop tard' })).status).toBe(409);
    const [from, to] = [new Date(closed.body.closedAt), new Date((await open(id)).body.expiresAt)];
    expect(to.getUTCFullYear() - from.getUTCFullYear()).toBe(5);
  });

  it('is a page in the order of the CNIL’s form, with every value as text', async () => {
    const { id } = (await recorded(await now(), { nature: '<script>alert(1)</script>' })).body;
    const page = await desk('GET', `${path}/${id}`, { headers: { accept: 'text/html' } });
    expect(page.headers.get('content-type')).toContain('text/html');
    expect(page.body).toContain('&lt;script&gt;');
    expect(page.body).not.toContain('<script>');
    const headings = [...page.body.matchAll(/<h2>(\d+)\./g)].map(([, number]) => Number(number));
    expect(headings).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
  });

  it('is open to the DPO alone', async () => {
    for (const role of ['support', 'auditor', 'operator'])
      expect((await product.call('GET', path, { token: await product.staffToken(role) })).status).toBe(403);
  });
});
