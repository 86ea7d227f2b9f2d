import { createHash } from 'node:crypto';
import { beforeAll, describe, expect, it } from 'vitest';
import { casesOf } from '../support/cases.ts';
import { pdf, png, zip } from '../support/identity-documents.ts';
import { useProduct } from '../support/product.ts';
import { storedBy } from '../support/stored.ts';

const product = useProduct();
const cases = casesOf(product);
const document = pdf('/Lang (fr)');
let owner: string;
let dpo: string;

beforeAll(async () => {
  await product.person('owner@partner.example');
  owner = (await product.signIn('owner@partner.example')).body.accessToken;
  dpo = await cases.staff('dpo-1', 'dpo');
  const granted = await product.call('PUT', '/api/v1/desk/habilitations/dpo-1', {
    token: await product.staffToken('habilitation-admin'),
    body: { categories: ['identity-proofs'], missions: ['rights-requests'], expiresOn: inThreeMonths() },
  });
  if (granted.status >= 300) throw new Error(`granting answered ${granted.status}`);
});

const inThreeMonths = () => new Date(Date.now() + 90 * 86_400_000).toISOString().slice(0, 10);

/** A request whose author is doubted. */
async function doubted() {
  const { id, headers } = await cases.confirmed(
    { type: 'access' },
    { email: `${crypto.randomUUID()}@partner.example` },
  );
  const asked = await cases.act(dpo, id, 'request-identity', { reason: 'Adresse inconnue de nos services' });
  expect(asked).toMatchObject({ status: 200, body: { status: 'awaiting-identity', identity: { state: 'awaiting' } } });
  return { id, headers };
}

describe('G9 identity is proved where there is doubt', () => {
  it('no document is taken without having been asked for', async () => {
    const { body } = await cases.submit(owner, { type: 'access' });
    const authorization = { authorization: `Bearer ${owner}` };
    expect((await cases.upload(body.id, document, authorization)).status).toBe(409);
    expect((await cases.upload(body.id, document, {})).status).toBe(404);
  });

  it('the person is told why, hands a document in, and the clock goes on', async () => {
    const { id, headers } = await doubted();
    expect((await cases.act(dpo, id, 'approve', {})).status).toBe(409);
    const handed = await cases.upload(id, document, headers);
    expect(handed.status).toBe(201);
    const proof = (await handed.json()) as { id: string };
    expect(proof).toEqual({
      id: expect.stringMatching(/^prf_[\w-]{22}$/),
      size: document.length,
      sha256: createHash('sha256').update(document).digest('hex'),
    });
    const seen = await product.call('GET', `/api/v1/rights-requests/${id}`, { headers });
    expect(seen.body).toMatchObject({
      status: 'in-review',
      identity: { state: 'supplied', reason: 'Adresse inconnue de nos services' },
      identityProofs: [{ id: proof.id, kind: 'passport', mediaType: 'application/pdf' }],
    });
    expect((await cases.act(dpo, id, 'approve', {})).status).toBe(409);
    const verified = await cases.act(dpo, id, 'identity', { decision: 'verified', method: 'document' });
    expect(verified).toMatchObject({
      status: 200,
      body: { status: 'in-review', identity: { state: 'verified', method: 'document' }, identityProofs: [] },
    });
    expect((await cases.upload(id, document, headers)).status).toBe(409);
    expect((await cases.act(dpo, id, 'approve', {})).status).toBe(200);
  });

  it('a file that is not what it claims is refused: polyglot, cut off, a zip named PDF, a picture without end', async () => {
    const { id, headers } = await doubted();
    const answer = async (bytes: Buffer, type: string) => {
      const response = await cases.upload(id, bytes, { ...headers, 'accept-language': 'en' }, type);
      return { status: response.status, code: ((await response.json()) as { code?: string }).code };
    };
    const refused = { status: 422, code: 'unprocessable' };
    expect(await answer(zip(), 'application/pdf')).toEqual(refused);
    expect(await answer(Buffer.concat([document, zip()]), 'application/pdf')).toEqual(refused);
    expect(await answer(document.subarray(0, document.length - 20), 'application/pdf')).toEqual(refused);
    expect(await answer(png(50_000, 50_000), 'image/png')).toEqual(refused);
    expect(await answer(document, 'image/png')).toEqual(refused);
    expect(await answer(document, 'text/html')).toEqual({ status: 415, code: 'unsupported-media-type' });
    expect(await answer(Buffer.alloc(10 * 1024 * 1024 + 1), 'application/pdf')).toEqual({
      status: 413,
      code: 'payload-too-large',
    });
    const unnamed = await cases.upload(id, document, headers, 'application/pdf', 'library-card');
    expect(unnamed.status).toBe(400);
    const seen = await product.call('GET', `/api/v1/rights-requests/${id}`, { headers });
    expect(seen.body).toMatchObject({ status: 'awaiting-identity', identityProofs: [] });
  });

  it('takes a document of ten mebibytes', async () => {
    const { id, headers } = await doubted();
    const large = pdf(`/Padding (${'a'.repeat(10 * 1024 * 1024 - pdf('/Padding ()').length - 10)})`);
    expect((await cases.upload(id, large, headers)).status).toBe(201);
    expect((await cases.act(dpo, id, 'identity', { decision: 'insufficient', method: 'document' })).status).toBe(200);
  });
});

