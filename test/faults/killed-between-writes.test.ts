import { beforeAll, describe, expect, it } from 'vitest';
import { databaseControl } from '../support/database-control.ts';
import { laterWrite } from '../support/killable.ts';
import { processKiller } from '../support/process-killer.ts';
import { PASSWORD, tokenIn, useProduct } from '../support/product.ts';

const product = useProduct();
const database = databaseControl(() => product.stack);
const NEW_PASSWORD = 'velours-aquarium-tempo-77';
const MOST_WRITES = 12;
/** The intent, its claim, the budget, the link with its mail, the end of the intent: then the mail is delivered like any other. */
const WRITES_OF_A_RESET = 5;

const { killedAfter, idle } = processKiller(product, database);

async function later(minutes: number): Promise<void> {
  const now = new Date((await product.control('GET', '/clock')).body.now);
  await product.control('PUT', '/clock', { now: new Date(now.getTime() + minutes * 60_000).toISOString() });
}

/** Later, so that claims of the killed process have run out, the timers do what was left. */
async function timersCatchUp(): Promise<void> {
  await later(3);
  for (let run = 0; run < 3; run += 1) {
    const { body } = await product.control('POST', '/timers/deliver-notifications');
    expect(body.failed).toBe(0);
  }
  await idle();
}

/** Tells the story once for every number of writes after which the process can die, `most` at the most; answers how many there were. */
async function afterEveryWrite(story: (writes: number) => Promise<boolean>, most = MOST_WRITES): Promise<number> {
  for (let writes = 1; writes <= most; writes = laterWrite(writes)) if (!(await story(writes))) return writes - 1;
  return most;
}

const verify = (token: string) => product.call('POST', '/api/v1/accounts/verify', { body: { token } });

beforeAll(async () => {
  await product.person('before@partner.example');
});

describe('F1 whenever the process is killed, nothing is lost and nothing is left half done', {
  timeout: 90_000,
}, () => {
  it('while a person registers: the mail comes, and the link in it works', async () => {
    const writes = await afterEveryWrite(async (after) => {
      const email = `registers-${after}@partner.example`;
      const register = () => product.call('POST', '/api/v1/accounts', { body: product.registration(email) });
      const was = await killedAfter(after, register);
      await timersCatchUp();
      const mails = await product.mails(email);
      // The relay may have taken a mail whose delivery could not be noted: then it comes again, and says the same.
      expect(new Set(mails.map(tokenIn)).size).toBe(1);
      expect((await verify(tokenIn(mails[0]))).status).toBe(204);
      expect((await product.signIn(email)).status).toBe(200);
      return was;
    });
    expect(writes).toBeGreaterThanOrEqual(2);
  });

  it('while an address is reserved for an account: the same link, or a new registration, finishes it', async () => {
    const writes = await afterEveryWrite(async (after) => {
      const again = `again-${after}@partner.example`;
      const anew = `anew-${after}@partner.example`;
      let was = false;
      for (const email of [again, anew]) {
        await product.call('POST', '/api/v1/accounts', { body: product.registration(email) });
        const token = tokenIn((await product.mails(email))[0]);
        was = (await killedAfter(after, () => verify(token))) || was;
        if (email === again) expect([204, 410]).toContain((await verify(token)).status);
        else if ((await product.signIn(email)).status !== 200) {
          await product.call('POST', '/api/v1/accounts', { body: product.registration(email) });
          expect((await verify(tokenIn((await product.mails(email, 2))[1]))).status).toBe(204);
        }
        expect((await product.signIn(email)).status).toBe(200);
      }
      return was;
    });
    expect(writes).toBeGreaterThanOrEqual(2);
  });

  it('while a person signs in: they sign in again, and see every session that there is', async () => {
    const { email } = await product.person('signs-in@partner.example');
    const writes = await afterEveryWrite(async (after) => {
      const was = await killedAfter(after, () => product.signIn(email));
      const { status, body } = await product.signIn(email);
      expect(status).toBe(200);
      const sessions = await product.call('GET', '/api/v1/me/sessions', { token: body.accessToken });
      expect(sessions.body.items.map(({ id }: { id: string }) => id)).toContain(body.sessionId);
      return was;
    });
    expect(writes).toBeGreaterThanOrEqual(1);
  });

  it('while a reset is asked for: one link comes, and it works', async () => {
    const writes = await afterEveryWrite(async (after) => {
      const { email } = await product.person(`forgets-${after}@partner.example`);
      const ask = () => product.call('POST', '/api/v1/auth/password-reset', { body: { email } });
      const was = await killedAfter(after, ask);
      await timersCatchUp();
      const [, ...resets] = await product.mails(email, 2);
      expect(new Set(resets.map(tokenIn)).size).toBe(1);
      const body = { token: tokenIn(resets[0]), newPassword: NEW_PASSWORD };
      expect((await product.call('POST', '/api/v1/auth/password-reset/confirm', { body })).status).toBe(204);
      expect((await product.signIn(email, { password: NEW_PASSWORD })).status).toBe(200);
      return was;
    }, WRITES_OF_A_RESET);
    expect(writes).toBeGreaterThanOrEqual(WRITES_OF_A_RESET);
  });

  it('while a new password is set: the old one is good with its sessions, or the new one without them, and the person is told', async () => {
    const writes = await afterEveryWrite(async (after) => {
      const { email } = await product.person(`resets-${after}@partner.example`);
      const { refreshToken } = (await product.signIn(email)).body;
      await product.call('POST', '/api/v1/auth/password-reset', { body: { email } });
      const body = { token: tokenIn((await product.mails(email, 2))[1]), newPassword: NEW_PASSWORD };
      const confirm = () => product.call('POST', '/api/v1/auth/password-reset/confirm', { body });
      const was = await killedAfter(after, confirm);
      await timersCatchUp();
      const [old, fresh] = [
        await product.signIn(email, { password: PASSWORD }),
        await product.signIn(email, { password: NEW_PASSWORD }),
      ];
      const session = await product.call('POST', '/api/v1/auth/refresh', { body: { refreshToken } });
      const mails = await product.mails(email, fresh.status === 200 ? 3 : 2);
      const told = mails.some(({ subject }) => subject === 'Votre mot de passe a été modifié');
      expect([
        { old: 401, fresh: 200, session: 401, told: true },
        { old: 200, fresh: 401, session: 200, told: false },
      ]).toContainEqual({ old: old.status, fresh: fresh.status, session: session.status, told });
      await later(25 * 60); // the failed sign-in is forgotten
      return was;
    });
    expect(writes).toBeGreaterThanOrEqual(3);
  });
});
