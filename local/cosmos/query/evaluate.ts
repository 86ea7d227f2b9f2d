import { CosmosError } from '../answer.ts';
import { canonical, valueAt } from '../json.ts';
import type { Comparison, Expression, Query } from './syntax.ts';

/** The values that the aliases stand for: `{ c: item }`. */
export type Scope = Readonly<Record<string, unknown>>;

/**
 * What an expression is for one item, with `undefined` for the service's undefined: a comparison with nothing, or of two types by
 * order, is neither true nor false. Aggregates are no business of a single item.
 */
export function evaluate(expression: Expression, scope: Scope): unknown {
  switch (expression.kind) {
    case 'constant':
      return expression.value;
    case 'path':
      if (!Object.hasOwn(scope, expression.root)) {
        throw new CosmosError(400, `Identifier '${expression.root}' could not be resolved.`);
      }
      return valueAt(scope[expression.root], expression.names);
    case 'compare':
      return compare(expression.operator, evaluate(expression.left, scope), evaluate(expression.right, scope));
    case 'and':
      return conjunction(expression.parts.map((part) => evaluate(part, scope)));
    case 'or':
      return disjunction(expression.parts.map((part) => evaluate(part, scope)));
    case 'not':
      return negation(evaluate(expression.of, scope));
    case 'in': {
      const value = evaluate(expression.of, scope);
      return disjunction(expression.list.map((item) => compare('=', value, evaluate(item, scope))));
    }
    case 'between': {
      const value = evaluate(expression.of, scope);
      const [low, high] = [evaluate(expression.low, scope), evaluate(expression.high, scope)];
      return conjunction([compare('>=', value, low), compare('<=', value, high)]);
    }
    case 'exists':
      return exists(expression.query, scope);
    case 'array':
      return expression.items.map((item) => evaluate(item, scope)).filter((item) => item !== undefined);
    case 'object':
      return objectOf(expression.entries.map(([name, of]) => [name, evaluate(of, scope)]));
    case 'call':
      return call(
        expression.name,
        expression.args.map((argument) => evaluate(argument, scope)),
      );
    case 'aggregate':
      throw new CosmosError(400, `${expression.name} is served in the SELECT list only.`);
  }
}

/** Whether the condition holds: false and undefined both leave an item out. */
export const holds = (condition: Expression | undefined, scope: Scope) =>
  condition === undefined || evaluate(condition, scope) === true;

export const objectOf = (entries: readonly (readonly [string, unknown])[]) =>
  Object.fromEntries(entries.filter(([, value]) => value !== undefined));

function exists({ alias, source, where }: Query, scope: Scope): boolean {
  const items = source && evaluate(source, scope);
  return Array.isArray(items) && items.some((item) => holds(where, { ...scope, [alias]: item }));
}

/** Order of the service's types: undefined, null, booleans, numbers, strings, arrays, objects. */
const rank = (value: unknown) =>
  value === undefined
    ? 0
    : value === null
      ? 1
      : Array.isArray(value)
        ? 5
        : ({ boolean: 2, number: 3, string: 4 }[typeof value as string] ?? 6);

function compare(operator: Comparison, left: unknown, right: unknown): boolean | undefined {
  if (left === undefined || right === undefined) return undefined;
  if (operator === '=') return canonical(left) === canonical(right);
  if (operator === '!=') return canonical(left) !== canonical(right);
  if (rank(left) !== rank(right) || rank(left) > 4) return undefined;
  const order = orderOf(left, right);
  if (operator === '<') return order < 0;
  if (operator === '<=') return order <= 0;
  return operator === '>' ? order > 0 : order >= 0;
}

/** Negative, zero or positive, over all types; what `MIN` and `MAX` go by. */
export function orderOf(left: unknown, right: unknown): number {
  const [a, b] = [rank(left), rank(right)];
  if (a !== b) return a - b;
  if (typeof left === 'string') return Buffer.compare(Buffer.from(left), Buffer.from(right as string));
  if (typeof left === 'number' || typeof left === 'boolean') return Number(left) - Number(right);
  return a < 5 ? 0 : canonical(left) < canonical(right) ? -1 : 1;
}

function conjunction(parts: readonly unknown[]): boolean | undefined {
  if (parts.includes(false)) return false;
  return parts.every((part) => part === true) ? true : undefined;
}

function disjunction(parts: readonly unknown[]): boolean | undefined {
  if (parts.includes(true)) return true;
  return parts.every((part) => part === false) ? false : undefined;
}

const negation = (value: unknown) => (typeof value === 'boolean' ? !value : undefined);

type Served = (args: readonly unknown[]) => unknown;

/** A function of text: undefined when an argument is no text; an optional third argument ignores case. */
const ofText =
  (test: (text: string, part: string) => unknown): Served =>
  ([text, part, ignoresCase]) => {
    if (typeof text !== 'string' || typeof part !== 'string') return undefined;
    return ignoresCase === true ? test(text.toLowerCase(), part.toLowerCase()) : test(text, part);
  };

const isType =
  (test: (value: unknown) => boolean): Served =>
  ([value]) =>
    test(value);

const FUNCTIONS: Readonly<Record<string, Served>> = {
  IS_DEFINED: isType((value) => value !== undefined),
  IS_NULL: isType((value) => value === null),
  IS_BOOL: isType((value) => typeof value === 'boolean'),
  IS_NUMBER: isType((value) => typeof value === 'number'),
  IS_STRING: isType((value) => typeof value === 'string'),
  IS_ARRAY: isType(Array.isArray),
  IS_OBJECT: isType((value) => rank(value) === 6),
  IS_PRIMITIVE: isType((value) => value !== undefined && rank(value) < 5),
  STARTSWITH: ofText((text, part) => text.startsWith(part)),
  ENDSWITH: ofText((text, part) => text.endsWith(part)),
  CONTAINS: ofText((text, part) => text.includes(part)),
  STRINGEQUALS: ofText((text, part) => text === part),
  LOWER: ([text]) => (typeof text === 'string' ? text.toLowerCase() : undefined),
  UPPER: ([text]) => (typeof text === 'string' ? text.toUpperCase() : undefined),
  LENGTH: ([text]) => (typeof text === 'string' ? text.length : undefined),
  CONCAT: (parts) => (parts.every((part) => typeof part === 'string') ? parts.join('') : undefined),
  ARRAY_LENGTH: ([items]) => (Array.isArray(items) ? items.length : undefined),
  ARRAY_CONTAINS: ([items, wanted, partially]) => {
    if (!Array.isArray(items) || wanted === undefined) return undefined;
    return items.some((item) => (partially === true ? includes(item, wanted) : canonical(item) === canonical(wanted)));
  },
};

/** Whether an object has at least the wanted properties; anything else has to be equal. */
function includes(item: unknown, wanted: unknown): boolean {
  if (rank(item) !== 6 || rank(wanted) !== 6) return canonical(item) === canonical(wanted);
  return Object.entries(wanted as object).every(([name, value]) => includes((item as Scope)[name], value));
}

function call(name: string, args: readonly unknown[]): unknown {
  const served = FUNCTIONS[name];
  if (!served) throw new CosmosError(400, `'${name}' is not a recognized function of the local stand-in.`);
  return served(args);
}
