import { describe, expect, it } from 'vitest';
import { useProduct } from '../support/product.ts';

const product = useProduct();
const DESK = '/api/v1/desk/legal-documents/terms/versions';

describe('when the identity provider of the staff cannot be asked', () => {
  it.each([
    ['answers 500', { status: 500 }],
    ['answers 404', { status: 404 }],
  ])('and %s, a desk call is a 503 with Retry-After, and works again once it can', async (_, fault) => {
    const token = await product.staffToken('auditor');
    const call = () => product.call('POST', DESK, { token, body: { version: '2.0', title: 'T', content: 'C' } });
    await product.control('PUT', '/faults', { target: 'staff-identity', ...fault });
    const answer = await call();
    expect(answer).toMatchObject({ status: 503, body: { code: 'service-unavailable' } });
    expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0);
    expect((await product.call('GET', '/api/v1/controller')).status).toBe(200);
    await product.control('DELETE', '/faults?target=staff-identity');
    expect((await call()).status).toBe(403);
    await product.stack.killFunctions();
    await product.stack.restartFunctions();
  });
});
