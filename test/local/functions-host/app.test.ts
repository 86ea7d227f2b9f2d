import { request as httpRequest } from 'node:http';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import {
  app,
  type HttpRequest,
  HttpResponse,
  type HttpResponseInit,
  type InvocationContext,
  type Timer,
} from '@azure/functions';
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { createLocalClock } from '../../../local/clock.ts';
import { type FunctionsHost, startFunctionsHost } from '../../../local/functions-host/host.ts';
import type { HostLogEntry } from '../../../local/functions-host/log-entry.ts';

/** One app through the real library, and what became of it. */
let host: FunctionsHost;
const log: HostLogEntry[] = [];
const events: string[] = [];
const timerInputs: Timer[] = [];
let timerFails = false;
const ADMIN_KEY = 'the-master-key';

/** Answers what the function was given. */
async function show(request: HttpRequest, context: InvocationContext): Promise<HttpResponseInit> {
  const body = request.method === 'GET' ? undefined : await request.text();
  return {
    jsonBody: {
      name: context.functionName,
      url: request.url,
      method: request.method,
      params: request.params,
      query: [...request.query],
      headers: Object.fromEntries(request.headers),
      body,
    },
  };
}

function register(): void {
  const get = (name: string, route: string) => app.get(name, { route, handler: show });
  get('echo', 'echo/{text?}');
  app.http('echo-any', {
    route: 'echo-any',
    methods: ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'],
    handler: show,
  });
  app.http('defaults', { handler: show });
  get('item', 'items/{id:int}');
  get('item-files', 'items/{id}/files/{*rest}');
  app.put('item-put', { route: 'items/{id:int}', handler: () => ({ status: 202 }) });
  // By name, the parameter stands before the literal "special" and after the literal "early".
  get('order-b-parameter', 'order/{any}');
  get('order-c-special', 'order/special');
  get('order-a-early', 'order/early');

  app.get('void', { handler: () => undefined as never });
  app.get('throws', {
    handler: () => {
      throw new Error('on purpose');
    },
  });
  app.get('text-result', { handler: () => 'text' as never });
  app.get('status-999', { handler: () => ({ status: 999 }) });
  app.get('stream', {
    handler: () => ({
      body: ReadableStream.from([Buffer.from('a'), Buffer.from('b')]),
    }),
  });
  app.get('bytes', {
    handler: () => ({ body: new Uint8Array([0, 255, 1]), headers: { 'content-type': 'application/zip' } }),
  });
  app.get('response-object', {
    handler: () => new HttpResponse({ status: 418, body: 'x', headers: { 'X-One': '1', 'x-two': '2' } }),
  });
  app.get('framing', {
    handler: () => ({ body: 'abc', headers: { 'content-length': '99', 'transfer-encoding': 'chunked' } }),
  });
  app.get('empty-304', { handler: () => ({ status: 304, headers: { etag: '"1"' } }) });
  app.get('huge', { handler: () => ({ body: Buffer.alloc(104_857_601) }) });
  app.get('cookies', {
    handler: (): HttpResponseInit => ({
      cookies: [
        { name: '__Host-a', value: 'x y;z', path: '/', secure: true, httpOnly: true, sameSite: 'Strict', maxAge: 60 },
        {
          name: 'b',
          value: '',
          expires: new Date('2030-01-02T03:04:05Z'),
          domain: 'example.org',
          path: '/p',
          sameSite: 'None',
        },
      ],
    }),
  });
  app.get('logs', {
    handler: (_request, context) => {
      context.log('plain %s', 'line', { a: 1 });
      context.warn('careful');
      context.debug('detail');
      return {};
    },
  });
  app.get('trace', { handler: (_request, context) => ({ jsonBody: context.traceContext }) });
  app.get('hooked', {
    route: 'hooked/{mode?}',
    handler: (request) => {
      if (request.params.mode === 'throw') throw new Error('for the hook');
      return { body: request.params.mode ?? 'none' };
    },
  });
  app.get('keyed', { authLevel: 'function', handler: () => ({ body: 'in' }) });
  app.timer('nightly', {
    schedule: '%NIGHT%',
    handler: (timer) => {
      timerInputs.push(timer);
      if (timerFails) throw new Error('the timer broke');
    },
  });

  app.hook.appStart((context) => {
    events.push('appStart 1');
    context.hookData.x = 1;
  });
  app.hook.appStart(() => void events.push('appStart 2'));
  app.hook.appTerminate(() => void events.push('appTerminate'));
  app.hook.preInvocation((context) => {
    if (context.invocationContext.functionName !== 'hooked') return;
    context.hookData.mark = 'kept';
    const original = context.functionHandler;
    const [request] = context.inputs as [HttpRequest];
    if (request.params.mode === 'replaced') context.functionHandler = () => ({ body: 'by the hook' });
    else context.functionHandler = (...inputs) => original(...inputs);
  });
  app.hook.postInvocation((context) => {
    if (context.invocationContext.functionName !== 'hooked') return;
    if (context.error) {
      context.error = null;
      context.result = { body: `healed, ${context.hookData.mark}` };
    }
  });
  app.hook.preInvocation(() => void events.push('disposed hook')).dispose();
  app.hook.log((context) => {
    if (context.message === 'careful') {
      context.level = 'error';
      context.message = `very ${context.message} (${context.invocationContext?.functionName})`;
    }
  });
}

