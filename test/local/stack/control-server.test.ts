import { request } from 'node:http';
import { describe, expect, it, onTestFinished } from 'vitest';
import { ControlError, startControlServer } from '../../../local/control/control-server.ts';

async function startedServer() {
  const server = await startControlServer(0);
  onTestFinished(server.stop);
  server.serve([
    { path: /^\/echo\/(\w+)$/, methods: { PUT: ({ values, query, body }) => ({ values, q: query.get('q'), body }) } },
    {
      path: /^\/fail$/,
      methods: {
        GET: () => {
          throw new ControlError(409, 'no');
        },
      },
    },
  ]);
  const ask = async (method: string, path: string, body?: string, headers: Record<string, string> = {}) => {
    const response = await rawRequest(server.port, method, path, headers, body);
    return { status: response.status, body: JSON.parse(response.text) as unknown };
  };
  return { server, ask };
}

/** `fetch` would not let a test choose Host, Origin and Sec-Fetch-Site. */
function rawRequest(port: number, method: string, path: string, headers: Record<string, string>, body?: string) {
  return new Promise<{ status: number | undefined; text: string }>((resolve, reject) => {
    const outgoing = request({ host: '127.0.0.1', port, method, path, headers }, (answer) => {
      let text = '';
      answer.on('data', (chunk) => {
        text += String(chunk);
      });
      answer.on('end', () => resolve({ status: answer.statusCode, text }));
    });
    outgoing.on('error', reject);
    outgoing.end(body);
  });
}

describe('the control server', () => {
  it('hands path values, query and body to the route', async () => {
    const { ask } = await startedServer();
    expect(await ask('PUT', '/echo/one?q=two', '{"a":1}')).toEqual({
      status: 200,
      body: { values: ['one'], q: 'two', body: { a: 1 } },
    });
  });

  it.each([
    ['GET', '/nowhere', undefined, 404],
    ['DELETE', '/echo/one', undefined, 405],
    ['PUT', '/echo/one', '{', 400],
    ['PUT', '/echo/one', JSON.stringify('x'.repeat(70_000)), 413],
    ['GET', '/fail', undefined, 409],
  ])('answers %s %s with a clear error', async (method, path, body, status) => {
    const { ask } = await startedServer();
    expect(await ask(method, path, body)).toEqual({ status, body: { error: expect.any(String) } });
  });

  it.each([
    ['a page of another site', { origin: 'https://evil.example' }],
    ['a page on this machine', { origin: 'http://127.0.0.1:8080' }],
    ['an image in a page', { 'sec-fetch-site': 'cross-site' }],
    ['a name that was made to point here', { host: 'evil.example:7072' }],
  ])('refuses %s', async (_who, headers) => {
    const { ask } = await startedServer();
    expect((await ask('PUT', '/echo/one', '{}', headers)).status).toBe(403);
  });

  it('cannot be reached under another address than the loopback’s', async () => {
    const { server } = await startedServer();
    expect(server.url).toBe(`http://127.0.0.1:${server.port}`);
  });

  it('says that a taken port is taken, and how to choose another', async () => {
    const { server } = await startedServer();
    await expect(startControlServer(server.port)).rejects.toThrow(
      `Port ${server.port} is in use: stop what listens there, or choose another port with CONTROL_PORT.`,
    );
  });
});
