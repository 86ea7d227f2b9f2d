import { CosmosError } from './answer.ts';
import type { Json } from './json.ts';

export interface PatchOperation {
  readonly op: string;
  readonly path: string;
  readonly value?: unknown;
  readonly from?: string;
}

const MAX_OPERATIONS = 10;

/**
 * The item after the operations of a partial update, in their order, all or none: `add`, `set`, `replace`, `remove`, `incr` and
 * `move`, each at a JSON pointer. What the key or the service owns cannot be patched; ten operations are the most.
 */
export function patched(item: Json, operations: readonly PatchOperation[], partitionPaths: readonly string[]): Json {
  if (!Array.isArray(operations) || operations.length === 0 || operations.length > MAX_OPERATIONS) {
    throw new CosmosError(400, `A patch has 1 to ${MAX_OPERATIONS} operations.`);
  }
  const fixed = ['/id', '/_ts', '/_etag', '/_rid', '/_self', '/_attachments', ...partitionPaths];
  const result = structuredClone(item);
  for (const { op, path, value, from } of operations) {
    for (const used of op === 'move' ? [path, from] : [path]) {
      if (typeof used !== 'string' || !used.startsWith('/')) throw new CosmosError(400, `'${used}' is not a path.`);
      if (fixed.includes(used)) throw new CosmosError(400, `The path '${used}' cannot be patched.`);
    }
    apply(result, op, path, value, from ?? '');
  }
  return result;
}

function apply(item: Json, op: string, path: string, value: unknown, from: string): void {
  const target = placeOf(item, path);
  if (value === undefined && !['remove', 'move'].includes(op)) throw new CosmosError(400, `${op} needs a value.`);
  if (op === 'replace' || op === 'remove') target.mustExist();
  switch (op) {
    case 'add':
    case 'set':
    case 'replace':
      target.put(value, op === 'add');
      break;
    case 'remove':
      target.remove();
      break;
    case 'incr': {
      const before = target.value() ?? 0;
      if (typeof value !== 'number' || typeof before !== 'number') {
        throw new CosmosError(400, `incr adds a number to a number: '${path}'.`);
      }
      target.put(before + value, false);
      break;
    }
    case 'move': {
      if (path.startsWith(`${from}/`)) throw new CosmosError(400, 'A value cannot be moved into itself.');
      const source = placeOf(item, from);
      source.mustExist();
      const moved = source.value();
      source.remove();
      placeOf(item, path).put(moved, false);
      break;
    }
    default:
      throw new CosmosError(400, `The patch operation '${op}' is not known.`);
  }
}

/** One place in an item: a property of an object, or a position of an array, whose last place is `-`. */
function placeOf(item: Json, path: string) {
  const names = path
    .slice(1)
    .split('/')
    .map((name) => name.replaceAll('~1', '/').replaceAll('~0', '~'));
  const last = names.pop() ?? '';
  const parent = names.reduce<unknown>((value, name) => {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, name)) return undefined;
    return (value as Json)[name];
  }, item);
  const missing = () => new CosmosError(400, `For the path '${path}' there is nothing in the item.`);
  if (Array.isArray(parent)) {
    const at = last === '-' ? parent.length : Number(last);
    if (!/^(-|0|[1-9]\d*)$/.test(last) || at > parent.length) throw missing();
    return {
      value: (): unknown => parent[at],
      mustExist: () => {
        if (at >= parent.length) throw missing();
      },
      put: (value: unknown, inserts: boolean) => {
        parent.splice(at, inserts ? 0 : 1, value);
      },
      remove: () => {
        parent.splice(at, 1);
      },
    };
  }
  if (typeof parent !== 'object' || parent === null) throw missing();
  const owner = parent as Json;
  return {
    value: () => owner[last],
    mustExist: () => {
      if (!Object.hasOwn(owner, last)) throw missing();
    },
    put: (value: unknown) => {
      owner[last] = value;
    },
    remove: () => {
      delete owner[last];
    },
  };
}
