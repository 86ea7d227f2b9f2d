import { beforeAll, describe, expect, it } from 'vitest';
import { PASSWORD, tokenIn, useProduct } from '../support/product.ts';

const product = useProduct();
const DAY = 86_400_000;

async function daysLater(days: number) {
  const now = new Date((await product.control('GET', '/clock')).body.now);
  await product.control('PUT', '/clock', { now: new Date(now.getTime() + days * DAY).toISOString() });
}
const runTimer = (name: string) => product.control('POST', `/timers/${name}`);
const close = (token: string, body: object = { password: PASSWORD }) =>
  product.call('POST', '/api/v1/me/closure', { token, body });
const undo = (token: string) => product.call('POST', '/api/v1/me/closure/undo', { body: { token } });

describe('G10 closing one’s space is an objection to the processing', () => {
  const email = 'closes@partner.example';
  let accessToken: string;
  let refreshToken: string;

  beforeAll(async () => {
    await product.person(email);
    await product.signIn(email);
    ({ accessToken, refreshToken } = (await product.signIn(email)).body);
  });

  it('wants the password', async () => {
    expect(await close(accessToken, { password: 'not-the-password-42' })).toMatchObject({
      status: 401,
      body: { code: 'unauthenticated' },
    });
    expect(await close(accessToken, { password: PASSWORD, surplus: true })).toMatchObject({ status: 400 });
  });

  it('stops everything at once: tokens, sessions, and a sign-in is answered like a wrong password', async () => {
    expect(await close(accessToken, { password: PASSWORD, reason: 'Je change de métier' })).toMatchObject({
      status: 202,
      body: { status: 'closing' },
    });
    expect((await product.call('GET', '/api/v1/me', { token: accessToken })).status).toBe(401);
    expect((await product.call('POST', '/api/v1/auth/refresh', { body: { refreshToken } })).status).toBe(401);
    const closing = await product.signIn(email);
    const wrong = await product.signIn('nobody@partner.example');
    expect({ ...closing.body }).toEqual({ ...wrong.body });
    expect(closing.status).toBe(wrong.status);
  });

  it('the mailed link reopens it for seven days, without signing in and only once', async () => {
    const [, mail] = await product.mails(email, 2);
    expect(mail?.subject).toBe('Votre espace est fermé');
    const token = tokenIn(mail);
    expect((await undo('made-up')).status).toBe(422);
    await daysLater(6);
    expect((await undo(token)).status).toBe(204);
    expect((await undo(token)).status).toBe(410);
    expect((await product.call('GET', '/api/v1/me', { token: accessToken })).status).toBe(401);
    expect((await product.signIn(email)).status).toBe(200);
    expect((await product.mails(email, 3)).map(({ subject }) => subject)).toContain('Votre espace est rouvert');
  });

  it('G3 after seven days it is erased, the person is told, and the address can register again', async () => {
    const { body } = await product.signIn(email);
    await product.call('PUT', '/api/v1/me/form-drafts/claim', { token: body.accessToken, body: { fields: { a: 1 } } });
    expect((await close(body.accessToken)).status).toBe(202);
    const mails = await product.mails(email, 4);
    const token = tokenIn(mails.findLast(({ subject }) => subject === 'Votre espace est fermé'));
    await daysLater(6);
    await runTimer('advance-rights-requests');
    await daysLater(1.01);
    expect((await undo(token)).status).toBe(410);
    await runTimer('advance-rights-requests');
    expect((await product.mail(email, 'Vos données sont effacées')).to).toBe(email);
    expect((await undo(token)).status).toBe(410);

    const ledger = await product.call('GET', '/api/v1/desk/erasure-ledger', {
      token: await product.staffToken('operator'),
    });
    expect(ledger.body.items).toMatchObject([{ reason: 'closure' }]);

    expect((await product.signIn(email)).status).toBe(401);
    await product.call('POST', '/api/v1/accounts', { body: product.registration(email) });
    const verification = await product.mail(email, 'Confirmez votre adresse e-mail', 2);
    const verified = await product.call('POST', '/api/v1/accounts/verify', { body: { token: tokenIn(verification) } });
    expect(verified.status).toBe(204);
    expect((await product.signIn(email)).status).toBe(200);
  });

  it('while a space is closing, nobody takes its address over', async () => {
    const address = 'waits@partner.example';
    await product.person(address);
    expect((await close((await product.signIn(address)).body.accessToken)).status).toBe(202);
    await product.call('POST', '/api/v1/accounts', { body: product.registration(address) });
    const mails = await product.mails(address, 3);
    expect(mails.map(({ subject }) => subject)).toContain('Votre espace est en cours de fermeture');
    expect((await undo(tokenIn(mails.find(({ subject }) => subject === 'Votre espace est fermé')))).status).toBe(204);
    expect((await product.signIn(address)).status).toBe(200);
  });
});

describe('G5 objections', () => {
  const path = '/api/v1/me/objections';
  let token: string;

  beforeAll(async () => {
    await product.person('objects@partner.example');
    token = (await product.signIn('objects@partner.example')).body.accessToken;
  });

  it('are kept by the version that was seen, and only for purposes that one may object to', async () => {
    const put = (purposes: readonly string[], headers: Record<string, string> = {}) =>
      product.call('PUT', path, { token, body: { purposes }, headers });
    expect(await product.call('GET', path, { token })).toMatchObject({ status: 200, body: { purposes: [] } });
    expect(await put(['D99'])).toMatchObject({ status: 422, body: { errors: [{ path: 'purposes.0' }] } });
    const contract = await put(['D8', 'D1']);
    expect(contract).toMatchObject({ status: 422, body: { errors: [{ path: 'purposes.1' }] } });
    expect(contract.body.errors[0].message).toContain('contrat');
    const first = await put(['prospecting', 'D8']);
    expect(first).toMatchObject({ status: 200, body: { purposes: ['D8', 'prospecting'] } });
    expect((await put([])).status).toBe(428);
    const seen = (await product.call('GET', path, { token })).headers.get('etag') ?? '';
    expect(seen).toBe(first.headers.get('etag'));
    expect((await put(['prospecting'], { 'if-match': seen })).status).toBe(200);
    expect((await put(['D8'], { 'if-match': seen })).status).toBe(412);
  });
});
