import { Ajv2020 } from 'ajv/dist/2020.js';
import { beforeAll, describe, expect, it } from 'vitest';
import { useProduct } from '../support/product.ts';

/** What the platform promises of every endpoint alike, held against all that the OpenAPI document lists: no endpoint can be left out. */
const product = useProduct();

interface Parameter {
  readonly name: string;
  readonly in: 'path' | 'query' | 'header';
  readonly required: boolean;
  readonly schema: object;
}

interface Operation {
  readonly security: readonly Readonly<Record<string, unknown>>[];
  readonly parameters: readonly Parameter[];
  readonly requestBody?: { readonly content: Readonly<Record<string, { readonly schema: { maxLength?: number } }>> };
  readonly responses: Readonly<Record<string, { readonly description: string }>>;
}

interface Endpoint extends Operation {
  readonly method: string;
  readonly path: string;
  /** The path with a good value for each of its parameters. */
  readonly url: string;
  readonly caller: 'anyone' | 'user' | 'staff';
}

const ajv = new Ajv2020({ strict: false, formats: { 'date-time': true } });
const GOOD = ['1.0', 'sample', `x${'a'.repeat(21)}`];
const BAD = ['\u0001', ' ', 'x'.repeat(3000)];
const MAX_JSON = 70_000;

/** A value that a parameter takes, or one that it refuses. */
function sample({ name, schema }: Parameter, isGood: boolean): string {
  const { enum: [first] = [], pattern = '' } = schema as { enum?: string[]; pattern?: string };
  const prefix = /^\^([a-z]+_)/.exec(pattern)?.[1];
  const candidates = isGood ? [first, prefix && `${prefix}${'a'.repeat(22)}`, ...GOOD] : BAD;
  const found = candidates.find((value) => value !== undefined && ajv.validate(schema, value) === isGood);
  if (found === undefined)
    throw new Error(`no ${isGood ? 'good' : 'bad'} value for ${name}: ${JSON.stringify(schema)}`);
  return encodeURIComponent(found);
}

const hasBadValue = ({ schema }: Parameter) => BAD.some((value) => !ajv.validate(schema, value));

const pathWith = (path: string, parameters: readonly Parameter[], isGood: boolean) =>
  parameters
    .filter(({ in: place }) => place === 'path')
    .reduce((url, parameter) => url.replace(`{${parameter.name}}`, sample(parameter, isGood)), path);

let endpoints: readonly Endpoint[];
let cookie: string;
let token: string;
let nobody: string;
let everybody: string;

beforeAll(async () => {
  const { body } = await product.call('GET', '/api/openapi.json');
  endpoints = Object.entries(body.paths as Record<string, Record<string, Operation>>).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({
      ...operation,
      path,
      method: method.toUpperCase(),
      url: pathWith(path, operation.parameters, true),
      caller: operation.security.some((way) => 'staff' in way)
        ? ('staff' as const)
        : operation.security.some((way) => 'user' in way)
          ? ('user' as const)
          : ('anyone' as const),
    })),
  );
  const { email } = await product.person('everywhere@partner.example');
  token = (await product.signIn(email)).body.accessToken;
  const signedIn = await product.signIn(email, { transport: 'cookie' });
  cookie = signedIn.headers
    .getSetCookie()
    .map((line) => line.split(';')[0])
    .join('; ');
  nobody = await product.staffToken();
  everybody = await product.staffToken(
    ...['dpo', 'support', 'habilitation-admin', 'publisher', 'statistician', 'auditor', 'operator'],
  );
});

/** The endpoints that declare a status, those first that a caller of this kind may use. */
const declaring = (status: number, choose: (endpoint: Endpoint) => boolean = () => true) =>
  endpoints.filter((endpoint) => String(status) in endpoint.responses && choose(endpoint));

const credentials = ({ caller }: Endpoint) =>
  caller === 'staff' ? { token: everybody } : caller === 'user' ? { token } : {};

const jsonOf = ({ requestBody }: Endpoint) => requestBody?.content['application/json'];

/** Sends the same refusable request to every endpoint and tells which of them answered otherwise. */
async function others(
  asked: readonly Endpoint[],
  status: number,
  send: (endpoint: Endpoint) => ReturnType<typeof product.call>,
): Promise<readonly string[]> {
  expect(asked.length).toBeGreaterThan(3);
  const found: string[] = [];
  for (const endpoint of asked) {
    const answer = await send(endpoint);
    if (answer.status !== status) found.push(`${endpoint.method} ${endpoint.path} answered ${answer.status}`);
  }
  return found;
}

