import { Secret, TOTP } from 'otpauth';
import { describe, expect, it } from 'vitest';
import { PASSWORD, tokenIn, useProduct } from '../support/product.ts';

const product = useProduct();

describe('A1 D9 a person joins the extranet', () => {
  it('registers, confirms the e-mail, signs in, and sees the account', async () => {
    const email = 'joins@partner.example';
    const registered = await product.call('POST', '/api/v1/accounts', { body: product.registration(email) });
    expect(registered).toMatchObject({ status: 202, body: { status: 'verification-sent' } });
    expect((await product.signIn(email)).status).toBe(401);

    const [mail] = await product.mails(email);
    const token = tokenIn(mail);
    expect((await product.call('POST', '/api/v1/accounts/verify', { body: { token } })).status).toBe(204);
    expect(await product.call('POST', '/api/v1/accounts/verify', { body: { token } })).toMatchObject({
      status: 410,
      body: { code: 'gone' },
    });

    const { status, body } = await product.signIn(email);
    expect(status).toBe(200);
    expect(body).toMatchObject({ tokenType: 'Bearer', expiresIn: 600, pendingAcceptances: [] });
    const session = await product.call('GET', '/api/v1/auth/session', { token: body.accessToken });
    expect(session).toMatchObject({ status: 200, body: { sessionId: body.sessionId, methods: ['pwd'] } });
    const me = await product.call('GET', '/api/v1/me', { token: body.accessToken });
    expect(me.body).toMatchObject({ email, givenName: 'Élodie', familyName: 'Nguyễn', language: 'fr' });
    const acceptances = await product.call('GET', '/api/v1/me/acceptances', { token: body.accessToken });
    expect(acceptances.body.items).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ kind: 'terms', version: '1.0', act: 'registration' }),
        expect.objectContaining({ kind: 'privacy-charter', version: '1.0', act: 'registration' }),
      ]),
    );
  });

  it('C1 an unknown field is refused, and named', async () => {
    const body = product.registration('surplus@partner.example', { birthday: '1980-01-01' });
    expect(await product.call('POST', '/api/v1/accounts', { body })).toMatchObject({
      status: 400,
      body: { code: 'invalid-request', errors: [{ path: 'birthday' }] },
    });
  });

  it('C1 a request that is wrong all over is told of its first faults, not of thousands', async () => {
    const surplus = Object.fromEntries(Array.from({ length: 3_000 }, (_, index) => [`field${index}`, 1]));
    const body = product.registration('wrong-all-over@partner.example', surplus);
    const { status, body: problem } = await product.call('POST', '/api/v1/accounts', { body });
    expect({ status, told: problem.errors.length }).toEqual({ status: 400, told: 50 });
  });

  it.each([
    ['a line end', 'Ana\r\nBcc: all@partner.example'],
    ['half a character', 'Ana\ud800'],
    ['a turn of direction', 'Ana\u202egnp'],
    ['a line separator', 'Ana\u2028Ana'],
  ])('C1 a name with %s in it is refused', async (_what, givenName) => {
    const body = product.registration('odd-name@partner.example', { givenName });
    expect(await product.call('POST', '/api/v1/accounts', { body })).toMatchObject({
      status: 400,
      body: { errors: [{ path: 'givenName' }] },
    });
  });

  it('A1 a version that is not in force cannot be accepted', async () => {
    const body = product.registration('old@partner.example', { acceptedCharter: '0.9' });
    expect(await product.call('POST', '/api/v1/accounts', { body })).toMatchObject({
      status: 422,
      body: { errors: [{ path: 'acceptedCharter' }] },
    });
  });

  it.each([
    ['too short', 'abc'],
    ['common', 'password1234'],
    ['the own name', 'nguyen-nguyen-2026-x'],
  ])('F2 a password that is %s is refused', async (_why, password) => {
    const body = product.registration('weak@partner.example', { password });
    expect(await product.call('POST', '/api/v1/accounts', { body })).toMatchObject({
      status: 422,
      body: { errors: [{ path: 'password' }] },
    });
  });

  it('a token that we never sent is refused as such', async () => {
    const body = { token: `${'a'.repeat(22)}.${'b'.repeat(43)}.${'c'.repeat(22)}` };
    const answer = await product.call('POST', '/api/v1/accounts/verify', { body });
    expect(answer).toMatchObject({ status: 422, body: { code: 'unprocessable' } });
    const reset = { ...body, newPassword: 'velours-aquarium-tempo-77' };
    const confirmed = await product.call('POST', '/api/v1/auth/password-reset/confirm', { body: reset });
    expect(confirmed).toMatchObject({ status: 422, body: { code: 'unprocessable' } });
  });

  it('F2 registering a known e-mail answers the same, and tells only its holder', async () => {
    const { email } = await product.person('known@partner.example');
    const again = await product.call('POST', '/api/v1/accounts', { body: product.registration(email) });
    expect(again).toMatchObject({ status: 202, body: { status: 'verification-sent' } });
    const [, second] = await product.mails(email, 2);
    expect(second?.subject).toBe('Vous avez déjà un compte');
    expect(second?.text).not.toContain('token=');
  });
});

