import { Ajv2020 } from 'ajv/dist/2020.js';

/** As much of JSON Schema as the OpenAPI document says about requests. */
interface Schema {
  readonly type?: string;
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly pattern?: string;
  readonly minimum?: number;
  readonly minItems?: number;
  readonly required?: readonly string[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly items?: Schema;
  readonly anyOf?: readonly Schema[];
  readonly oneOf?: readonly Schema[];
}

const ajv = new Ajv2020({ strict: false, formats: { 'date-time': true, date: true, email: true, uri: true } });
const TAKEN = [
  '1.0',
  'sample',
  `x${'a'.repeat(21)}`,
  '123456',
  '/sample',
  'D1',
  '2026-01-05',
  '2026-01-05T08:00:00.000Z',
  '2026-01-06T08:00:00.000Z',
  'nobody@partner.example',
];
const REFUSED = ['\u0001', ' ', 'x'.repeat(3000)];

/** An id where the schema is that of one, else the first text that fits. */
function text(schema: Schema, texts: readonly string[]): string | undefined {
  const prefix = /^\^([a-z]+_)/.exec(schema.pattern ?? '')?.[1];
  return [...(prefix ? [`${prefix}${'a'.repeat(22)}`] : []), ...texts].find((value) => ajv.validate(schema, value));
}

/** A value that a parameter takes, or one that it refuses; nothing where none is known. */
export function sampleParameter(schema: object, isGood: boolean): string | undefined {
  if (!isGood) return REFUSED.find((value) => !ajv.validate(schema, value));
  const [first] = (schema as Schema).enum ?? [];
  return typeof first === 'string' ? first : text(schema as Schema, TAKEN);
}

/** The smallest value that a schema takes, or another one. Throws where none is known. */
export function sampleBody(schema: object, which: 'one' | 'another' = 'one'): unknown {
  const { type, properties = {}, required = [], items = {}, ...rest } = schema as Schema;
  const [alternative] = rest.anyOf ?? rest.oneOf ?? [];
  if (alternative) return sampleBody(alternative, which);
  if (rest.const !== undefined) return rest.const;
  if (rest.enum) return rest.enum.at(which === 'one' ? 0 : -1);
  switch (type) {
    case 'object':
      return Object.fromEntries(required.map((name) => [name, sampleBody(properties[name] ?? {}, which)]));
    case 'array':
      return Array.from({ length: rest.minItems ?? 0 }, () => sampleBody(items, which));
    case 'string': {
      const found = text(schema as Schema, which === 'one' ? TAKEN : TAKEN.toReversed());
      if (found === undefined) throw new Error(`no sample of ${JSON.stringify(schema)}`);
      return found;
    }
    case 'boolean':
      return true;
    case 'integer':
    case 'number':
      return rest.minimum ?? 0;
    default:
      return null;
  }
}

/** What of a representation an endpoint takes back, property by property. */
export function takenBack(schema: object, representation: object): object {
  const { properties = {} } = schema as Schema;
  const entries = Object.entries(representation);
  return Object.fromEntries(
    entries.filter(([name, value]) => properties[name] !== undefined && ajv.validate(properties[name], value)),
  );
}
