import { Ajv2020 } from 'ajv/dist/2020.js';
import { beforeAll, describe, expect, it } from 'vitest';
import { useProduct } from '../support/product.ts';

const product = useProduct({ ALLOWED_ORIGINS: 'https://extranet.example' });

interface Operation {
  readonly security: readonly Record<string, unknown>[];
  readonly requestBody?: object;
}
let operations: { path: string; method: string; operation: Operation }[];

beforeAll(async () => {
  const { body } = await product.call('GET', '/api/openapi.json');
  operations = Object.entries(body.paths as Record<string, Record<string, Operation>>).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({
      path: sample(path),
      method: method.toUpperCase(),
      operation,
    })),
  );
});

/** A path with every parameter filled in. */
function sample(path: string): string {
  return path
    .replace('/legal-documents/{kind}', '/legal-documents/terms')
    .replace('{kind}', 'terms')
    .replace('{version}', '1.0')
    .replace('{formId}', 'form')
    .replace('/rights-requests/{id}', `/rights-requests/req_${'a'.repeat(22)}`)
    .replace('{proofId}', `prf_${'a'.repeat(22)}`)
    .replace('{id}', `ses_${'a'.repeat(22)}`);
}

describe('the contract', () => {
  it('is OpenAPI 3.1 and compiles as schemas', async () => {
    const { body } = await product.call('GET', '/api/openapi.json');
    expect(body.openapi).toBe('3.1.0');
    const ajv = new Ajv2020({ strict: false, formats: { 'date-time': true, email: true } });
    for (const { operation } of operations) {
      const content = (operation.requestBody as { content?: Record<string, { schema: object }> } | undefined)?.content;
      if (content) expect(ajv.compile(content['application/json']?.schema ?? {})).toBeTypeOf('function');
    }
    expect(operations.length).toBeGreaterThan(25);
  });

  it('is served as a page without script or remote resource', async () => {
    const { headers, body } = await product.call('GET', '/api/docs');
    expect(headers.get('content-type')).toContain('text/html');
    expect(body).not.toMatch(/<script|src=|@import|url\(/i);
    expect(body).toContain('/api/v1/auth/login');
  });

  it('without a token every protected endpoint answers 401', async () => {
    for (const { path, method, operation } of operations) {
      if (operation.security.length === 0 || operation.security.some((way) => Object.keys(way).length === 0)) continue;
      const { status, body } = await product.call(method, path, operation.requestBody ? { body: {} } : {});
      expect({ path, method, status, code: body.code }).toEqual({ path, method, status: 401, code: 'unauthenticated' });
    }
  });

  it('a body that is not JSON, too large, broken or surplus gets its own answer from every open endpoint', async () => {
    for (const { path, method, operation } of operations) {
      if (!operation.requestBody || operation.security.length > 0) continue;
      const answer = async (body: string, type: string) =>
        (await product.call(method, path, { body, headers: { 'content-type': type } })).body.code;
      expect(await answer('{}', 'text/plain')).toBe('unsupported-media-type');
      expect(await answer(JSON.stringify({ a: 'x'.repeat(70_000) }), 'application/json')).toBe('payload-too-large');
      expect(await answer('{"a":', 'application/json')).toBe('invalid-request');
      expect(await answer('{"surplus":1}', 'application/json')).toBe('invalid-request');
    }
  });

  it('a path or a method that does not exist is a problem like every other', async () => {
    for (const [method, path] of [
      ['GET', '/api/v1/nothing'],
      ['DELETE', '/api/v1/controller'],
      ['GET', '/'],
    ] as const) {
      const { status, headers, body } = await product.call(method, path);
      expect({ path, status, code: body.code }).toEqual({ path, status: 404, code: 'not-found' });
      expect(headers.get('x-request-id')).toBeTruthy();
    }
  });

  it('tells problems in French unless English is preferred', async () => {
    const french = await product.call('GET', '/api/v1/me');
    const english = await product.call('GET', '/api/v1/me', { headers: { 'accept-language': 'en-GB,fr;q=0.5' } });
    expect(french.headers.get('content-type')).toContain('application/problem+json');
    expect(french.body.title).toBe('Identification requise ou refusée.');
    expect(english.body.title).toBe('Authentication is missing or was refused.');
  });

  it('an idempotency key replays the answer, refuses another body, and lets one of two requests run', async () => {
    const send = (email: string, key: string) =>
      product.call('POST', '/api/v1/accounts', {
        body: product.registration(email),
        headers: { 'idempotency-key': key },
      });
    expect((await send('once@partner.example', 'k1')).status).toBe(202);
    const replay = await send('once@partner.example', 'k1');
    expect(replay.status).toBe(202);
    expect(replay.headers.get('idempotency-replayed')).toBe('true');
    expect((await send('twice@partner.example', 'k1')).status).toBe(422);
    expect(await product.mails('once@partner.example')).toHaveLength(1);
  });

  it.each([
    ['/api/v1/accounts', 202, product.registration('both@partner.example')],
    [
      '/api/v1/contact',
      202,
      { message: 'Bonjour', contact: { email: 'both@partner.example', givenName: 'Ana', familyName: 'Łuk' } },
    ],
  ])(
    'of two requests under one idempotency key at once one runs and the other is told so: %s',
    async (path, status, body) => {
      // Every operation is late, so that the second request comes while the first is under way.
      await product.control('PUT', '/faults', { target: 'cosmos', rate: 1, latencyMs: 100 });
      const send = () => product.call('POST', path, { body, headers: { 'idempotency-key': 'both' } });
      const answers = await Promise.all([send(), send()]);
      await product.control('DELETE', '/faults');
      expect(answers.map((answer) => answer.status).toSorted()).toEqual([status, 409]);
      expect(answers.find((answer) => answer.status === 409)?.headers.get('retry-after')).toBeTruthy();
      expect((await send()).headers.get('idempotency-replayed')).toBe('true');
    },
  );

  it('answers cross-origin calls of the configured origins only', async () => {
    const preflight = (origin: string) =>
      product.call('OPTIONS', '/api/v1/me', { headers: { origin, 'access-control-request-method': 'GET' } });
    expect((await preflight('https://extranet.example')).headers.get('access-control-allow-origin')).toBe(
      'https://extranet.example',
    );
    const refused = (await preflight('https://evil.example')).headers;
    expect(refused.get('access-control-allow-origin')).toBeNull();
    expect(refused.get('x-request-id')).toBeTruthy();
    expect(refused.get('strict-transport-security')).toBeTruthy();
  });

  it('publishes the keys that verify its tokens, and nothing private', async () => {
    const { body } = await product.call('GET', '/.well-known/jwks.json');
    expect(body.keys[0]).toMatchObject({ kty: 'EC', crv: 'P-256', use: 'sig', alg: 'ES256' });
    expect(body.keys[0]).not.toHaveProperty('d');
  });
});

describe('when the database fails', () => {
  it('a fifth of the operations failing is not noticed', async () => {
    await product.control('PUT', '/faults', { target: 'cosmos', rate: 0.2, status: 503, latencyMs: 0 });
    const { email } = await product.person('faults@partner.example');
    expect((await product.signIn(email)).status).toBe(200);
    await product.control('DELETE', '/faults');
  });

  it('an outage is a 503 with Retry-After, and health says what is down', async () => {
    await product.control('PUT', '/faults', { target: 'cosmos', rate: 1, status: 503, latencyMs: 0 });
    const { status, headers, body } = await product.signIn('anyone@partner.example');
    expect({ status, code: body.code }).toEqual({ status: 503, code: 'service-unavailable' });
    expect(headers.get('retry-after')).toBe('5');
    expect(await product.call('GET', '/api/health')).toMatchObject({
      status: 503,
      body: { checks: { database: 'down', storage: 'ok' } },
    });
    await product.control('DELETE', '/faults');
    expect((await product.call('GET', '/api/health')).status).toBe(200);
  });
});
