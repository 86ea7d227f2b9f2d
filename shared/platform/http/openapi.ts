import * as z from 'zod/mini';
import { type ProblemCode, problemCatalogue } from './problem.ts';
import type { Route } from './route.ts';
import { uploadRuleOf } from './upload.ts';

interface Description {
  readonly title: string;
  readonly version: string;
  readonly serverUrl: string;
}

type Json = Record<string, unknown>;

/** Everything that a route may answer besides its own answers: what the platform adds by what the route declares. */
export function problemsOf(route: Route): readonly ProblemCode[] {
  const codes = new Set<ProblemCode>(route.problems ?? []);
  const add = (...more: ProblemCode[]) => {
    for (const code of more) codes.add(code);
  };
  if (route.body || route.query) add('invalid-request');
  if (route.params && route.method !== 'PUT') add('not-found');
  if (route.body) add('payload-too-large', 'unsupported-media-type');
  if (route.caller.kind === 'user' || route.caller.kind === 'anyone-or-user') {
    add('unauthenticated');
    // In cookie mode an unsafe method wants the CSRF token.
    if (route.method !== 'GET') add('forbidden');
  }
  if (route.caller.kind === 'user' && route.caller.pendingAcceptances !== 'allowed') add('acceptance-required');
  if (route.caller.kind === 'user' && route.caller.recentSignIn) add('reauthentication-required');
  if (route.caller.kind === 'staff') add('unauthenticated', 'forbidden');
  if (route.entityTag === 'write') add('precondition-required', 'precondition-failed');
  if (route.idempotent) add('conflict', 'unprocessable');
  add('internal-error', 'service-unavailable');
  return [...codes].toSorted((a, b) => problemCatalogue[a].status - problemCatalogue[b].status || a.localeCompare(b));
}

/** The OpenAPI 3.1 document, from the very definitions that validate and route. */
export function openApiDocument(routes: readonly Route[], { title, version, serverUrl }: Description) {
  const paths: Record<string, Json> = {};
  for (const route of routes) {
    const path = paths[route.path] ?? {};
    path[route.method.toLowerCase()] = operation(route);
    paths[route.path] = path;
  }
  return {
    openapi: '3.1.0',
    info: { title, version },
    servers: [{ url: serverUrl }],
    paths,
    components: {
      securitySchemes: {
        user: { type: 'http', scheme: 'bearer', bearerFormat: 'at+jwt', description: 'A user’s access token' },
        userCookie: {
          type: 'apiKey',
          in: 'cookie',
          name: '__Host-access',
          description: 'Cookie mode; unsafe methods want X-CSRF-Token',
        },
        staff: { type: 'http', scheme: 'bearer', description: 'A staff token of the organisation’s OIDC provider' },
      },
      schemas: {
        Problem: {
          type: 'object',
          required: ['type', 'title', 'status', 'detail', 'code'],
          properties: {
            type: { type: 'string' },
            title: { type: 'string' },
            status: { type: 'integer' },
            detail: { type: 'string' },
            code: { type: 'string', enum: Object.keys(problemCatalogue) },
            instance: { type: 'string' },
            errors: {
              type: 'array',
              items: {
                type: 'object',
                required: ['path', 'message'],
                properties: { path: { type: 'string' }, message: { type: 'string' } },
              },
            },
          },
        },
      },
    },
  };
}

export type OpenApiDocument = ReturnType<typeof openApiDocument>;

function operation(route: Route): Json {
  const responses: Record<string, Json> = {};
  for (const [status, answer] of Object.entries(route.answers)) {
    const mediaType = answer.contentType?.split(';')[0] ?? 'application/json';
    const schema = answer.schema ? schemaOf(answer.schema, 'output') : { type: 'string' };
    const alternatives = (answer.alternatives ?? []).map((other) => [other, { schema: { type: 'string' } }] as const);
    responses[status] = {
      description: answer.description,
      ...(answer.schema || answer.contentType
        ? { content: { [mediaType]: { schema }, ...Object.fromEntries(alternatives) } }
        : {}),
    };
  }
  if (route.entityTag && route.method === 'GET') responses['304'] = { description: 'Unchanged since `If-None-Match`' };
  const byStatus = Map.groupBy(problemsOf(route), (code) => String(problemCatalogue[code].status));
  for (const [status, codes] of byStatus) {
    responses[status] ??= {
      description: codes.join(', '),
      content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
    };
  }
  return {
    operationId: route.name,
    tags: [route.topic],
    summary: route.summary,
    ...securityOf(route),
    parameters: parametersOf(route),
    ...(route.body ? { requestBody: { required: true, content: requestContent(route, route.body) } } : {}),
    responses,
  };
}

function requestContent(route: Route, body: z.ZodMiniType): Json {
  const upload = uploadRuleOf(body);
  if (upload)
    return Object.fromEntries(upload.mediaTypes.map((type) => [type, { schema: { maxLength: upload.maxBytes } }]));
  const content = { schema: schemaOf(body, 'input') };
  return { 'application/json': content, ...(route.alsoPlainText ? { 'text/plain': content } : {}) };
}

function securityOf({ caller }: Route): Json {
  if (caller.kind === 'user') return { security: [{ user: [] }, { userCookie: [] }] };
  if (caller.kind === 'anyone-or-user') return { security: [{}, { user: [] }, { userCookie: [] }] };
  if (caller.kind === 'staff') return { security: [{ staff: [] }], 'x-roles': caller.roles };
  return { security: [] };
}

function parametersOf(route: Route): Json[] {
  const fromSchema = (schema: z.ZodMiniType | undefined, place: 'path' | 'query') => {
    const { properties = {}, required = [] } = (schema ? schemaOf(schema, 'input') : {}) as {
      properties?: Json;
      required?: string[];
    };
    return Object.entries(properties).map(([name, shape]) => ({
      name,
      in: place,
      required: required.includes(name),
      schema: shape,
    }));
  };
  const header = (name: string, required: boolean, description?: string) => ({
    name,
    in: 'header',
    required,
    schema: { type: 'string' },
    ...(description ? { description } : {}),
  });
  return [
    ...fromSchema(route.params, 'path'),
    ...fromSchema(route.query, 'query'),
    ...(route.entityTag === 'write' ? [header('If-Match', false)] : []),
    ...(route.requestHeaders ?? []).map(({ name, required, description }) =>
      header(name, required === true, description),
    ),
    ...(route.idempotent ? [header('Idempotency-Key', false)] : []),
  ];
}

function schemaOf(schema: z.ZodMiniType, io: 'input' | 'output'): Json {
  const { $schema: _, ...rest } = z.toJSONSchema(schema, { io, unrepresentable: 'any' });
  return rest;
}