describe('F1 every endpoint refuses', () => {
  it('a token that is none: 401', async () => {
    const asked = declaring(401, ({ caller }) => caller !== 'anyone');
    const answers = others(asked, 401, ({ method, url }) => product.call(method, url, { token: 'none.of.ours' }));
    expect(await answers).toEqual([]);
  });

  it('staff without the role: 403', async () => {
    const asked = declaring(403, ({ caller }) => caller === 'staff');
    expect(await others(asked, 403, ({ method, url }) => product.call(method, url, { token: nobody }))).toEqual([]);
  });

  it('a page that has the cookies but not the CSRF token: 403', async () => {
    const asked = declaring(403, ({ caller, method }) => caller === 'user' && method !== 'GET');
    const answers = others(asked, 403, ({ method, url }) => product.call(method, url, { headers: { cookie } }));
    expect(await answers).toEqual([]);
  });

  it('C1 a body with what nobody asked for: 400', async () => {
    const asked = declaring(400, (endpoint) => jsonOf(endpoint) !== undefined);
    const answers = others(asked, 400, (endpoint) =>
      product.call(endpoint.method, endpoint.url, { ...credentials(endpoint), body: { surplus: 1 } }),
    );
    expect(await answers).toEqual([]);
  });

  it('a parameter that is none: 400', async () => {
    const asked = declaring(400, (endpoint) => jsonOf(endpoint) === undefined && endpoint.requestBody === undefined);
    const answers = others(asked, 400, (endpoint) => {
      // Some take any text, and say only in their own words what is wrong with it.
      const inQuery = endpoint.parameters.find((parameter) => parameter.in === 'query' && hasBadValue(parameter));
      const query = inQuery ? `${inQuery.name}=${sample(inQuery, false)}` : 'surplus=1';
      return product.call(endpoint.method, `${endpoint.url}?${query}`, credentials(endpoint));
    });
    expect(await answers).toEqual([]);
  });

  it('an id that no resource can have, as one that none has: 404', async () => {
    const asked = declaring(404, ({ method, path }) => method !== 'PUT' && path.includes('{'));
    const answers = others(asked, 404, (endpoint) =>
      product.call(endpoint.method, pathWith(endpoint.path, endpoint.parameters, false), credentials(endpoint)),
    );
    expect(await answers).toEqual([]);
  });

  it('a body of a type that it does not take: 415', async () => {
    const answers = others(declaring(415), 415, (endpoint) =>
      product.call(endpoint.method, endpoint.url, {
        ...credentials(endpoint),
        body: 'x',
        headers: { 'content-type': 'application/x-none' },
      }),
    );
    expect(await answers).toEqual([]);
  });

  it('a body that is too large: 413', async () => {
    const answers = others(declaring(413), 413, (endpoint) => {
      const [[contentType, { schema }] = ['', { schema: {} }]] = Object.entries(endpoint.requestBody?.content ?? {});
      const size = contentType === 'application/json' ? MAX_JSON : (schema.maxLength ?? 0) + 1;
      return product.call(endpoint.method, endpoint.url, {
        ...credentials(endpoint),
        body: `"${'x'.repeat(size)}"`,
        headers: { 'content-type': contentType },
      });
    });
    expect(await answers).toEqual([]);
  });

  it('A1 a user who has a version to accept, where it says so: 403', async () => {
    const body = { version: '9.0', title: 'Charte', content: '# Charte' };
    const path = '/api/v1/desk/legal-documents/privacy-charter/versions';
    expect((await product.call('POST', path, { token: everybody, body })).status).toBe(201);
    const asked = declaring(403, ({ responses }) => /acceptance-required/.test(responses[403]?.description ?? ''));
    // All else that a user alone may call stays open: rights, directives, acceptances, closure, and to sign out or prove who one is.
    const open = endpoints.filter((endpoint) => endpoint.caller === 'user' && !asked.includes(endpoint));
    const needsNoAcceptance =
      /rights-requests|post-mortem-directives|me\/acceptances|me\/closure|auth\/(?:session|logout|reauthenticate)$/;
    const needingNone = ({ path, security }: Endpoint) =>
      needsNoAcceptance.test(path) || security.some((way) => Object.keys(way).length === 0);
    expect(open.filter((endpoint) => !needingNone(endpoint)).map(({ path }) => path)).toEqual([]);
    const answers = others(asked, 403, ({ method, url }) => product.call(method, url, { token }));
    expect(await answers).toEqual([]);
  });
});

describe('every endpoint that can be read', () => {
  it('can be asked without the body: the same answer, with the same headers', async () => {
    const asked = endpoints.filter(({ method }) => method === 'GET');
    expect(asked.length).toBeGreaterThan(20);
    for (const endpoint of asked) {
      const [full, head] = await Promise.all(
        ['GET', 'HEAD'].map((method) => product.call(method, endpoint.url, credentials(endpoint))),
      );
      const of = (answer: typeof full) => [
        answer?.status,
        ...['content-type', 'etag', 'cache-control'].map((name) => answer?.headers.get(name)),
      ];
      expect({ path: endpoint.path, of: of(head) }).toEqual({ path: endpoint.path, of: of(full) });
      expect(head?.body).toBe('');
    }
  });
});