describe('F2 credentials are strictly personal', () => {
  it('a refresh token used twice ends the session', async () => {
    const { email } = await product.person('theft@partner.example');
    const first = (await product.signIn(email)).body;
    const refresh = (refreshToken: string) => product.call('POST', '/api/v1/auth/refresh', { body: { refreshToken } });
    const second = await refresh(first.refreshToken);
    expect(second.status).toBe(200);
    expect((await refresh(first.refreshToken)).status).toBe(401);
    expect((await refresh(second.body.refreshToken)).status).toBe(401);
    expect((await product.call('GET', '/api/v1/me', { token: second.body.accessToken })).status).toBe(401);
  });

  it('a refresh token used by two requests at once leaves no living session', async () => {
    const { email } = await product.person('race@partner.example');
    const { refreshToken } = (await product.signIn(email)).body;
    const refresh = (token: string) => product.call('POST', '/api/v1/auth/refresh', { body: { refreshToken: token } });
    const answers = await Promise.all([refresh(refreshToken), refresh(refreshToken), refresh(refreshToken)]);
    const winners = answers.filter(({ status }) => status === 200);
    expect(winners.length).toBeLessThanOrEqual(1);
    for (const { body } of winners) expect((await refresh(body.refreshToken)).status).toBe(401);
  });

  it('the person sees the sessions and ends one', async () => {
    const { email } = await product.person('sessions@partner.example');
    const one = (await product.signIn(email)).body;
    const firefox = { 'user-agent': 'Mozilla/5.0 (Windows NT 10.0) Firefox/140.0' };
    const other = (await product.signIn(email, {}, firefox)).body;
    const list = await product.call('GET', '/api/v1/me/sessions', { token: one.accessToken });
    const page = (query: string) => product.call('GET', `/api/v1/me/sessions?${query}`, { token: one.accessToken });
    const [first, { body: end }] = [await page('limit=1'), await page('limit=2')];
    const rest = await page(`limit=1&cursor=${first.body.nextCursor}`);
    expect([...first.body.items, ...rest.body.items]).toEqual(list.body.items);
    expect([rest.body.nextCursor, end.nextCursor]).toEqual([undefined, undefined]);
    const theirs = await product.signIn((await product.person('cursor-thief@partner.example')).email);
    const stolen = `/api/v1/me/sessions?cursor=${first.body.nextCursor}`;
    expect((await product.call('GET', stolen, { token: theirs.body.accessToken })).status).toBe(400);
    expect(list.body.items).toHaveLength(2);
    expect(list.body.items).toContainEqual(expect.objectContaining({ device: 'Firefox · Windows', current: false }));
    const ended = await product.call('DELETE', `/api/v1/me/sessions/${other.sessionId}`, { token: one.accessToken });
    expect(ended.status).toBe(204);
    expect((await product.call('GET', '/api/v1/me', { token: other.accessToken })).status).toBe(401);
    const again = await product.call('DELETE', `/api/v1/me/sessions/${other.sessionId}`, { token: one.accessToken });
    expect(again.status).toBe(404);
    const mails = await product.mails(email, 2);
    expect(mails.map(({ subject }) => subject)).toContain('Connexion depuis un nouvel appareil');
  });

  it('the person signs out everywhere at once', async () => {
    const { email } = await product.person('out@partner.example');
    const [one, other] = [(await product.signIn(email)).body, (await product.signIn(email)).body];
    expect((await product.call('DELETE', '/api/v1/me/sessions', { token: one.accessToken })).status).toBe(204);
    for (const { accessToken: token, refreshToken } of [one, other]) {
      expect((await product.call('GET', '/api/v1/me', { token })).status).toBe(401);
      expect((await product.call('POST', '/api/v1/auth/refresh', { body: { refreshToken } })).status).toBe(401);
    }
  });

  it('a forgotten password is replaced once, and every session ends', async () => {
    const { email } = await product.person('forgets@partner.example');
    const before = (await product.signIn(email)).body;
    expect((await product.call('POST', '/api/v1/auth/password-reset', { body: { email } })).status).toBe(202);
    const token = tokenIn((await product.mails(email, 2))[1]);
    const body = { token, newPassword: 'velours-aquarium-tempo-77' };
    expect((await product.call('POST', '/api/v1/auth/password-reset/confirm', { body })).status).toBe(204);
    expect((await product.call('POST', '/api/v1/auth/password-reset/confirm', { body })).status).toBe(410);
    expect((await product.call('GET', '/api/v1/me', { token: before.accessToken })).status).toBe(401);
    expect((await product.signIn(email, { password: body.newPassword })).status).toBe(200);
    expect((await product.mail(email, 'Votre mot de passe a été modifié')).to).toBe(email);
  });

  it('a password is changed however many sessions there are, and only this one stays', async () => {
    const { email } = await product.person('everywhere@partner.example');
    for (let n = 0; n < 105; n += 1) expect((await product.signIn(email)).status).toBe(200);
    const { accessToken: token } = (await product.signIn(email)).body;
    const change = (newPassword: string) =>
      product.call('PUT', '/api/v1/me/password', { token, body: { currentPassword: PASSWORD, newPassword } });
    expect(await change('garage-du-lac-2026')).toMatchObject({
      status: 422,
      body: { errors: [{ path: 'newPassword' }] },
    });
    expect((await change('velours-aquarium-tempo-77')).status).toBe(204);
    expect((await product.call('GET', '/api/v1/me/sessions', { token })).body.items).toHaveLength(1);
  });

  it('a reset for an unknown e-mail answers the same and sends nothing', async () => {
    const email = 'nobody@partner.example';
    expect((await product.call('POST', '/api/v1/auth/password-reset', { body: { email } })).status).toBe(202);
    await product.control('POST', '/timers/deliver-notifications');
    expect((await product.control('GET', `/mail?to=${email}`)).body.messages).toEqual([]);
  });

  it('a sign-out that races a refresh ends the session, and nobody is told of a theft', async () => {
    const { email } = await product.person('races-out@partner.example');
    for (let n = 0; n < 8; n += 1) {
      const { accessToken: token, refreshToken } = (await product.signIn(email)).body;
      const [refreshed, signedOut] = await Promise.all([
        product.call('POST', '/api/v1/auth/refresh', { body: { refreshToken } }),
        product.call('POST', '/api/v1/auth/logout', { token }),
      ]);
      expect([200, 401]).toContain(refreshed.status);
      expect(signedOut.status).toBe(204);
      const living = refreshed.body.refreshToken ?? refreshToken;
      expect((await product.call('POST', '/api/v1/auth/refresh', { body: { refreshToken: living } })).status).toBe(401);
    }
    await product.control('POST', '/timers/deliver-notifications');
    expect(await product.mails(email)).toHaveLength(1);
  });

  it('a proof of identity that races a refresh spoils neither', async () => {
    const { email } = await product.person('races-proof@partner.example');
    const { accessToken: token, refreshToken } = (await product.signIn(email)).body;
    const [refreshed, proved] = await Promise.all([
      product.call('POST', '/api/v1/auth/refresh', { body: { refreshToken } }),
      product.call('POST', '/api/v1/auth/reauthenticate', { token, body: { password: PASSWORD } }),
    ]);
    expect([refreshed.status, proved.status]).toEqual([200, 200]);
    const next = await product.call('POST', '/api/v1/auth/refresh', {
      body: { refreshToken: refreshed.body.refreshToken },
    });
    expect(next.status).toBe(200);
  });

  it('a second factor is enabled, wanted at sign-in, and no code is taken twice', async () => {
    const { email } = await product.person('factor@partner.example');
    const { accessToken: token } = (await product.signIn(email)).body;
    const confirm = (code: string) => product.call('POST', '/api/v1/me/mfa/totp/confirm', { token, body: { code } });
    expect((await product.call('DELETE', '/api/v1/me/mfa/totp', { token })).status).toBe(404);
    expect(await confirm('000000')).toMatchObject({ status: 409, body: { code: 'conflict' } });
    const begun = await product.call('POST', '/api/v1/me/mfa/totp', { token });
    expect(begun.status).toBe(201);
    const totp = new TOTP({ secret: Secret.fromBase32(begun.body.secret) });
    const code = totp.generate();
    const wrong = String((Number(code) + 1) % 1_000_000).padStart(6, '0');
    expect(await confirm(wrong)).toMatchObject({ status: 422, body: { code: 'unprocessable' } });
    const confirmed = await confirm(code);
    expect(confirmed.status).toBe(200);
    expect((await product.call('POST', '/api/v1/me/mfa/totp', { token })).status).toBe(409);
    expect(confirmed.body.recoveryCodes).toHaveLength(10);
    expect(await product.signIn(email)).toMatchObject({ status: 401, body: { code: 'mfa-required' } });
    expect(await product.signIn(email, { otp: code })).toMatchObject({
      status: 401,
      body: { code: 'unauthenticated' },
    });
    const [recovery] = confirmed.body.recoveryCodes;
    expect((await product.signIn(email, { otp: recovery })).status).toBe(200);
    expect((await product.signIn(email, { otp: recovery })).status).toBe(401);
    expect((await product.call('DELETE', '/api/v1/me/mfa/totp', { token })).status).toBe(204);
    expect((await product.signIn(email)).status).toBe(200);
  });
});

