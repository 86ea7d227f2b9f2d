import { createHash } from 'node:crypto';
import { beforeAll, describe, expect, it } from 'vitest';
import { dataCategories } from '../../shared/personal-data/index.ts';
import { casesOf, codeIn, wrongCode } from '../support/cases.ts';
import { PASSWORD, useProduct } from '../support/product.ts';
import { unzipped } from '../support/zip.ts';

const product = useProduct();
const cases = casesOf(product);
const START = '2026-12-01T09:00:00.000Z';
let dpo: string;

beforeAll(async () => {
  await cases.moveClock(START);
  dpo = await cases.staff('dpo-1', 'dpo');
});

/** Fetches a package as bytes. */
async function fetched(path: string, headers: Readonly<Record<string, string>>) {
  const response = await fetch(`${product.stack.url}${path}`, { headers });
  return { status: response.status, headers: response.headers, bytes: Buffer.from(await response.arrayBuffer()) };
}

/** Approves a request and has it carried out. */
async function carriedOut(id: string) {
  expect((await cases.act(dpo, id, 'approve', {})).status).toBe(200);
  await cases.advance();
  return (await cases.detail(dpo, id)).body;
}

describe('G1 G4 the person’s own data', () => {
  it('are fetched with a recent sign-in; every download is on record and told by mail', async () => {
    const email = 'reads@partner.example';
    await product.person(email);
    const token = (await product.signIn(email)).body.accessToken as string;
    const { body } = await cases.submit(token, { type: 'access' });
    const path = `/api/v1/rights-requests/${body.id}/package`;
    const done = await carriedOut(body.id);
    expect(done).toMatchObject({ status: 'completed', package: { expiresAt: expect.stringMatching(/^2026-12-15/) } });
    expect((await product.mail(email, 'sont prêtes')).to).toBe(email);

    const package1 = await fetched(path, { authorization: `Bearer ${token}` });
    expect(package1.status).toBe(200);
    expect(package1.headers.get('content-type')).toBe('application/zip');
    expect(package1.headers.get('content-disposition')).toMatch(/^attachment; filename="access-2026-.*\.zip"$/);
    expect(createHash('sha256').update(package1.bytes).digest('hex')).toBe(done.package.sha256);
    const files = await unzipped(package1.bytes);
    const requests = JSON.parse(files.get('data/rights-requests.json')?.toString() ?? '{}');
    expect(JSON.stringify(requests)).toContain(body.reference);
    expect((await product.mail(email, 'téléchargées')).to).toBe(email);
    const { body: seen } = await cases.read(body.id, token);
    expect(seen.history.at(-1)).toMatchObject({ action: 'package-downloaded', actor: { kind: 'person' } });

    await cases.moveClock('2026-12-01T09:11:00.000Z');
    const old = await product.call('GET', path, { token });
    expect(old.status).toBe(401);
    await product.person('curious@partner.example');
    const stranger = (await product.signIn('curious@partner.example')).body.accessToken;
    expect((await product.call('GET', path, { token: stranger })).status).toBe(404);
    await cases.moveClock('2026-12-16T09:00:00.000Z');
    const again = (await product.signIn(email)).body.accessToken as string;
    expect(await product.call('GET', path, { token: again })).toMatchObject({ status: 410, body: { code: 'gone' } });
    await cases.moveClock(START);
  });

  it('want the sign-in proved anew when it is old', async () => {
    const email = 'proves@partner.example';
    await product.person(email);
    const { body: tokens } = await product.signIn(email);
    const { body } = await cases.submit(tokens.accessToken, { type: 'portability' });
    const path = `/api/v1/rights-requests/${body.id}/package`;
    await carriedOut(body.id);
    await cases.moveClock('2026-12-01T09:09:00.000Z');
    const refreshed = await product.call('POST', '/api/v1/auth/refresh', {
      body: { refreshToken: tokens.refreshToken },
    });
    await cases.moveClock('2026-12-01T09:12:00.000Z');
    const token = refreshed.body.accessToken as string;
    expect(await product.call('GET', path, { token })).toMatchObject({
      status: 401,
      body: { code: 'reauthentication-required' },
    });
    const proved = await product.call('POST', '/api/v1/auth/reauthenticate', { token, body: { password: PASSWORD } });
    expect((await fetched(path, { authorization: `Bearer ${proved.body.accessToken}` })).status).toBe(200);
    await cases.moveClock(START);
  });

  it('without an account are fetched by tracking code and a mailed code that works once', async () => {
    const email = 'no-account@partner.example';
    const { id, headers } = await cases.confirmed({ type: 'access' }, { email });
    const path = `/api/v1/rights-requests/${id}/package`;
    const askCode = () => product.call('POST', `${path}/code`, { headers });
    expect((await askCode()).status).toBe(409);
    expect((await product.call('POST', `${path}/code`)).status).toBe(404);
    await carriedOut(id);
    expect((await fetched(path, headers)).status).toBe(401);
    expect((await askCode()).status).toBe(202);
    const code = codeIn(await product.mail(email, 'Votre code'));
    const by = (given: string) => fetched(path, { ...headers, 'x-confirmation-code': given });
    const guesses = await Promise.all(Array.from({ length: 12 }, () => by(wrongCode(code))));
    expect(guesses.filter(({ status }) => status === 422)).toHaveLength(5);
    expect(guesses.filter(({ status }) => status === 401)).toHaveLength(7);
    expect((await by(code)).status).toBe(401);
    await askCode();
    const renewed = codeIn(await product.mail(email, 'Votre code', 2));
    const both = await Promise.all([by(renewed), by(renewed)]);
    expect(both.map(({ status }) => status).toSorted()).toEqual([200, 401]);
    expect((await fetched(path, { 'x-confirmation-code': renewed })).status).toBe(404);
    for (let sent = 2; sent < 10; sent += 1) await askCode();
    expect((await askCode()).status).toBe(429);
    await cases.moveClock('2026-12-16T09:00:00.000Z');
    expect((await askCode()).status).toBe(410);
    await cases.moveClock(START);
  });

  it('asked for by letter are handed over by the desk, which completes the case', async () => {
    const { body } = await cases.record(dpo, {
      type: 'access',
      channel: 'post',
      receivedOn: '2026-11-30',
      contact: { givenName: 'Ana', familyName: 'Costa', email: 'ana@partner.example' },
    });
    const path = `/api/v1/desk/rights-requests/${body.id}/package`;
    const authorization = `Bearer ${dpo}`;
    expect((await fetched(path, { authorization })).status).toBe(403);
    const granted = await product.call('PUT', '/api/v1/desk/habilitations/dpo-1', {
      token: await product.staffToken('habilitation-admin'),
      body: { categories: dataCategories, missions: ['rights-requests'], expiresOn: '2027-03-31' },
    });
    expect(granted.status).toBe(201);
    expect((await fetched(path, { authorization })).status).toBe(409);
    expect((await carriedOut(body.id)).status).toBe('executing');
    expect((await fetched(path, { authorization })).status).toBe(200);
    const support = await cases.staff('support-1', 'support');
    expect((await fetched(path, { authorization: `Bearer ${support}` })).status).toBe(403);
    const completed = await cases.act(dpo, body.id, 'complete', { note: 'Remis en main propre' });
    expect(completed.body.status).toBe('completed');
    expect(completed.body.history.map(({ action }: { action: string }) => action)).toContain('package-downloaded');
    await cases.moveClock('2026-12-16T09:00:00.000Z');
    dpo = await cases.staff('dpo-1', 'dpo');
    expect((await fetched(path, { authorization: `Bearer ${dpo}` })).status).toBe(410);
    await cases.moveClock(START);
    dpo = await cases.staff('dpo-1', 'dpo');
  });

  it('leave with the working copy of the case 30 days after it was closed; the archive keeps no name', async () => {
    const email = 'archived@partner.example';
    await product.person(email);
    const token = (await product.signIn(email)).body.accessToken as string;
    const { body } = await cases.submit(token, { type: 'access', details: 'Pour mes archives' });
    await carriedOut(body.id);
    await product.control('POST', '/timers/deliver-notifications');
    await cases.moveClock('2027-01-02T09:00:00.000Z');
    dpo = await cases.staff('dpo-1', 'dpo');
    expect((await cases.detail(dpo, body.id)).status).toBe(404);
    const auditor = await cases.staff('auditor-1', 'auditor');
    const { body: archive } = await product.call('GET', '/api/v1/desk/case-archive', { token: auditor });
    const mine = archive.items.find(({ id }: { id: string }) => id === body.id);
    expect(mine).toMatchObject({ status: 'completed', days: 0, expiresAt: expect.stringMatching(/^2031-12-01/) });
    expect(JSON.stringify(archive)).not.toMatch(/archived@|Élodie|mes archives/);
    for (const role of ['support', 'operator'])
      expect(
        (await product.call('GET', '/api/v1/desk/case-archive', { token: await cases.staff('x', role) })).status,
      ).toBe(403);
  });
});
