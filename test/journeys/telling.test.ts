import { beforeAll, describe, expect, it } from 'vitest';
import { PASSWORD, useProduct } from '../support/product.ts';

const product = useProduct();
const deliver = () => product.control('POST', '/timers/deliver-notifications');
const everyone = ['agrees@partner.example', 'silent@partner.example', 'topic-off@partner.example'];
const restricted = 'restricted@partner.example';
const closing = 'closing@partner.example';
const rectifying = 'rectifies@partner.example';

const as = async (role: string, method: string, path: string, body: object) =>
  product.call(method, path, { token: await product.staffToken(role), body });
const tokenOf = async (email: string) => (await product.signIn(email)).body.accessToken as string;
const subjects = async (email: string) => (await product.mails(email)).map(({ subject }) => subject);

async function agreeToNews(email: string): Promise<void> {
  const token = await tokenOf(email);
  const { noticeVersion } = (await product.call('GET', '/api/v1/cookies')).body;
  const choices = { 'content-suggestions': 'granted' };
  const body = { noticeVersion, language: 'fr', choices, mechanism: 'banner' };
  expect((await product.call('POST', '/api/v1/consents', { token, body })).status).toBe(201);
}

beforeAll(async () => {
  for (const email of [...everyone, restricted, closing, rectifying]) await product.person(email);
  await agreeToNews('agrees@partner.example');
  await agreeToNews('topic-off@partner.example');
  await agreeToNews(restricted);
  const restriction = await product.call('POST', '/api/v1/rights-requests', {
    token: await tokenOf(restricted),
    body: { type: 'restriction' },
  });
  expect(restriction.status).toBe(201);
  const token = await tokenOf('topic-off@partner.example');
  const preferences = { language: 'en', notifications: { guides: false } };
  await product.call('PUT', '/api/v1/me/preferences', { token, body: preferences });
});

describe('D4 content is pointed out to those who agreed', () => {
  const news = {
    kind: 'news',
    topic: 'guides',
    subject: { fr: 'Nouveau guide du remorquage', en: 'A new towing guide' },
    message: { fr: 'Il vous attend.\nBonne lecture !', en: 'It is ready for you.' },
  };

  it('by consent, and not on a topic that they have turned off; the mail says how to get no more', async () => {
    expect((await as('publisher', 'POST', '/api/v1/desk/announcements', news)).status).toBe(202);
    await deliver();
    await deliver();
    const [mail] = (await product.mails('agrees@partner.example')).filter(({ subject }) => subject.includes('guide'));
    expect(mail?.text).toContain('> Il vous attend.\n> Bonne lecture !');
    expect(mail?.text).toMatch(/\/account\/preferences/);
    for (const email of ['silent@partner.example', 'topic-off@partner.example', restricted])
      expect((await subjects(email)).some((subject) => /guide/.test(subject))).toBe(false);
  });

  it('only publishers announce, and only links into the extranet', async () => {
    expect((await as('dpo', 'POST', '/api/v1/desk/announcements', news)).status).toBe(403);
    const elsewhere = { ...news, link: 'https://elsewhere.example/' };
    expect((await as('publisher', 'POST', '/api/v1/desk/announcements', elsewhere)).status).toBe(422);
  });
});

describe('D5 changes of the services are told to all, under the contract', () => {
  it('whatever they consented to, once each, whatever happens while they are told', async () => {
    const service = {
      kind: 'service',
      topic: 'maintenance',
      subject: { fr: 'Maintenance dimanche', en: 'Maintenance on Sunday' },
      message: { fr: 'L’extranet sera fermé une heure.', en: 'The extranet will be closed for an hour.' },
    };
    await product.control('PUT', '/faults', { target: 'cosmos', rate: 0.15, status: 503 });
    expect((await as('publisher', 'POST', '/api/v1/desk/announcements', service)).status).toBe(202);
    await product.stack.killFunctions();
    await product.stack.restartFunctions();
    await product.control('DELETE', '/faults');
    for (let run = 0; run < 4; run += 1) {
      const { now } = (await product.control('GET', '/clock')).body;
      await product.control('PUT', '/clock', { now: new Date(Date.parse(now) + 150_000).toISOString() });
      await deliver();
    }
    for (const email of everyone) {
      const told = (await subjects(email)).filter((subject) => subject.startsWith('Maintenance'));
      expect({ email, told: told.length }).toEqual({ email, told: 1 });
    }
  });
});

