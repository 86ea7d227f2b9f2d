import { beforeAll, describe, expect, it } from 'vitest';
import { useProduct } from '../support/product.ts';
import { moveClock } from '../support/staff.ts';

const OURS = 'https://extranet.example';
const product = useProduct({ ALLOWED_ORIGINS: OURS });

interface BrowserSession {
  readonly cookie: string;
  readonly access: string;
  readonly csrf: string;
}

async function browser(email: string): Promise<BrowserSession> {
  const answer = await product.signIn(email, { transport: 'cookie' }, { origin: OURS });
  const pairs = answer.headers.getSetCookie().map((line) => line.split(';')[0] ?? '');
  return { cookie: pairs.join('; '), access: pairs[0] ?? '', csrf: answer.body.csrfToken };
}

let victim: BrowserSession;
let attacker: BrowserSession;
beforeAll(async () => {
  await product.person('victim@partner.example');
  await product.person('attacker@partner.example');
  victim = await browser('victim@partner.example');
  attacker = await browser('attacker@partner.example');
});

const savePreferences = (headers: Readonly<Record<string, string>>) =>
  product.call('PUT', '/api/v1/me/preferences', {
    headers,
    body: { language: 'en' },
  });

describe('F1 F2 cookie mode', () => {
  it('never hands a token to the page: neither at sign-in, nor at a refresh or a new proof', async () => {
    const secret = (text: unknown) => /accessToken|refreshToken|ey[\w-]+\.[\w-]+\./.test(JSON.stringify(text));
    const signedIn = await product.signIn('victim@partner.example', { transport: 'cookie' });
    expect(secret(signedIn.body)).toBe(false);
    const own = await browser('victim@partner.example');
    const headers = { cookie: own.cookie, 'x-csrf-token': own.csrf };
    const proved = await product.call('POST', '/api/v1/auth/reauthenticate', {
      headers,
      body: { password: 'quartz-embargo-nimbus-42' },
    });
    expect({ status: proved.status, secret: secret(proved.body) }).toEqual({ status: 200, secret: false });
    const refreshed = await product.call('POST', '/api/v1/auth/refresh', { headers, body: {} });
    expect({ status: refreshed.status, secret: secret(refreshed.body) }).toEqual({ status: 200, secret: false });
    for (const line of [...proved.headers.getSetCookie(), ...refreshed.headers.getSetCookie()])
      expect(line).toMatch(
        /^__Host-(?=.*; path=\/)(?=.*; secure)(?=.*; httponly)(?=.*; samesite=strict)(?!.*domain=)/i,
      );
  });

  it('wants the CSRF token of this very session with every unsafe method', async () => {
    const { cookie, csrf } = victim;
    expect((await savePreferences({ cookie })).body.code).toBe('forbidden');
    expect((await savePreferences({ cookie, 'x-csrf-token': '' })).status).toBe(403);
    expect((await savePreferences({ cookie, 'x-csrf-token': attacker.csrf })).status).toBe(403);
    expect((await savePreferences({ cookie, 'x-csrf-token': `${csrf}x` })).status).toBe(403);
    expect((await savePreferences({ cookie, 'x-csrf-token': csrf })).status).toBe(200);
  });

  it('does not take a refresh by the cookie alone', async () => {
    const { cookie, csrf } = await browser('victim@partner.example');
    const refresh = (headers: Readonly<Record<string, string>>) =>
      product.call('POST', '/api/v1/auth/refresh', { headers, body: {} });
    expect((await refresh({ cookie })).body.code).toBe('forbidden');
    expect((await refresh({ cookie, 'x-csrf-token': attacker.csrf })).status).toBe(403);
    expect((await refresh({ cookie, 'x-csrf-token': csrf })).status).toBe(200);
  });

  it('reads nothing when the same cookie was sent twice', async () => {
    const both = { cookie: `${victim.access}; ${attacker.access}` };
    expect((await product.call('GET', '/api/v1/me', { headers: both })).status).toBe(401);
  });

  it('does not let a page elsewhere sign somebody in as somebody else', async () => {
    const signIn = (origin: string) => product.signIn('attacker@partner.example', { transport: 'cookie' }, { origin });
    expect((await signIn('https://evil.example')).status).toBe(403);
    expect((await signIn('null')).status).toBe(403);
    expect((await signIn(OURS)).status).toBe(200);
    const form = await product.call('POST', '/api/v1/auth/login', {
      headers: { origin: 'https://evil.example', 'content-type': 'text/plain' },
      body: JSON.stringify({
        email: 'attacker@partner.example',
        password: 'quartz-embargo-nimbus-42',
        transport: 'cookie',
      }),
    });
    expect(form.status).toBe(415);
  });

  it('a beacon of another origin is no beacon of ours', async () => {
    const beacon = (headers: Readonly<Record<string, string>>) =>
      product.call('POST', '/api/v1/activity', {
        headers: { 'content-type': 'text/plain;charset=UTF-8', ...headers },
        body: JSON.stringify({ events: [] }),
      });
    const { cookie } = victim;
    for (const origin of ['https://evil.example', 'null', `${OURS}.evil.example`, OURS.toUpperCase()])
      expect({ origin, status: (await beacon({ cookie, origin })).status }).toEqual({ origin, status: 403 });
    expect((await beacon({ cookie })).status).toBe(403);
  });

  it('opens nothing at the desk', async () => {
    const { cookie, csrf } = victim;
    const headers = { cookie, 'x-csrf-token': csrf };
    expect((await product.call('GET', '/api/v1/desk/jobs', { headers })).status).toBe(401);
  });

  it('ends everywhere with the session, and with its ten minutes', async () => {
    const own = await browser('victim@partner.example');
    const headers = { cookie: own.cookie, 'x-csrf-token': own.csrf };
    const out = await product.call('POST', '/api/v1/auth/logout', { headers });
    expect(out.headers.getSetCookie().every((line) => /max-age=0/i.test(line))).toBe(true);
    expect((await product.call('GET', '/api/v1/me', { headers })).status).toBe(401);
    expect((await product.call('POST', '/api/v1/auth/refresh', { headers, body: {} })).status).toBe(401);
    await moveClock(product, { hours: 1 });
    expect((await product.call('GET', '/api/v1/me', { headers: { cookie: victim.cookie } })).status).toBe(401);
  });
});

describe('a browser of another origin', () => {
  it('is told of every header that a route reads, and may read every header that an answer carries', async () => {
    const preflight = await product.call('OPTIONS', '/api/v1/me', {
      headers: { origin: OURS, 'access-control-request-method': 'PUT' },
    });
    const taken = (preflight.headers.get('access-control-allow-headers') ?? '').toLowerCase();
    const { body } = await product.call('GET', '/api/openapi.json');
    const declared = Object.values(
      body.paths as Record<string, Record<string, { parameters: { in: string; name: string }[] }>>,
    )
      .flatMap((methods) => Object.values(methods))
      .flatMap(({ parameters }) => parameters.filter((parameter) => parameter.in === 'header'))
      .map(({ name }) => name.toLowerCase())
      // Browsers send these themselves.
      .filter((name) => !name.startsWith('sec-') && !['accept', 'accept-language', 'origin'].includes(name));
    expect(new Set(declared).size).toBeGreaterThan(4);
    for (const name of new Set(declared)) expect(taken).toContain(name);
    const answer = await product.call('GET', '/api/v1/controller', { headers: { origin: OURS } });
    const readable = (answer.headers.get('access-control-expose-headers') ?? '').toLowerCase();
    for (const name of ['etag', 'retry-after', 'x-request-id', 'content-disposition']) expect(readable).toContain(name);
  });
});