beforeAll(async () => {
  host = await startFunctionsHost({
    port: 0,
    hostJson: { version: '2.0', extensions: { http: { routePrefix: '' } } },
    settings: { NIGHT: '0 0 3 * * *' },
    clock: createLocalClock(),
    load: async () => register(),
    timers: false,
    adminKey: ADMIN_KEY,
    log: (entry) => log.push(entry),
  });
});
afterAll(() => host.close());
beforeEach(() => {
  log.length = 0;
});

const call = (path: string, init?: RequestInit) => fetch(`${host.url}${path}`, init);
// biome-ignore lint/suspicious/noExplicitAny: the shape is what `show` answers
const given = async (path: string, init?: RequestInit): Promise<any> => (await call(path, init)).json();

/** Sends raw bytes and answers all that comes back. */
async function raw(request: string): Promise<string> {
  const socket = connect(host.port, '127.0.0.1');
  socket.end(request);
  return text(socket);
}

describe('routing', () => {
  test('a function without a route or methods answers GET and POST at its name', async () => {
    expect((await call('/defaults')).status).toBe(200);
    expect((await call('/DEFAULTS', { method: 'POST' })).status).toBe(200);
    expect((await call('/defaults', { method: 'PUT' })).status).toBe(404);
  });

  test('a path or method that nothing takes is a 404 with an empty body', async () => {
    for (const [path, method] of [
      ['/nothing', 'GET'],
      ['/items/5', 'DELETE'],
      ['/items/x', 'GET'],
      ['/echo', 'HEAD'],
      ['/admin/host/status', 'GET'],
    ] as const) {
      const response = await call(path, { method });
      expect([response.status, await response.text()], `${method} ${path}`).toEqual([404, '']);
    }
  });

  test('two functions share a route by their methods', async () => {
    expect((await call('/items/5')).status).toBe(200);
    expect((await call('/items/5', { method: 'PUT' })).status).toBe(202);
  });

  test('routes are tried in the order of function names, whatever is literal', async () => {
    expect((await given('/order/early')).name).toBe('order-a-early');
    expect((await given('/order/special')).name).toBe('order-b-parameter');
  });

  test('parameters are decoded, an absent one is missing, a catch-all keeps its slashes', async () => {
    expect((await given('/echo/a%20%C3%A9%2Fb')).params).toEqual({ text: 'a é%2Fb' });
    expect((await given('/echo')).params).toEqual({});
    expect((await given('/items/5/files/a/b%20c')).params).toEqual({ id: '5', rest: 'a/b c' });
    expect((await given('/items/5/files')).params).toEqual({ id: '5' });
  });

  test('the home page is off', async () => {
    const response = await call('/');
    expect([response.status, await response.text()]).toEqual([204, '']);
  });

  test('the functions are listed with their routes, methods and schedules', () => {
    expect(host.functions).toContainEqual({ name: 'item', trigger: 'http', route: 'items/{id:int}', methods: ['GET'] });
    expect(host.functions).toContainEqual({ name: 'nightly', trigger: 'timer', schedule: '0 0 3 * * *' });
  });
});

