/** What was seen of a value over many records: enough for a JSON Schema that all of them follow. */
export interface Shape {
  readonly types: Set<string>;
  seen: number;
  /** Whether every string so far was an instant. */
  instants: boolean;
  readonly properties: Map<string, Shape>;
  items?: Shape;
}

const INSTANT = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d+)?Z$/;
/** Deeper, or wider, a value is only said to be an object: people choose the names of form fields. */
const MAX_DEPTH = 5;
const MAX_PROPERTIES = 200;

export const emptyShape = (): Shape => ({ types: new Set(), seen: 0, instants: true, properties: new Map() });

const typeOf = (value: unknown): string =>
  value === null
    ? 'null'
    : Array.isArray(value)
      ? 'array'
      : typeof value === 'number' && Number.isInteger(value)
        ? 'integer'
        : typeof value;

/** Adds one more value to what was seen. */
export function observe(shape: Shape, value: unknown, depth = 0): void {
  shape.seen += 1;
  shape.types.add(typeOf(value));
  if (typeof value === 'string') shape.instants &&= INSTANT.test(value);
  if (Array.isArray(value)) {
    shape.items ??= emptyShape();
    for (const item of value) observe(shape.items, item, depth + 1);
  } else if (value !== null && typeof value === 'object' && depth < MAX_DEPTH) {
    for (const [name, inner] of Object.entries(value)) {
      if (inner === undefined) continue;
      let property = shape.properties.get(name);
      if (!property) {
        if (shape.properties.size >= MAX_PROPERTIES) continue;
        property = emptyShape();
        shape.properties.set(name, property);
      }
      observe(property, inner, depth + 1);
    }
  }
}

/** The JSON Schema (2020-12) of what was seen. */
export function schemaOf(shape: Shape): Record<string, unknown> {
  const types = [...shape.types].filter((type) => type !== 'integer' || !shape.types.has('number')).toSorted();
  const required = [...shape.properties].filter(([, { seen }]) => seen === shape.seen).map(([name]) => name);
  return {
    ...(types.length > 0 ? { type: types.length === 1 ? types[0] : types } : {}),
    ...(shape.types.has('string') && shape.instants ? { format: 'date-time' } : {}),
    ...(shape.properties.size > 0
      ? {
          properties: Object.fromEntries([...shape.properties].map(([name, property]) => [name, schemaOf(property)])),
          ...(required.length > 0 && shape.types.size === 1 ? { required } : {}),
        }
      : {}),
    ...(shape.items ? { items: schemaOf(shape.items) } : {}),
  };
}