describe('H1 re-sign-in is asked for after some time', () => {
  it('a sensitive act wants a sign-in of the last ten minutes', async () => {
    const { email } = await product.person('sensitive@partner.example');
    const { refreshToken } = (await product.signIn(email)).body;
    const now = new Date((await product.control('GET', '/clock')).body.now);
    await product.control('PUT', '/clock', { now: new Date(now.getTime() + 11 * 60_000).toISOString() });
    const { accessToken: token } = (await product.call('POST', '/api/v1/auth/refresh', { body: { refreshToken } }))
      .body;
    expect(await product.call('POST', '/api/v1/me/mfa/totp', { token })).toMatchObject({
      status: 401,
      body: { code: 'reauthentication-required' },
    });
    const proved = await product.call('POST', '/api/v1/auth/reauthenticate', { token, body: { password: PASSWORD } });
    expect((await product.call('POST', '/api/v1/me/mfa/totp', { token: proved.body.accessToken })).status).toBe(201);
  });
});

describe('cookie mode', () => {
  it('hands over no token to the page, and wants the CSRF token on unsafe methods', async () => {
    const { email } = await product.person('cookies@partner.example');
    const signedIn = await product.signIn(email, { transport: 'cookie' });
    expect(signedIn.body).not.toHaveProperty('accessToken');
    const set = signedIn.headers.getSetCookie();
    expect(set).toHaveLength(2);
    for (const cookie of set) expect(cookie).toMatch(/^__Host-(?=.*; secure)(?=.*; httponly)(?=.*; samesite=strict)/i);
    const cookie = set.map((line) => line.split(';')[0]).join('; ');
    expect((await product.call('GET', '/api/v1/me', { headers: { cookie } })).status).toBe(200);
    expect((await product.call('POST', '/api/v1/auth/logout', { headers: { cookie } })).status).toBe(403);
    const unproved = await product.call('POST', '/api/v1/auth/refresh', { headers: { cookie }, body: {} });
    expect(unproved).toMatchObject({ status: 403, body: { code: 'forbidden' } });
    const headers = { cookie, 'x-csrf-token': signedIn.body.csrfToken };
    const refreshed = await product.call('POST', '/api/v1/auth/refresh', { headers, body: {} });
    expect(refreshed.status).toBe(200);
    expect((await product.call('POST', '/api/v1/auth/logout', { headers })).status).toBe(204);
    expect((await product.call('GET', '/api/v1/me', { headers: { cookie } })).status).toBe(401);
  });
});