describe('the request', () => {
  test('has an absolute URL with the host as it was sent, https when the proxy says so', async () => {
    const { url, headers } = await given('/echo/x?a=b', { headers: { 'x-forwarded-proto': 'https' } });
    expect(url).toBe(`https://127.0.0.1:${host.port}/echo/x?a=b`);
    expect(headers).toMatchObject({ host: `127.0.0.1:${host.port}`, 'x-forwarded-proto': 'https' });
  });

  test('has repeated query keys joined with a comma, whatever their case', async () => {
    expect((await given('/echo?x=1&x=2&y=a+b%26&X=3&z&e=')).query).toEqual([
      ['x', '1,2,3'],
      ['y', 'a b&'],
      ['z', ''],
      ['e', ''],
    ]);
  });

  test('has repeated headers joined, and the peer after the forwarded addresses', async () => {
    const answer = await raw(
      'GET /echo HTTP/1.1\r\nHost: h\r\nX-A: 1\r\nx-a: 2\r\nX-Forwarded-For: 203.0.113.7\r\nConnection: close\r\n\r\n',
    );
    const { headers } = JSON.parse(answer.slice(answer.indexOf('\r\n\r\n')));
    expect(headers['x-a']).toBe('1,2');
    expect(headers['x-forwarded-for']).toMatch(/^203\.0\.113\.7, 127\.0\.0\.1:\d+$/);
    expect((await given('/echo')).headers['x-forwarded-for']).toMatch(/^127\.0\.0\.1:\d+$/);
  });

  test('has its body, byte by byte', async () => {
    expect((await given('/echo-any', { method: 'POST', body: 'é€' })).body).toBe('é€');
    expect((await given('/echo-any', { method: 'DELETE' })).body).toBe('');
    const large = 'x'.repeat(3_000_000);
    expect((await given('/echo-any', { method: 'PUT', body: large })).body).toBe(large);
  });

  test('loses a chunked body, with a warning', async () => {
    const { body } = await given('/echo-any', {
      method: 'POST',
      body: new Blob(['lost']).stream(),
      duplex: 'half',
    } as RequestInit);
    expect(body).toBe('');
    expect(log).toContainEqual(
      expect.objectContaining({ level: 'warning', message: expect.stringContaining('chunked body') }),
    );
  });

  test('is refused with 413 when it announces more than 100 MB', async () => {
    const head = (length: number) =>
      raw(`POST /echo-any HTTP/1.1\r\nHost: h\r\nContent-Length: ${length}\r\nConnection: close\r\n\r\n`);
    expect(await head(104_857_601)).toMatch(/^HTTP\/1\.1 413 /);
  });

  test('is refused with 400 when its host is not one', async () => {
    expect(await raw('GET /echo HTTP/1.1\r\nHost: a b/c\r\nConnection: close\r\n\r\n')).toMatch(/^HTTP\/1\.1 400 /);
  });

  test('may name parameters and headers like members of an object', async () => {
    const { query, headers } = await given('/echo?__proto__=1&constructor=2', { headers: { constructor: 'c' } });
    expect(query).toContainEqual(['constructor', '2']);
    expect(headers.constructor).toBe('c');
  });

  test('that is cut off in the middle of its body reaches no function and harms nobody', async () => {
    const socket = connect(host.port, '127.0.0.1');
    socket.write('POST /echo-any HTTP/1.1\r\nHost: h\r\nContent-Length: 100\r\n\r\nabc', () => socket.destroy());
    await vi.waitFor(() => expect(log).toContainEqual(expect.objectContaining({ level: 'error' })));
    expect(log.filter((entry) => entry.kind === 'invocation')).toEqual([]);
    expect((await call('/echo')).status).toBe(200);
  });
});

