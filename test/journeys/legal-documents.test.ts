import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { useProduct } from '../support/product.ts';

const product = useProduct();
const CHARTER = '/api/v1/legal-documents/privacy-charter';

const moveClock = (now: Date) => product.control('PUT', '/clock', { now: now.toISOString() });
const clock = async () => new Date((await product.control('GET', '/clock')).body.now);
async function publish(body: object) {
  const token = await product.staffToken('publisher');
  return product.call('POST', '/api/v1/desk/legal-documents/privacy-charter/versions', { token, body });
}

describe('A1 what everybody may read before accepting it', () => {
  it.each(['terms', 'privacy-charter', 'cookie-notice'])(
    '%s: in both languages, with a hash of the text',
    async (kind) => {
      const read = (language: string) =>
        product.call('GET', `/api/v1/legal-documents/${kind}`, { headers: { 'accept-language': language } });
      const [french, english] = [await read('fr'), await read('en')];
      expect(french).toMatchObject({ status: 200, body: { kind, version: '1.0', language: 'fr' } });
      expect(english.body).toMatchObject({ language: 'en', contentType: 'text/markdown' });
      expect(english.body.content).not.toBe(french.body.content);
      for (const { body } of [french, english]) {
        expect(body.sha256).toBe(createHash('sha256').update(body.content).digest('hex'));
      }
    },
  );

  it('B1 names the controller and the DPO in the charter', async () => {
    const { body } = await product.call('GET', CHARTER);
    const { name, dpo } = (await product.call('GET', '/api/v1/controller')).body;
    for (const fact of [name, dpo.email, dpo.postalAddress]) expect(body.content).toContain(fact);
  });

  it('a version that does not exist, and a time before there was any, is a 404', async () => {
    expect((await product.call('GET', `${CHARTER}/versions/7.7`)).status).toBe(404);
    const now = await clock();
    await moveClock(new Date('2021-12-31T12:00:00Z'));
    expect(await product.call('GET', CHARTER)).toMatchObject({ status: 404, body: { code: 'not-found' } });
    await moveClock(now);
  });
});

describe('I1 a version takes effect at the instant that it names', () => {
  it('and not before; the earlier one stays readable for ever', async () => {
    const now = await clock();
    const effectiveAt = new Date(now.getTime() + 86_400_000).toISOString();
    const published = await publish({ version: '2.0', title: 'Charte', content: '# Deux', effectiveAt });
    expect(published).toMatchObject({ status: 201, body: { version: '2.0', effectiveAt } });
    expect((await product.call('GET', CHARTER)).body.version).toBe('1.0');
    expect((await product.call('GET', `${CHARTER}/versions/2.0`)).body).toMatchObject({
      content: '# Deux',
      effectiveAt,
    });
    await moveClock(new Date(now.getTime() + 86_500_000));
    expect((await product.call('GET', CHARTER)).body).toMatchObject({ version: '2.0', language: 'fr' });
    const { items } = (await product.call('GET', `${CHARTER}/versions`)).body;
    expect(items.map(({ version }: { version: string }) => version)).toEqual(['2.0', '1.0']);
    expect((await product.call('GET', `${CHARTER}/versions/1.0`)).status).toBe(200);
  });

  it('which cannot lie in the past', async () => {
    const effectiveAt = '2024-01-01T00:00:00.000Z';
    expect(await publish({ version: '3.0', title: 'Charte', content: '# Trois', effectiveAt })).toMatchObject({
      status: 422,
      body: { code: 'unprocessable' },
    });
  });
});