describe('C3 an identity document at the desk', () => {
  it('is seen only with a habilitation for it, as a download, and the look is on record first', async () => {
    const { id, headers } = await doubted();
    const { id: proofId } = (await (await cases.upload(id, document, headers)).json()) as { id: string };
    const path = `/api/v1/desk/rights-requests/${id}/identity-proofs/${proofId}`;
    const look = async (token: string) => product.fetch(`${path}`, { headers: { authorization: `Bearer ${token}` } });
    expect((await look(await cases.staff('dpo-2', 'dpo'))).status).toBe(403);
    expect((await look(await cases.staff('auditor-1', 'auditor'))).status).toBe(403);
    expect((await look(await cases.staff('support-1', 'support'))).status).toBe(403);
    const seen = await look(dpo);
    expect(seen.status).toBe(200);
    expect(seen.headers.get('content-type')).toBe('application/pdf');
    expect(seen.headers.get('content-disposition')).toBe(`attachment; filename="${proofId}.pdf"`);
    expect(seen.headers.get('x-content-type-options')).toBe('nosniff');
    expect(Buffer.from(await seen.arrayBuffer()).equals(document)).toBe(true);

    await cases.act(dpo, id, 'identity', { decision: 'verified', method: 'document' });
    expect((await look(dpo)).status).toBe(404);
  });

  it('is stored encrypted under a name that says nothing, and its file is gone with the decision', async () => {
    const { id, headers } = await doubted();
    const marked = pdf('/Lang (marque-en-clair)');
    await cases.upload(id, marked, headers);
    const before = await storedBy(product).blobs('identity-proofs');
    const mine = before.filter(({ name }) => name.startsWith(id));
    expect(mine).toHaveLength(1);
    expect(mine[0]?.name).toMatch(/^req_[\w-]{22}\/prf_[\w-]{22}$/);
    expect(before.some(({ bytes }) => bytes.includes('marque-en-clair'))).toBe(false);
    await cases.act(dpo, id, 'reject', { ground: 'identity-not-proven', reason: 'Nom différent' });
    await product.control('POST', '/timers/deliver-notifications');
    const names = (await storedBy(product).blobs('identity-proofs')).map(({ name }) => name);
    expect(names.filter((name) => name.startsWith(id))).toEqual([]);
    const left = await product.call('GET', `/api/v1/rights-requests/${id}`, { headers });
    expect(left.body).toMatchObject({ status: 'rejected', ground: 'identity-not-proven', identityProofs: [] });
  });

  it('is gone after 30 days if nobody decides', async () => {
    const { id, headers } = await doubted();
    const { id: proofId } = (await (await cases.upload(id, document, headers)).json()) as { id: string };
    const path = `/api/v1/desk/rights-requests/${id}/identity-proofs/${proofId}`;
    const now = new Date((await product.control('GET', '/clock')).body.now);
    const daysLater = (days: number) => new Date(now.getTime() + days * 86_400_000).toISOString();
    await cases.moveClock(daysLater(29));
    const token = await cases.staff('dpo-1', 'dpo');
    expect((await product.call('GET', path, { token })).status).toBe(200);
    await cases.moveClock(daysLater(29.99));
    const later = await cases.staff('dpo-1', 'dpo');
    expect((await product.call('GET', path, { token: later })).status).toBe(404);
    await product.control('POST', '/timers/deliver-notifications');
    expect((await storedBy(product).blobs('identity-proofs')).filter(({ name }) => name.startsWith(id))).toEqual([]);
    await cases.moveClock(now.toISOString());
  });

  it('is gone even when no timer ran in time, and the record went first', async () => {
    const { id, headers } = await doubted();
    await cases.upload(id, document, headers);
    const now = new Date((await product.control('GET', '/clock')).body.now);
    await cases.moveClock(new Date(now.getTime() + 31 * 86_400_000).toISOString());
    await product.control('POST', '/timers/purge-expired-data');
    expect((await storedBy(product).blobs('identity-proofs')).filter(({ name }) => name.startsWith(id))).toEqual([]);
    await cases.moveClock(now.toISOString());
  });
});
