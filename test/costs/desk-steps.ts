import { dataCategories } from '../../shared/personal-data/index.ts';
import { casesOf } from '../support/cases.ts';
import { grant, staffMember } from '../support/staff.ts';
import { type Product, type Requests, type Step, step } from './counting.ts';

const breachFacts = {
  nature: 'x',
  categories: ['identity'],
  approximatePeople: 1,
  approximateRecords: 1,
  consequences: 'x',
  measures: 'x',
  highRisk: true,
};

/** What the desk asks for; the work that a request sets going at once (its mail) is counted with it. */
export async function deskSteps(
  product: Product,
  { unique, newAddress, today, person, plain, andMails, prepared }: Requests,
): Promise<readonly Step[]> {
  const cases = casesOf(product);
  await grant(product, 'dpo-1', dataCategories, ['rights-requests', 'support']);
  const dpo = await staffMember(product, 'dpo-1', 'dpo');
  const others = await staffMember(product, 'other-1', 'habilitation-admin', 'operator', 'auditor', 'statistician');
  const { email, token } = await person();
  const { id: accountId } = (await product.call('GET', '/api/v1/me', { token })).body;

  const asDpo = (method: string, path: string) => plain(method, path, () => ({ token: dpo }));
  const asOthers = (method: string, path: string) => plain(method, path, () => ({ token: others }));
  const post = (path: string, body: object) => product.call('POST', `/api/v1/desk${path}`, { token: dpo, body });

  /** Records a case that came by letter, of somebody who gets mails. */
  const letter =
    (about: object = { type: 'access' }) =>
    async () => {
      const contact = { givenName: 'Ana', familyName: 'Łuk', email: newAddress() };
      return cases.record(dpo, { ...about, channel: 'post', receivedOn: await today(), contact });
    };
  const recorded = async (about?: object): Promise<string> => (await prepared(1, letter(about))).body.id;
  const caseAct = (action: string, body: object, mails: 0 | 1) =>
    step(`POST /desk/rights-requests/{id}/${action}${mails > 0 ? ', and its mail' : ''}`, async () => {
      const id = await recorded();
      return andMails(mails, () => cases.act(dpo, id, action, body));
    });

  const breach = async () =>
    (await post('/breaches', { ...breachFacts, awareAt: `${await today()}T00:00:00Z` })).body.id;
  const disclosed = (whose: string) =>
    post('/disclosures', {
      accountId: whose,
      recipient: { name: 'Tribunal', contact: 'greffe@tribunal.example' },
      categories: ['identity'],
      ground: 'legal-obligation',
      reference: '2026/117',
    });
  /** Reports a death, by an heir who gets a mail. */
  async function report() {
    const { email: whose } = await product.person(newAddress());
    const reportedBy = { name: 'Ana Łuk', email: newAddress(), relation: 'heir' };
    const body = { email: whose, reportedBy, evidence: 'x', requestedAction: 'close' };
    return andMails(1, () => post('/death-notices', body));
  }
  const noticed = async () => `/death-notices/${(await prepared(1, await report())).body.id}`;
  const known = `/api/v1/desk${await noticed()}`;

  return [
    step(
      'GET /desk/accounts, by e-mail',
      async () => () =>
        product.call('GET', `/api/v1/desk/accounts?email=${encodeURIComponent(email)}&reason=x`, { token: dpo }),
    ),
    step(
      'GET /desk/accounts/{id}, identity and contact',
      async () => () =>
        product.call('GET', `/api/v1/desk/accounts/${accountId}?reason=x&categories=identity,contact`, { token: dpo }),
    ),
    step('POST /desk/rights-requests, and its mail', async () => andMails(1, letter())),
    asDpo('GET', '/api/v1/desk/rights-requests'),
    step('GET /desk/rights-requests/{id}', async () => {
      const id = await recorded();
      return () => cases.detail(dpo, id);
    }),
    caseAct('assign', {}, 0),
    caseAct('notes', { text: 'Vu.' }, 0),
    caseAct('messages', { text: 'Bonjour' }, 1),
    caseAct('request-identity', { reason: 'x' }, 1),
    step('POST /desk/rights-requests/{id}/identity', async () => {
      const id = await recorded();
      await prepared(1, () => cases.act(dpo, id, 'request-identity', { reason: 'x' }));
      return () => cases.act(dpo, id, 'identity', { decision: 'verified', method: 'knowledge' });
    }),
    caseAct('extend', { reason: 'x' }, 1),
    step('POST /desk/rights-requests/{id}/approve, an access, with its package and mail', async () => {
      const id = await recorded();
      return andMails(1, () => cases.act(dpo, id, 'approve', {}));
    }),
    caseAct('reject', { ground: 'excessive', reason: 'x' }, 1),
    step('POST /desk/rights-requests/{id}/complete, and its mail', async () => {
      const rectifications = [{ field: 'numéro d’agrément', value: '42' }];
      const id = await recorded({ type: 'rectification', rectifications });
      await cases.act(dpo, id, 'approve', {});
      await cases.advance();
      return andMails(1, () => cases.act(dpo, id, 'complete', { note: 'x' }));
    }),
    asDpo('GET', '/api/v1/desk/dashboard'),
    asDpo('GET', '/api/v1/desk/case-archive'),
    asOthers('GET', '/api/v1/desk/audit'),
    asOthers('GET', '/api/v1/desk/habilitations'),
    asOthers('GET', '/api/v1/desk/habilitations/dpo-1'),
    step('PUT /desk/habilitations/{staffId}', async () => {
      const path = `/api/v1/desk/habilitations/${unique()}`;
      const body = { categories: ['identity'], missions: ['support'], expiresOn: await today() };
      return () => product.call('PUT', path, { token: others, body });
    }),
    asDpo('GET', '/api/v1/desk/processing-register'),
    asOthers('GET', '/api/v1/desk/jobs'),
    asOthers('GET', '/api/v1/desk/erasure-ledger'),
    asOthers('GET', '/api/v1/desk/statistics?from=2026-01&to=2026-01'),
    step('POST /desk/disclosures', async () => () => disclosed(accountId)),
    asDpo('GET', '/api/v1/desk/disclosures'),
    step('GET /desk/disclosures/{id}', async () => {
      const { id } = (await disclosed(accountId)).body;
      return () => product.call('GET', `/api/v1/desk/disclosures/${id}`, { token: dpo });
    }),
    step('POST /desk/breaches', async () => {
      const body = { ...breachFacts, awareAt: `${await today()}T00:00:00Z` };
      return () => post('/breaches', body);
    }),
    asDpo('GET', '/api/v1/desk/breaches'),
    step('GET /desk/breaches/{id}', async () => {
      const path = `/api/v1/desk/breaches/${await breach()}`;
      return () => product.call('GET', path, { token: dpo });
    }),
    step('PATCH /desk/breaches/{id}', async () => {
      const path = `/api/v1/desk/breaches/${await breach()}`;
      const { headers } = await product.call('GET', path, { token: dpo });
      const condition = { 'if-match': headers.get('etag') ?? '' };
      return () => product.call('PATCH', path, { token: dpo, headers: condition, body: { note: 'x' } });
    }),
    step('POST /desk/death-notices, and its mail', report),
    // Each person on the page is on record as seen.
    asDpo('GET', '/api/v1/desk/death-notices?limit=1'),
    step('GET /desk/death-notices/{id}', async () => () => product.call('GET', known, { token: dpo })),
    step('POST /desk/death-notices/{id}/execute, closing the space', async () => {
      const path = await noticed();
      return () => post(`${path}/execute`, { action: 'close', reason: 'x' });
    }),
    step('POST /desk/death-notices/{id}/dismiss, and its mail', async () => {
      const path = await noticed();
      return andMails(1, () => post(`${path}/dismiss`, { reason: 'x' }));
    }),
  ];
}
