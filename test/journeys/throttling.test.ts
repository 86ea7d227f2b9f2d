import { describe, expect, it } from 'vitest';
import { useProduct } from '../support/product.ts';

const product = useProduct();

const attempt = (email: string, password: string) => product.signIn(email, { password });
const wrong = (email: string) => attempt(email, 'wrong-wrong-wrong-1');

/** Minutes later, on the local clock: blocks of one test do not reach into the next. */
async function later(minutes: number) {
  const now = new Date((await product.control('GET', '/clock')).body.now);
  await product.control('PUT', '/clock', { now: new Date(now.getTime() + minutes * 60_000).toISOString() });
}

describe('F2 guessing a password is throttled', () => {
  it('after five failures the next try waits over a minute, even with the right password, and then succeeds', async () => {
    const { email } = await product.person('guessed@partner.example');
    for (let n = 0; n < 5; n += 1) expect((await wrong(email)).status).toBe(401);
    const blocked = await product.signIn(email);
    expect(blocked).toMatchObject({ status: 429, body: { code: 'too-many-requests' } });
    expect(Number(blocked.headers.get('retry-after'))).toBeGreaterThan(60);
    await later(2);
    expect((await product.signIn(email)).status).toBe(200);
    await later(60 * 25);
  });

  it('an unknown e-mail gets the same answers in the same order', async () => {
    const email = 'unknown@partner.example';
    const statuses: number[] = [];
    for (let n = 0; n < 6; n += 1) statuses.push((await wrong(email)).status);
    expect(statuses).toEqual([401, 401, 401, 401, 401, 429]);
    await later(60 * 25);
  });

  it('of thirty guesses at once no more than five are answered', async () => {
    const { email } = await product.person('burst@partner.example');
    const answers = await Promise.all(Array.from({ length: 30 }, () => wrong(email)));
    const answered = answers.filter(({ status }) => status === 401).length;
    // One that was counted for its source may find the account's limit reached by another meanwhile: never more, at times one less.
    expect(answered).toBeGreaterThan(2);
    expect(answered).toBeLessThanOrEqual(5);
    expect(answers.filter(({ status }) => status === 429)).toHaveLength(30 - answered);
    await later(60 * 25);
  });

  it.each([
    ['proving who one is', 'POST', '/api/v1/auth/reauthenticate', { password: 'wrong-wrong-wrong-1' }],
    [
      'changing the password',
      'PUT',
      '/api/v1/me/password',
      { currentPassword: 'wrong-wrong-wrong-1', newPassword: 'velours-aquarium-tempo-77' },
    ],
    ['closing the space', 'POST', '/api/v1/me/closure', { password: 'wrong-wrong-wrong-1' }],
  ])('a stolen session does not help: %s is throttled too', async (why, method, path, body) => {
    const { email } = await product.person(`${why.replaceAll(' ', '-')}@partner.example`);
    const { accessToken: token } = (await product.signIn(email)).body;
    const statuses: number[] = [];
    for (let n = 0; n < 6; n += 1) statuses.push((await product.call(method, path, { token, body })).status);
    expect(statuses).toEqual([401, 401, 401, 401, 401, 429]);
    await later(60 * 25);
  });

  it('a source that fails with many accounts is throttled as a source', async () => {
    const statuses: number[] = [];
    for (let n = 0; n < 6; n += 1) statuses.push((await wrong(`spray-${n}@partner.example`)).status);
    expect(statuses).toEqual([401, 401, 401, 401, 401, 429]);
  });
});

describe('F2 behind a gateway', () => {
  const behind = useProduct({ TRUSTED_PROXY_HOPS: '2' });
  const wrongFrom = async (forwardedFor: string, email: string) => {
    const given = { email, password: 'wrong-wrong-wrong-1' };
    return (await behind.signIn(email, given, { 'x-forwarded-for': forwardedFor })).status;
  };

  it('a source is who called the gateway: its failures are its own, and no claim makes it another', async () => {
    const statuses: number[] = [];
    for (let n = 0; n < 6; n += 1)
      statuses.push(await wrongFrom(`198.51.100.${n}, 203.0.113.7`, `claims-${n}@partner.example`));
    expect(statuses).toEqual([401, 401, 401, 401, 401, 429]);
    expect(await wrongFrom('203.0.113.8', 'another@partner.example')).toBe(401);
  });
});
