import { describe, expect, it } from 'vitest';
import { tokenIn, useProduct } from '../support/product.ts';

const product = useProduct();

const reset = (email: string) => product.call('POST', '/api/v1/auth/password-reset', { body: { email } });
const register = (email: string) => product.call('POST', '/api/v1/accounts', { body: product.registration(email) });

/** How many mails an address has got once at least `expected` have arrived and nothing more is on its way. */
async function mailed(email: string, expected: number): Promise<number> {
  await product.mails(email, expected);
  // A reset is prepared in one run and its mail delivered in the next.
  for (let run = 0; run < 2; run += 1) await product.control('POST', '/timers/deliver-notifications');
  return (await product.mails(email)).length;
}

async function later(minutes: number) {
  const now = new Date((await product.control('GET', '/clock')).body.now);
  await product.control('PUT', '/clock', { now: new Date(now.getTime() + minutes * 60_000).toISOString() });
}

describe('F2 nobody is flooded with mail through the extranet', () => {
  it('however often a reset is asked for, five mails an hour and ten a day are sent, and every answer is the same', async () => {
    const { email } = await product.person('flooded@partner.example');
    const asked = async (times: number, expected: number) => {
      for (let n = 0; n < times; n += 1) expect(await reset(email)).toMatchObject({ status: 202, body: '' });
      expect(await mailed(email, expected)).toBe(expected);
    };
    const confirmation = 1;
    await asked(8, confirmation + 5);
    await later(61);
    await asked(8, confirmation + 10);
    await later(61);
    await asked(3, confirmation + 10);
    await later(24 * 60);
    await asked(1, confirmation + 11);
    const [last] = (await product.mails(email)).slice(-1);
    const body = { token: tokenIn(last), newPassword: 'velours-aquarium-tempo-77' };
    expect((await product.call('POST', '/api/v1/auth/password-reset/confirm', { body })).status).toBe(204);
  });

  it('however often an address is registered, it gets five mails an hour, and a reset still reaches it', async () => {
    const { email } = await product.person('enrolled@partner.example');
    for (let n = 0; n < 7; n += 1) expect((await register(email)).status).toBe(202);
    expect(await mailed(email, 5)).toBe(5);
    expect((await reset(email)).status).toBe(202);
    expect(await mailed(email, 6)).toBe(6);
  });
});
