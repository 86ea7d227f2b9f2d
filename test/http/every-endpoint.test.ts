import { beforeAll, describe, expect, it } from 'vitest';
import { databaseControl } from '../support/database-control.ts';
import { type Answer, useProduct } from '../support/product.ts';
import { sampleBody, sampleParameter, takenBack } from '../support/sample-request.ts';
import { grant } from '../support/staff.ts';

/** What the platform promises of every endpoint alike, held against all that the OpenAPI document lists: no endpoint can be left out. */
const product = useProduct();
const database = databaseControl(() => product.stack);

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

const MAX_JSON = 70_000;

function sample({ name, schema }: Parameter, isGood: boolean): string {
  const found = sampleParameter(schema, isGood);
  if (found === undefined)
    throw new Error(`no ${isGood ? 'good' : 'bad'} value for ${name}: ${JSON.stringify(schema)}`);
  return encodeURIComponent(found);
}

const hasBadValue = ({ schema }: Parameter) => sampleParameter(schema, false) !== undefined;

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

/** What no schema says of a body: which fields only go together, or what a record has to hold. */
const BEYOND_THE_SCHEMA: Readonly<Record<string, object>> = {
  'PUT /api/v1/me/objections': { purposes: ['D8'] },
  'PUT /api/v1/me/post-mortem-directives': { consent: true, wishes: [{ scope: 'sample', action: 'erase' }] },
  'POST /api/v1/consents': { choices: { prospecting: 'denied' } },
  'POST /api/v1/desk/death-notices': { email: 'nobody@partner.example' },
  'PUT /api/v1/desk/purposes/{id}': { retention: '6 mois', charterPurpose: 'D8' },
  // Not in force as long as these tests run.
  'POST /api/v1/desk/legal-documents/{kind}/versions': { effectiveAt: '2100-01-01T00:00:00.000Z' },
};

/** A body that the endpoint takes, and its type. */
function bodyFor({ method, path, requestBody }: Endpoint, which: 'one' | 'another' = 'one') {
  const [contentType, content] = Object.entries(requestBody?.content ?? {})[0] ?? [];
  if (!contentType || !content) return {};
  if (contentType !== 'application/json')
    return { body: `%PDF-1.4 ${which}`, headers: { 'content-type': contentType } };
  const sampled = sampleBody(content.schema, which) as object;
  return { body: { ...sampled, ...BEYOND_THE_SCHEMA[`${method} ${path}`] } };
}

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

describe('every endpoint that names a resource', () => {
  /** These are there from the start or whatever they are called, or tell nobody without a habilitation whether they are. */
  const existsOrHides = /legal-documents|privacy-managers|\/desk\/accounts\/|\{proofId\}/;

  it('says of one that does not exist that there is none: 404', async () => {
    const asked = declaring(404, ({ path }) => !existsOrHides.test(path));
    const answers = others(asked, 404, (endpoint) =>
      product.call(endpoint.method, endpoint.url, { ...credentials(endpoint), ...bodyFor(endpoint) }),
    );
    expect(await answers).toEqual([]);
  });
});

describe('every endpoint that takes an Idempotency-Key', () => {
  it('lets one of two requests at once run (409), and refuses another request under the same key (422)', async () => {
    const asked = declaring(409, ({ parameters }) => parameters.some(({ name }) => name === 'Idempotency-Key'));
    expect(asked.length).toBeGreaterThan(10);
    const answered = new Map<string, readonly number[]>();
    for (const endpoint of asked) {
      const { method, path, url } = endpoint;
      const send = (which: 'one' | 'another') => {
        const { body, headers } = bodyFor(endpoint, which);
        const key = { 'idempotency-key': 'one-of-two' };
        return product.call(method, url, { ...credentials(endpoint), body, headers: { ...headers, ...key } });
      };
      await database.keepWaiting('idempotency:');
      try {
        const first = send('one');
        await underWay(first);
        const second = await send('one');
        const other = await send('another');
        answered.set(`${method} ${path}`, [second.status, other.status]);
        await database.letGo();
        await first;
      } finally {
        await database.letGo();
      }
    }
    expect([...answered].filter(([, [second, other]]) => second !== 409 || other !== 422)).toEqual([]);
  });

  /** Resolves when the request has done all but leave its answer under its key. */
  async function underWay(request: Promise<Answer>): Promise<void> {
    let early: Answer | undefined;
    void request.then((answer) => {
      early = answer;
    });
    while ((await database.waiting()) === 0) {
      if (early) throw new Error(`answered ${early.status} before it took its key: ${JSON.stringify(early.body)}`);
    }
  }
});

describe('every resource with an entity tag', () => {
  /** One that exists, by the path of its endpoint; what has no parameter in its path is there, or comes to be by the first write. */
  const existing = new Map<string, string>();

  beforeAll(async () => {
    const post = async (path: string) => {
      const endpoint = endpoints.find((candidate) => candidate.path === path && candidate.method === 'POST');
      if (!endpoint) throw new Error(`no such endpoint: ${path}`);
      const { body } = await product.call('POST', path, { ...credentials(endpoint), ...bodyFor(endpoint) });
      existing.set(`${path}/{id}`, `${path}/${body.id}`);
    };
    await post('/api/v1/rights-requests');
    await post('/api/v1/desk/rights-requests');
    await post('/api/v1/desk/breaches');
    await grant(product, 'colleague', ['identity'], ['support']);
    existing.set('/api/v1/desk/habilitations/{staffId}', '/api/v1/desk/habilitations/colleague');
    existing.set('/api/v1/desk/cookies/{name}', '/api/v1/desk/cookies/ARRAffinity');
    // Written for the first time, without a version to name.
    for (const endpoint of declaring(428)) {
      if (existing.has(endpoint.path)) continue;
      await product.call(endpoint.method, endpoint.url, { ...credentials(endpoint), ...bodyFor(endpoint) });
      existing.set(endpoint.path, endpoint.url);
    }
  });

  const read = async ({ path, url, ...endpoint }: Endpoint, headers: Readonly<Record<string, string>> = {}) =>
    product.call('GET', existing.get(path) ?? url, { ...credentials({ path, url, ...endpoint }), headers });

  it('is not sent again to who holds it: 304', async () => {
    const asked = declaring(304);
    const answers = others(asked, 304, async (endpoint) => {
      const { headers } = await read(endpoint);
      return read(endpoint, { 'if-none-match': headers.get('etag') ?? '' });
    });
    expect(await answers).toEqual([]);
  });

  it('is changed only by who names a version of it (428), and the one that it has (412)', async () => {
    const changed = async (endpoint: Endpoint, headers: Readonly<Record<string, string>>) => {
      const schema = jsonOf(endpoint)?.schema;
      const body = schema && takenBack(schema, (await read(endpoint)).body);
      const url = existing.get(endpoint.path) ?? endpoint.url;
      return product.call(endpoint.method, url, { ...credentials(endpoint), headers, body });
    };
    expect(await others(declaring(428), 428, (endpoint) => changed(endpoint, {}))).toEqual([]);
    const stale = { 'if-match': '"stale"' };
    expect(await others(declaring(412), 412, (endpoint) => changed(endpoint, stale))).toEqual([]);
  });
});

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
