import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';

interface Response {
  readonly description: string;
  readonly content?: Readonly<Record<string, { readonly schema?: object }>>;
}

interface Operation {
  readonly operationId: string;
  readonly tags: readonly string[];
  readonly responses: Readonly<Record<string, Response>>;
}

export interface OpenApi {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: { readonly schemas: Readonly<Record<string, object>> };
}

/** An answer as it came. */
export interface AnswerToCheck {
  readonly status: number;
  readonly contentType: string;
  /** Parsed where it is JSON, else the text. */
  readonly body: unknown;
}

/** One answer that the contract declares: of which operation and topic, with which status. */
export interface DeclaredAnswer {
  readonly operation: string;
  readonly topic: string;
  readonly status: number;
}

const FORMATS = ['date-time', 'date', 'email', 'uri', 'url', 'uuid', 'json-string', 'base64', 'base64url'];

/** The OpenAPI document, to hold answers against: nothing comes back that it does not declare. */
export function publishedContract({ paths, components }: OpenApi) {
  const ajv = new Ajv2020({ strict: false, formats: Object.fromEntries(FORMATS.map((name) => [name, true])) });
  const operations = Object.entries(paths)
    .flatMap(([path, methods]) =>
      Object.entries(methods).map(([method, operation]) => ({
        method: method.toUpperCase(),
        literal: path.split('/').filter((segment) => !segment.startsWith('{')).length,
        pattern: new RegExp(`^${path.replaceAll('.', '\\.').replace(/\{[^}]+\}/g, '[^/]+')}$`),
        operation,
      })),
    )
    // `/me/sessions` before `/me/{anything}`.
    .toSorted((a, b) => b.literal - a.literal);
  const compiled = new Map<object, ValidateFunction>();

  function schemaFaults(schema: object, body: unknown): string | undefined {
    const validate = compiled.get(schema) ?? ajv.compile({ ...schema, components: { schemas: components.schemas } });
    compiled.set(schema, validate);
    return validate(body) ? undefined : ajv.errorsText(validate.errors, { dataVar: 'body' });
  }

  /** Throws when the operation does not declare such an answer; the operation's name, or nothing when the path has none. */
  function check(method: string, path: string, { status, contentType, body }: AnswerToCheck): string | undefined {
    const found = operations.find((candidate) => candidate.method === method && candidate.pattern.test(path));
    if (!found) return undefined;
    const { operationId, responses } = found.operation;
    const fail = (what: string) => {
      throw new Error(`${method} ${path} (${operationId}) answered ${status}: ${what}`);
    };
    const declared = responses[status];
    if (!declared) return fail(`not declared; declared are ${Object.keys(responses).join(', ')}`);
    const mediaType = contentType.split(';')[0] ?? '';
    const content = declared.content?.[mediaType] ?? declared.content?.['*/*'];
    if (!declared.content) {
      if (body !== '') fail('a body where none is declared');
    } else if (mediaType === 'application/problem+json') {
      const faults = schemaFaults(components.schemas.Problem ?? {}, body);
      if (faults) fail(faults);
      const { code } = body as { code: string };
      // A status that a problem alone can have is described by its codes.
      const isOnlyProblem = declared.content[mediaType] !== undefined;
      if (isOnlyProblem && !declared.description.split(', ').includes(code)) fail(`the code ${code} is not declared`);
    } else if (!content) fail(`${mediaType} where ${Object.keys(declared.content).join(', ')} is declared`);
    else if (content.schema && /json$/.test(mediaType)) {
      const faults = schemaFaults(content.schema, body);
      if (faults) fail(faults);
    }
    return operationId;
  }

  const declared: readonly DeclaredAnswer[] = operations.flatMap(({ operation: { operationId, tags, responses } }) =>
    Object.keys(responses).map((status) => ({
      operation: operationId,
      topic: tags[0] ?? '',
      status: Number(status),
    })),
  );
  return { check, declared };
}

export type PublishedContract = ReturnType<typeof publishedContract>;