describe('a page of another origin', () => {
  it('cannot sign a visitor in as somebody else', async () => {
    const { email } = await product.person('elsewhere@partner.example');
    const answer = await product.signIn(email, { transport: 'cookie' }, { origin: 'https://evil.example' });
    expect(answer).toMatchObject({ status: 403, body: { code: 'forbidden' } });
    expect(answer.headers.getSetCookie()).toEqual([]);
  });
});

describe('I1 a new version of the charter', () => {
  it('takes effect when published, gates the services until accepted, and opens them again', async () => {
    const { email } = await product.person('charter@partner.example');
    const { accessToken: token } = (await product.signIn(email)).body;
    const publisher = await product.staffToken('publisher');
    const path = '/api/v1/desk/legal-documents/privacy-charter/versions';
    const draft = { version: '2.0', title: 'Charte', content: '# Charte 2' };
    expect((await product.call('POST', path, { token: await product.staffToken('support'), body: draft })).status).toBe(
      403,
    );
    expect((await product.call('POST', path, { token, body: draft })).status).toBe(401);
    expect((await product.call('POST', path, { token: publisher, body: draft })).status).toBe(201);
    expect((await product.call('POST', path, { token: publisher, body: draft })).status).toBe(409);

    expect(await product.call('GET', '/api/v1/me', { token })).toMatchObject({
      status: 403,
      body: { code: 'acceptance-required' },
    });
    expect((await product.signIn(email)).body.pendingAcceptances).toEqual([
      { kind: 'privacy-charter', version: '2.0' },
    ]);
    const accept = (version: string) =>
      product.call('PUT', '/api/v1/me/acceptances/privacy-charter', { token, body: { version } });
    expect((await accept('1.0')).status).toBe(422);
    expect((await accept('2.0')).status).toBe(204);
    expect((await product.call('GET', '/api/v1/me', { token })).status).toBe(200);
  });
});
