import { beforeAll, describe, expect, it } from 'vitest';
import { useProduct } from '../support/product.ts';

const product = useProduct();
const start = new Date('2027-03-15T09:00:00.000Z');
const moveTo = (iso: string) => product.control('PUT', '/clock', { now: iso });
const review = async () => (await product.control('POST', '/timers/review-inactive-accounts')).body;
const subjects = async (email: string) =>
  (await product.control('GET', `/mail?to=${encodeURIComponent(email)}`)).body.messages.map(
    ({ subject }: { subject: string }) => subject,
  );

describe('E1 accounts that nobody uses', () => {
  const unused = 'unused@partner.example';
  const comesBack = 'comes-back@partner.example';
  const renews = 'renews@partner.example';

  beforeAll(async () => {
    await moveTo(start.toISOString());
    for (const email of [unused, comesBack, renews]) {
      await product.person(email);
      await product.signIn(email);
    }
    await moveTo('2027-03-28T09:00:00.000Z');
    const { refreshToken } = (await product.signIn(renews)).body;
    await moveTo('2027-04-10T09:00:00.000Z');
    expect((await product.call('POST', '/api/v1/auth/refresh', { body: { refreshToken } })).status).toBe(200);
  });

  it('are left alone before 23 months', async () => {
    await moveTo('2029-02-14T09:00:00.000Z');
    expect(await review()).toMatchObject({ changed: 0 });
  });

  it('their holders are told at 23 months, once', async () => {
    await moveTo('2029-02-16T09:00:00.000Z');
    expect(await review()).toMatchObject({ changed: 2 });
    expect(await review()).toMatchObject({ changed: 0 });
    expect((await product.mail(unused, 'n’est plus utilisé')).text.replace(/\s+/g, ' ')).toContain('15 mars 2029');
    await product.mails(comesBack, 2);
  });

  it('a renewed session counts as a use', async () => {
    await moveTo('2029-03-01T09:00:00.000Z');
    expect(await review()).toMatchObject({ changed: 0 });
    await moveTo('2029-03-11T09:00:00.000Z');
    expect(await review()).toMatchObject({ changed: 1 });
    expect((await product.mail(renews, 'Votre espace n’est plus utilisé')).to).toBe(renews);
  });

  it('signing in keeps them; the others are erased at 24 months, and told', async () => {
    expect((await product.signIn(comesBack)).status).toBe(200);
    await moveTo('2029-03-15T10:00:00.000Z');
    expect(await review()).toMatchObject({ changed: 1, failed: 0 });
    await product.control('POST', '/timers/advance-rights-requests');
    expect((await product.mail(unused, 'effacées')).text).toContain('vingt-quatre mois');
    expect((await product.signIn(unused)).status).toBe(401);
    expect((await product.signIn(comesBack)).status).toBe(200);
    expect(await subjects(comesBack)).not.toContain('Vos données sont effacées');
  });
});
