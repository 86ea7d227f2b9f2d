import { createHash } from 'node:crypto';
import { beforeAll, describe, expect, it } from 'vitest';
import { useProduct } from '../support/product.ts';

const SITE = 'https://extranet.example';
const product = useProduct({ ALLOWED_ORIGINS: SITE });
const beacon = { 'content-type': 'text/plain;charset=UTF-8' };
const purposes = ['audience-measurement', 'personalisation', 'content-suggestions', 'prospecting'];
const all = <T>(answer: T) => Object.fromEntries(purposes.map((id) => [id, answer]));

describe.each(['tarteaucitron', 'cookieconsent'])('H7 the script for %s', (client) => {
  const path = `/api/v1/consent-clients/${client}.js`;

  it('is open to every page, under a hash that the page can hold it to', async () => {
    const { status, headers, body } = await product.call('GET', path, { headers: { origin: 'https://any.example' } });
    expect(status).toBe(200);
    expect(headers.get('content-type')).toBe('text/javascript; charset=utf-8');
    expect(headers.get('access-control-allow-origin')).toBe('*');
    expect(headers.get('cross-origin-resource-policy')).toBe('cross-origin');
    const { default: built } = await import('../../shared/consents/clients/built-scripts.json', {
      with: { type: 'json' },
    });
    const integrity = `sha384-${createHash('sha384').update(body).digest('base64')}`;
    expect(integrity).toBe(built[client as keyof typeof built].integrity);
  });

  it('may be kept for long, and for good under an address that names its bytes', async () => {
    const cachingOf = async (address: string) => (await product.call('GET', address)).headers.get('cache-control');
    const version = (integrity: string) => integrity.slice(7, 19).replaceAll(/[+/]/g, '-');
    const { body } = await product.call('GET', path);
    const present = version(`sha384-${createHash('sha384').update(body).digest('base64')}`);
    expect(await cachingOf(path)).toBe('public, max-age=604800');
    expect(await cachingOf(`${path}?v=${present}`)).toBe('public, max-age=31536000, immutable');
    expect(await cachingOf(`${path}?v=another`)).toBe('public, max-age=60');
  });

  it('is not sent again to who has it', async () => {
    const etag = (await product.call('GET', path)).headers.get('etag') ?? '';
    expect((await product.call('GET', path, { headers: { 'if-none-match': etag } })).status).toBe(304);
  });
});

describe('H7 klaro’s own protocol', () => {
  let config: { id: string; services: { name: string; required: boolean; default: boolean }[] };
  const submit = (consentData: object, headers: Record<string, string> = { origin: SITE, ...beacon }) =>
    product.call('POST', '/v1/privacy-managers/extranet/submit', {
      headers,
      body: {
        location_data: { pathname: '/dossiers', port: 443, hostname: 'extranet.example', protocol: 'https' },
        user_data: { client_version: '0.7.22', client_name: 'klaro:web' },
        consent_data: consentData,
      },
    });

  beforeAll(async () => {
    const answer = await product.call('GET', '/v1/privacy-managers/extranet/config.json?name=default', {
      headers: { origin: SITE },
    });
    expect(answer.headers.get('access-control-allow-origin')).toBe(SITE);
    config = answer.body;
  });

  it('is given the notice in force, with nothing on that needs consent', () => {
    expect(config).toMatchObject({ name: 'default', acceptAll: true, hideDeclineAll: false });
    const asked = config.services.filter(({ required }) => !required);
    expect(asked.map(({ name }) => name)).toEqual(purposes);
    expect(asked.some((service) => service.default)).toBe(false);
  });

  it.each(['show', 'script'])('"%s" leaves nothing on record', async (type) => {
    expect(await submit({ type, consents: all(true) })).toMatchObject({ status: 200, body: { recorded: false } });
  });

  it.each([
    ['accept', true, 'granted', 'accept-all'],
    ['decline', false, 'denied', 'refuse-all'],
  ] as const)(
    '"%s" goes on record with the notice and the configuration that were shown',
    async (type, isAllowed, answer, mechanism) => {
      const { status, headers, body } = await submit({ type, consents: all(isAllowed), config: config.id });
      expect(status).toBe(201);
      expect(headers.get('set-cookie')).toContain(`__Host-visitor=${body.visitorId}`);
      const device = { 'x-visitor-id': body.visitorId };
      expect((await product.call('GET', '/api/v1/consents', { headers: device })).body.choices).toEqual(all(answer));
      const receipt = await product.call('GET', `/api/v1/consents/${body.id}/receipt`, { headers: device });
      const [version, hash] = config.id.split(':');
      const proof = JSON.stringify(receipt.body);
      for (const fact of [version, hash, 'klaro', '0.7.22', mechanism]) expect(proof).toContain(fact);
      expect(proof).not.toContain('/dossiers');
    },
  );

  it('what the site’s visitor cookie tells is one visitor', async () => {
    const { body } = await submit({ type: 'accept', consents: all(true), config: config.id });
    const known = { origin: SITE, cookie: `__Host-visitor=${body.visitorId}`, ...beacon };
    const changes = { personalisation: false };
    const saved = await submit(
      { type: 'save', consents: { ...all(true), ...changes }, changes, config: config.id },
      known,
    );
    expect(saved.body.visitorId).toBe(body.visitorId);
    const state = await product.call('GET', '/api/v1/consents', { headers: { 'x-visitor-id': body.visitorId } });
    expect(state.body.choices).toEqual({ ...all('granted'), personalisation: 'denied' });
  });

  it('is spoken with pages of ours only, and names no notice that was never served', async () => {
    const elsewhere = { origin: 'https://evil.example', ...beacon };
    expect(await submit({ type: 'accept', consents: all(true) }, elsewhere)).toMatchObject({ status: 415 });
    const never = `99.9:${'0'.repeat(64)}`;
    expect(await submit({ type: 'accept', consents: all(true), config: never })).toMatchObject({ status: 422 });
  });
});

describe('H7 a beacon of somebody who is signed in', () => {
  it('needs no CSRF token from a page of ours; every other unsafe request by cookie does', async () => {
    const { email } = await product.person('beacon@partner.example');
    const signedIn = await product.signIn(email, { transport: 'cookie' });
    const cookie = signedIn.headers
      .getSetCookie()
      .map((line) => line.split(';')[0])
      .join('; ');
    const body = { noticeVersion: '1.0', language: 'fr', choices: all('denied'), mechanism: 'refuse-all' };
    const post = (headers: Record<string, string>) =>
      product.call('POST', '/api/v1/consents', { body, headers: { cookie, ...headers } });
    expect((await post({ origin: SITE })).status).toBe(403);
    expect((await post(beacon)).status).toBe(403);
    expect((await post({ origin: 'https://evil.example', ...beacon })).status).toBe(403);
    expect((await post({ origin: SITE, ...beacon })).status).toBe(201);
    const own = await product.call('GET', '/api/v1/me/consents', { headers: { cookie } });
    expect(own.body.choices).toEqual(all('denied'));
    const logout = { cookie, origin: SITE, ...beacon };
    expect((await product.call('POST', '/api/v1/auth/logout', { headers: logout })).status).toBe(403);
  });
});