describe('the response', () => {
  test('is a 204 for nothing, an empty 500 for an error or what is no response', async () => {
    for (const [path, status] of [
      ['/void', 204],
      ['/throws', 500],
      ['/text-result', 500],
      ['/status-999', 500],
      ['/huge', 500],
    ] as const) {
      const response = await call(path);
      expect([response.status, await response.text()], path).toEqual([status, '']);
    }
  });

  test('keeps status, headers and body, and tells nothing of the server', async () => {
    const response = await call('/response-object');
    expect(response.status).toBe(418);
    expect(Object.fromEntries(response.headers)).toMatchObject({ 'x-one': '1', 'x-two': '2' });
    expect(response.headers.has('server') || response.headers.has('x-powered-by')).toBe(false);
    expect(await response.text()).toBe('x');
  });

  test('carries bytes and streams', async () => {
    const bytes = await call('/bytes');
    expect(new Uint8Array(await bytes.arrayBuffer())).toEqual(new Uint8Array([0, 255, 1]));
    expect(bytes.headers.get('content-type')).toBe('application/zip');
    expect(await (await call('/stream')).text()).toBe('ab');
  });

  test('is framed by the host, whatever the function says', async () => {
    const response = await call('/framing');
    expect(response.headers.get('content-length')).toBe('3');
    expect(await response.text()).toBe('abc');
  });

  test('to HEAD, and a 304, have no body', async () => {
    const head = await call('/echo-any', { method: 'HEAD' });
    expect([head.status, await head.text()]).toEqual([200, '']);
    expect(Number(head.headers.get('content-length'))).toBeGreaterThan(0);
    const notModified = await call('/empty-304');
    expect([notModified.status, notModified.headers.get('etag')]).toEqual([304, '"1"']);
  });

  test('sets each cookie in a header of its own, as ASP.NET writes it', async () => {
    expect((await call('/cookies')).headers.getSetCookie()).toEqual([
      '__Host-a=x%20y%3Bz; max-age=60; path=/; secure; samesite=strict; httponly',
      'b=; expires=Wed, 02 Jan 2030 03:04:05 GMT; domain=example.org; path=/p; samesite=none',
    ]);
  });

  test('keeps the connection open for the next request', async () => {
    const answers = await raw(
      'GET /void HTTP/1.1\r\nHost: h\r\n\r\nGET /bytes HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n',
    );
    expect(answers.match(/HTTP\/1\.1 20[04]/g)).toEqual(['HTTP/1.1 204', 'HTTP/1.1 200']);
  });
});

describe('hooks', () => {
  test('of the start run in order, one that was disposed never', async () => {
    expect(events.filter((event) => event.startsWith('appStart'))).toEqual(['appStart 1', 'appStart 2']);
    await call('/echo');
    expect(events).not.toContain('disposed hook');
  });

  test('before an invocation may replace the handler, those after it the result and the error', async () => {
    expect(await (await call('/hooked/plain')).text()).toBe('plain');
    expect(await (await call('/hooked/replaced')).text()).toBe('by the hook');
    expect(await (await call('/hooked/throw')).text()).toBe('healed, kept');
  });

  test('of the log may change a line', async () => {
    await call('/logs');
    const lines = log.flatMap((entry) =>
      entry.kind === 'message' && entry.category === 'user' ? [[entry.level, entry.message]] : [],
    );
    expect(lines).toEqual([
      ['information', 'plain line { a: 1 }'],
      ['error', 'very careful (logs)'],
      ['debug', 'detail'],
    ]);
  });
});