describe('I1 users are told of a new version', () => {
  it('of the charter, by mail, when it is published; not of a cookie notice', async () => {
    const publish = (kind: string) =>
      as('publisher', 'POST', `/api/v1/desk/legal-documents/${kind}/versions`, {
        version: '2.0',
        title: 'Charte',
        content: '# Charte',
      });
    expect((await publish('cookie-notice')).status).toBe(201);
    expect((await publish('privacy-charter')).status).toBe(201);
    expect((await publish('privacy-charter')).status).toBe(409);
    await deliver();
    await deliver();
    for (const email of everyone) {
      const told = (await product.mails(email)).filter(({ subject }) => /nouvelle version/.test(subject));
      expect({ email, told: told.length }).toEqual({ email, told: 1 });
      expect(told[0]?.text).toContain('version 2.0');
    }
  });
});

describe('G6 G10 who is restricted or closes the space is written to about that alone', () => {
  it('not about services or new versions; but about a breach, which the law wants told', async () => {
    const token = await tokenOf(closing);
    const closed = await product.call('POST', '/api/v1/me/closure', { token, body: { password: PASSWORD } });
    expect(closed.status).toBe(202);
    const service = {
      kind: 'service',
      topic: 'hours',
      subject: { fr: 'Nouveaux horaires', en: 'New hours' },
      message: { fr: 'De 8 h à 20 h.', en: 'From 8 to 20.' },
    };
    await as('publisher', 'POST', '/api/v1/desk/announcements', service);
    const { now } = (await product.control('GET', '/clock')).body;
    const breach = await as('dpo', 'POST', '/api/v1/desk/breaches', {
      awareAt: now,
      nature: 'Confidentialité',
      categories: ['identity'],
      approximatePeople: 5,
      approximateRecords: 5,
      consequences: 'x',
      measures: 'x',
      highRisk: true,
    });
    const told = await as('dpo', 'POST', `/api/v1/desk/breaches/${breach.body.id}/tell-people`, {
      audience: { kind: 'everyone' },
      message: { fr: 'Votre nom a été vu.', en: 'Your name was seen.' },
    });
    expect(told.status).toBe(202);
    await deliver();
    await deliver();
    for (const email of [restricted, closing]) {
      const all = await subjects(email);
      expect(all).not.toContain('Nouveaux horaires');
      expect(all.filter((one) => one.startsWith('Violation'))).toHaveLength(1);
    }
    // Restricted from the beginning of this story: nothing of it was told.
    expect((await subjects(restricted)).filter((one) => /Maintenance|nouvelle version|guide/.test(one))).toEqual([]);
    expect(await subjects('silent@partner.example')).toContain('Nouveaux horaires');
  });
});

describe('art. 19 recipients are told of what became of the data that they got', () => {
  it('by mail, or as an open task where no address is known, once', async () => {
    const token = await tokenOf(rectifying);
    const { accountId } = (await product.call('GET', '/api/v1/auth/session', { token })).body;
    const disclose = async (name: string, contact: string) =>
      (
        await as('dpo', 'POST', '/api/v1/desk/disclosures', {
          accountId,
          recipient: { name, contact },
          categories: ['identity'],
          ground: 'legal-obligation',
          reference: `Dossier ${name}`,
        })
      ).body.id;
    const byMail = await disclose('Tribunal', 'greffe@tribunal.example');
    const byPost = await disclose('Préfecture', '1 place de la Préfecture, Nanterre');
    const rectifications = [{ field: 'familyName', value: 'Nguyên' }];
    const request = await product.call('POST', '/api/v1/rights-requests', {
      token,
      body: { type: 'rectification', rectifications },
    });
    expect(request.status).toBe(201);
    const approved = await as('dpo', 'POST', `/api/v1/desk/rights-requests/${request.body.id}/approve`, {});
    expect(approved.status).toBe(200);
    await product.control('POST', '/timers/advance-rights-requests');
    await product.control('POST', '/timers/advance-rights-requests');
    await deliver();
    const [mail, ...more] = await product.mails('greffe@tribunal.example');
    expect(more).toEqual([]);
    expect(mail?.text).toContain('> Dossier Tribunal');
    expect(mail?.text).toContain('rectifiées');
    expect(mail?.text).not.toMatch(/Nguy|rectifies@/);

    const noticesOf = async (id: string) =>
      (
        await product.call('GET', `/api/v1/desk/disclosures/${id}`, { token: await product.staffToken('dpo') })
      ).body.notices.map(({ act, state }: { act: string; state: string }) => `${act}: ${state}`);
    expect(await noticesOf(byMail)).toEqual(['rectification: mailed']);
    expect(await noticesOf(byPost)).toEqual(['rectification: to-be-told']);
    const task = { requestId: request.body.id, act: 'rectification', note: 'Courrier du jour' };
    expect((await as('dpo', 'POST', `/api/v1/desk/disclosures/${byPost}/told`, task)).status).toBe(200);
    expect(await noticesOf(byPost)).toEqual(['rectification: told']);
    expect((await as('dpo', 'POST', `/api/v1/desk/disclosures/${byPost}/told`, task)).status).toBe(409);
  });
});
