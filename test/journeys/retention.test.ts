import { describe, expect, it } from 'vitest';
import { tokenIn, useProduct } from '../support/product.ts';

const product = useProduct();
const DAY = 86_400_000;

async function daysLater(days: number) {
  const now = new Date((await product.control('GET', '/clock')).body.now);
  await product.control('PUT', '/clock', { now: new Date(now.getTime() + days * DAY).toISOString() });
}

describe('A2 E1 what nobody confirmed is not kept', () => {
  it('an unverified registration is gone after seven days, and still there one day before', async () => {
    for (const [email, days, expected] of [
      ['early@partner.example', 6, 204],
      ['late@partner.example', 8, 410],
    ] as const) {
      await product.call('POST', '/api/v1/accounts', { body: product.registration(email) });
      const token = tokenIn((await product.mails(email))[0]);
      await daysLater(days);
      expect((await product.call('POST', '/api/v1/accounts/verify', { body: { token } })).status).toBe(expected);
    }
  });

  it('H1 a session that is not used ends after 14 days, one that is used after 30', async () => {
    const { email } = await product.person('idle@partner.example');
    const refresh = (refreshToken: string) => product.call('POST', '/api/v1/auth/refresh', { body: { refreshToken } });
    const idle = (await product.signIn(email)).body.refreshToken;
    let used = (await product.signIn(email)).body.refreshToken;
    for (const days of [13, 13]) {
      await daysLater(days);
      const answer = await refresh(used);
      expect(answer.status).toBe(200);
      used = answer.body.refreshToken;
    }
    expect((await refresh(idle)).status).toBe(401);
    await daysLater(5);
    expect((await refresh(used)).status).toBe(401);
  });
});