describe('the log', () => {
  test('has an entry for each invocation, with its outcome', async () => {
    await call('/echo');
    await call('/throws');
    const entries = log.filter((entry) => entry.kind === 'invocation');
    expect(entries).toMatchObject([
      { functionName: 'echo', trigger: 'http', outcome: 'succeeded', status: 200 },
      { functionName: 'throws', trigger: 'http', outcome: 'failed', status: 500, error: 'on purpose' },
    ]);
    expect(new Set(entries.map((entry) => entry.invocationId)).size).toBe(2);
    expect(entries.every((entry) => entry.durationMs >= 0)).toBe(true);
  });

  test('a valid incoming trace goes on, another begins anew', async () => {
    const trace = '4bf92f3577b34da6a3ce929d0e0e4736';
    const kept = await given('/trace', {
      headers: { traceparent: `00-${trace}-00f067aa0ba902b7-01`, tracestate: 'a=b' },
    });
    expect(kept.traceParent).toMatch(new RegExp(`^00-${trace}-[0-9a-f]{16}-01$`));
    expect(kept.traceState).toBe('a=b');
    expect((await given('/trace', { headers: { traceparent: 'junk' } })).traceParent).toMatch(/^00-[0-9a-f]{32}-/);
  });
});

describe('keys', () => {
  test('a function that is not anonymous wants the key, in a header or the query', async () => {
    expect((await call('/keyed')).status).toBe(401);
    expect((await call('/keyed', { headers: { 'x-functions-key': 'wrong' } })).status).toBe(401);
    expect((await call('/keyed', { headers: { 'x-functions-key': ADMIN_KEY } })).status).toBe(200);
    expect((await call(`/keyed?code=${ADMIN_KEY}`)).status).toBe(200);
  });
});

describe('timers', () => {
  const trigger = (name: string, body: string, key = ADMIN_KEY) =>
    call(`/admin/functions/${name}`, { method: 'POST', body, headers: { 'x-functions-key': key } });

  test('run by hand tell whether they are past due', async () => {
    timerInputs.length = 0;
    await host.runTimer('nightly');
    await host.runTimer('NIGHTLY', { isPastDue: true });
    expect(timerInputs).toMatchObject([{ isPastDue: false, schedule: { adjustForDST: true } }, { isPastDue: true }]);
    await expect(host.runTimer('echo')).rejects.toThrow("There is no timer named 'echo'.");
  });

  test('that fail reject for who runs them, and are logged', async () => {
    timerFails = true;
    await expect(host.runTimer('nightly')).rejects.toThrow('the timer broke');
    timerFails = false;
    expect(log).toContainEqual(
      expect.objectContaining({ kind: 'invocation', trigger: 'timer', outcome: 'failed', error: 'the timer broke' }),
    );
  });

  test('run through the admin endpoint, answered at once with 202', async () => {
    timerInputs.length = 0;
    expect((await trigger('nightly', '{"input":""}')).status).toBe(202);
    await vi.waitFor(() => expect(timerInputs).toHaveLength(1));
  });

  test('do not run through the admin endpoint without the key, the name or the JSON', async () => {
    timerInputs.length = 0;
    expect((await trigger('nightly', '{"input":""}', 'wrong')).status).toBe(401);
    expect((await trigger('unknown', '{"input":""}')).status).toBe(404);
    expect((await trigger('echo', '{"input":""}')).status).toBe(400);
    expect((await trigger('nightly', 'nonsense')).status).toBe(400);
    expect(timerInputs).toHaveLength(0);
  });
});

test('many requests at once each get their own answer', async () => {
  const texts = Array.from({ length: 200 }, (_, index) => `n${index}`);
  const answers = await Promise.all(texts.map(async (value) => (await given(`/echo/${value}`)).params.text));
  expect(answers).toEqual(texts);
});

test('nothing can be registered once the app has started', () => {
  expect(() => app.get('late', { handler: show })).toThrow('A function can only be registered during app startup.');
  expect(() => app.setup({ enableHttpStream: true })).toThrow(/can't be changed/);
});

test('HTTP/1.0 without a host is refused, not answered with an error of the host', async () => {
  expect(await raw('GET /echo HTTP/1.0\r\n\r\n')).toMatch(/^HTTP\/1\.1 400 /);
});

test('a GET with a body is answered', async () => {
  const status = await new Promise((resolve, reject) => {
    const request = httpRequest(`${host.url}/void`, { method: 'GET', headers: { 'content-length': 3 } }, (response) => {
      response.resume();
      resolve(response.statusCode);
    });
    request.on('error', reject).end('abc');
  });
  expect(status).toBe(204);
});
