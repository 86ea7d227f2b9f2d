import { casesOf } from '../support/cases.ts';
import { PASSWORD, tokenIn } from '../support/product.ts';
import { type Product, type Requests, type Step, step } from './counting.ts';

const choices = Object.fromEntries(
  ['audience-measurement', 'personalisation', 'content-suggestions', 'prospecting'].map((id) => [id, 'granted']),
);
export const decision = { noticeVersion: '1.0', language: 'fr', choices, mechanism: 'accept-all' };
const directives = { kind: 'general', wishes: [{ scope: 'account', action: 'erase' }], consent: true };

/** What visitors and signed-in people ask for, as they would meet it; the work that a request sets going at once (its mail) is counted with it. */
export async function personSteps(
  product: Product,
  { unique, newAddress, person, plain, andMails, prepared }: Requests,
): Promise<readonly Step[]> {
  const cases = casesOf(product);
  const { email, token } = await person();
  const signIn = async (whose = email) => (await product.signIn(whose)).body;
  const signedIn = (method: string, path: string, body?: object) =>
    plain(method, path, () => ({ token, ...(body ? { body } : {}) }));
  const submit = () => cases.submit(token, { type: 'access' });
  const wishes = '/api/v1/me/post-mortem-directives';
  await product.call('POST', '/api/v1/consents', { token, body: decision });
  await product.call('PUT', '/api/v1/me/preferences', { token, body: { language: 'fr' } });

  return [
    plain('GET', '/.well-known/jwks.json'),
    plain('GET', '/api/v1/controller'),
    plain('GET', '/api/v1/cookies'),
    plain('GET', '/api/v1/legal-documents/privacy-charter'),
    step('POST /accounts, and its mail', async () => {
      const address = newAddress();
      const body = product.registration(address);
      return andMails(1, () => product.call('POST', '/api/v1/accounts', { body }));
    }),
    step('POST /accounts/verify', async () => {
      const address = newAddress();
      await product.call('POST', '/api/v1/accounts', { body: product.registration(address) });
      const body = { token: tokenIn((await product.mails(address))[0]) };
      return () => product.call('POST', '/api/v1/accounts/verify', { body });
    }),
    step('POST /auth/login', async () => () => product.signIn(email)),
    step('POST /auth/login, wrong password', async () => {
      const { email: other } = await product.person(newAddress());
      return () => product.signIn(other, { password: 'wrong-wrong-wrong-1' });
    }),
    step('POST /auth/login, unknown e-mail', async () => {
      const other = newAddress();
      return () => product.signIn(other);
    }),
    step('POST /auth/refresh', async () => {
      const { refreshToken } = await signIn();
      return () => product.call('POST', '/api/v1/auth/refresh', { body: { refreshToken } });
    }),
    signedIn('GET', '/api/v1/auth/session'),
    step('POST /auth/logout', async () => {
      const { accessToken } = await signIn();
      return () => product.call('POST', '/api/v1/auth/logout', { token: accessToken });
    }),
    signedIn('POST', '/api/v1/auth/reauthenticate', { password: PASSWORD }),
    step('POST /auth/password-reset, and its mail', async () => {
      const { email: other } = await product.person(newAddress());
      const body = { email: other };
      return andMails(1, () => product.call('POST', '/api/v1/auth/password-reset', { body }));
    }),
    step('POST /auth/password-reset/confirm, and its mail', async () => {
      const { email: other } = await product.person(newAddress());
      await product.call('POST', '/api/v1/auth/password-reset', { body: { email: other } });
      const body = { token: tokenIn((await product.mails(other, 2))[1]), newPassword: 'velours-aquarium-tempo-77' };
      return andMails(1, () => product.call('POST', '/api/v1/auth/password-reset/confirm', { body }));
    }),
    signedIn('GET', '/api/v1/me'),
    step('PATCH /me', async (n) => {
      const etag = (await product.call('GET', '/api/v1/me', { token })).headers.get('etag') ?? '';
      const headers = { 'if-match': etag };
      return () => product.call('PATCH', '/api/v1/me', { token, headers, body: { jobTitle: `Poste ${n}` } });
    }),
    signedIn('GET', '/api/v1/me/sessions'),
    signedIn('GET', '/api/v1/me/acceptances'),
    signedIn('GET', '/api/v1/me/preferences'),
    step('PUT /me/preferences', async () => {
      const { headers } = await product.call('GET', '/api/v1/me/preferences', { token });
      const condition = { 'if-match': headers.get('etag') ?? '' };
      return () =>
        product.call('PUT', '/api/v1/me/preferences', { token, headers: condition, body: { language: 'fr' } });
    }),
    step('PUT /me/form-drafts/{formId}', async () => {
      const path = `/api/v1/me/form-drafts/${unique()}`;
      return () => product.call('PUT', path, { token, body: { fields: { plaque: 'AB-123-CD' } } });
    }),
    signedIn('GET', '/api/v1/me/form-drafts'),
    signedIn('GET', '/api/v1/me/objections'),
    step('POST /consents, a visitor', async () => () => product.call('POST', '/api/v1/consents', { body: decision })),
    step('POST /consents, the same visitor again', async () => {
      const { visitorId } = (await product.call('POST', '/api/v1/consents', { body: decision })).body;
      const headers = { 'x-visitor-id': visitorId };
      return () => product.call('POST', '/api/v1/consents', { headers, body: decision });
    }),
    step('GET /consents, a visitor', async () => {
      const { visitorId } = (await product.call('POST', '/api/v1/consents', { body: decision })).body;
      return () => product.call('GET', '/api/v1/consents', { headers: { 'x-visitor-id': visitorId } });
    }),
    step(
      'POST /consents, signed in',
      async () => () => product.call('POST', '/api/v1/consents', { token, body: decision }),
    ),
    signedIn('GET', '/api/v1/consents'),
    step('POST /activity, one event', async () => {
      const at = (await product.control('GET', '/clock')).body.now;
      const body = { events: [{ type: 'page-view', path: '/sinistres', at }] };
      return () => product.call('POST', '/api/v1/activity', { token, body });
    }),
    step('POST /contact, and its mails', async (n) => {
      const address = `asks-${n}@partner.example`;
      const contact = { email: address, givenName: 'Ana', familyName: 'Łuk' };
      const body = { message: 'Bonjour', contact };
      return andMails(2, () => product.call('POST', '/api/v1/contact', { body }));
    }),
    step('POST /rights-requests, signed in, and its mail', async () => andMails(1, submit)),
    step('GET /rights-requests/{id}', async () => {
      const { id } = (await prepared(1, submit)).body;
      return () => cases.read(id, token);
    }),
    step('POST /rights-requests/{id}/messages, and its mail', async () => {
      const { id } = (await prepared(1, submit)).body;
      const path = `/api/v1/rights-requests/${id}/messages`;
      return andMails(1, () => product.call('POST', path, { token, body: { text: 'Bonjour' } }));
    }),
    step('GET /rights-requests/{id}/package, and its mail', async () => {
      const { id } = (await prepared(1, submit)).body;
      const dpo = await product.staffToken('dpo');
      await prepared(1, () => cases.act(dpo, id, 'approve', {}));
      return andMails(1, () => product.call('GET', `/api/v1/rights-requests/${id}/package`, { token }));
    }),
    signedIn('GET', '/api/v1/me/purposes'),
    signedIn('GET', '/api/v1/me/access-log'),
    step('PUT /me/post-mortem-directives, and its mail', async () => {
      const etag = (await product.call('GET', wishes, { token })).headers.get('etag');
      const headers: Record<string, string> = etag ? { 'if-match': etag } : {};
      return andMails(1, () => product.call('PUT', wishes, { token, headers, body: directives }));
    }),
    signedIn('GET', wishes),
    step('POST /me/closure, and its mail', async () => {
      const { token: own } = await person();
      return andMails(1, () =>
        product.call('POST', '/api/v1/me/closure', { token: own, body: { password: PASSWORD } }),
      );
    }),
    step('POST /me/closure/undo, and its mail', async () => {
      const { email: other, token: own } = await person();
      await product.call('POST', '/api/v1/me/closure', { token: own, body: { password: PASSWORD } });
      const body = { token: tokenIn((await product.mails(other, 2))[1]) };
      return andMails(1, () => product.call('POST', '/api/v1/me/closure/undo', { body }));
    }),
  ];
}
