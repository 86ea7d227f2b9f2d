import type { Scalar } from '../json.ts';
import type { Comparison, Expression, Path } from './syntax.ts';

export type SqlValue = string | number | null;

/** A condition in SQLite's words, over the column `body`. */
export interface SqlCondition {
  readonly sql: string;
  readonly values: readonly SqlValue[];
  /** Whether it says all that the expression says; otherwise it only leaves out what cannot match. */
  readonly exact: boolean;
}

/** Two conditions on one path: what an index over the path finds. */
export interface IndexedCondition extends SqlCondition {
  readonly path: readonly string[];
  /** Whether all that it finds has the one same value. */
  readonly isEquality: boolean;
}

/** A path in SQLite's notation, as a literal. */
export const pathSql = (names: readonly string[]) =>
  `'$${names.map((name) => `."${name.replaceAll("'", "''")}"`).join('')}'`;

/** The value at a path, as SQLite's own value. An index over this very text is used by a condition with it. */
export const valueSql = (names: readonly string[]) => `json_extract(body, ${pathSql(names)})`;
const typeSql = (names: readonly string[]) => `json_type(body, ${pathSql(names)})`;

/** The names of a path that SQLite can follow: properties of the item itself. */
export function pathNames({ root, names }: Path, alias: string): readonly string[] | undefined {
  return root === alias && names.length > 0 && names.every((name) => typeof name === 'string' && !name.includes('"'))
    ? (names as readonly string[])
    : undefined;
}

/** What SQLite can check of a condition before an item is read; `undefined`: nothing. Inner values are not offered to any index. */
export function sqlCondition(expression: Expression, alias: string): SqlCondition | undefined {
  switch (expression.kind) {
    case 'and': {
      const parts = expression.parts.map((part) => sqlCondition(part, alias));
      const known = parts.filter((part) => part !== undefined);
      return known.length === 0 ? undefined : joined(known, ' AND ', known.length === parts.length);
    }
    case 'or': {
      const parts = expression.parts.map((part) => sqlCondition(part, alias));
      return parts.every((part) => part !== undefined) ? joined(parts, ' OR ', true) : undefined;
    }
    case 'call': {
      const [of] = expression.args;
      const names = of?.kind === 'path' ? pathNames(of, alias) : undefined;
      if (expression.name === 'IS_DEFINED' && names) {
        return { sql: `${typeSql(names)} IS NOT NULL`, values: [], exact: true };
      }
      return onPath(expression, alias, '+');
    }
    default:
      return onPath(expression, alias, '+');
  }
}

/** The condition as an index over its path finds it, where it is one on a single path. */
export function indexedCondition(expression: Expression, alias: string): IndexedCondition | undefined {
  return onPath(expression, alias, '');
}

function joined(parts: readonly SqlCondition[], word: string, complete: boolean): SqlCondition {
  return {
    sql: `(${parts.map(({ sql }) => sql).join(word)})`,
    values: parts.flatMap(({ values }) => values),
    exact: complete && parts.every(({ exact }) => exact),
  };
}

function onPath(expression: Expression, alias: string, sign: '+' | ''): IndexedCondition | undefined {
  const condition = (
    of: Expression | undefined,
    build: (names: readonly string[]) => (SqlCondition & { isEquality?: boolean }) | undefined,
  ) => {
    const names = of?.kind === 'path' ? pathNames(of, alias) : undefined;
    const built = names && build(names);
    return built ? { isEquality: false, ...built, path: names } : undefined;
  };
  switch (expression.kind) {
    case 'compare': {
      const { left, right, operator } = expression;
      if (left.kind === 'constant') return condition(right, (names) => compared(names, MIRRORED[operator], left, sign));
      return condition(left, (names) => compared(names, operator, right, sign));
    }
    case 'in':
      return condition(expression.of, (names) => {
        const values = expression.list.map(scalarOf);
        if (!values.every((value) => typeof value === 'string' || typeof value === 'number')) return undefined;
        const texts = values.filter((value) => typeof value === 'string');
        return {
          sql: `(${sign}${valueSql(names)} IN (${values.map(() => '?').join(', ')}) AND ${typeSql(names)} IN ('text', 'integer', 'real'))`,
          values,
          exact: texts.length === values.length || texts.length === 0,
          isEquality: values.length === 1,
        };
      });
    case 'between':
      return condition(expression.of, (names) => {
        const low = compared(names, '>=', expression.low, sign);
        const high = compared(names, '<=', expression.high, sign);
        return low && high && joined([low, high], ' AND ', true);
      });
    case 'call': {
      const [of, prefix, ignoresCase] = expression.args;
      const start = prefix && scalarOf(prefix);
      if (expression.name !== 'STARTSWITH' || typeof start !== 'string' || start === '' || ignoresCase)
        return undefined;
      return condition(of, (names) => ({
        sql: `(${sign}${valueSql(names)} >= ? AND ${sign}${valueSql(names)} < ?)`,
        values: [start, `${start}\u{10FFFF}`],
        exact: false,
      }));
    }
    default:
      return undefined;
  }
}

const MIRRORED: Readonly<Record<Comparison, Comparison>> = {
  '=': '=',
  '!=': '!=',
  '<': '>',
  '<=': '>=',
  '>': '<',
  '>=': '<=',
};

const scalarOf = (expression: Expression): Scalar | undefined =>
  expression.kind === 'constant' && (typeof expression.value !== 'object' || expression.value === null)
    ? expression.value
    : undefined;

/** Types are compared as well as values: `1` is not `"1"`, and an absent property equals nothing. */
function compared(names: readonly string[], operator: Comparison, with_: Expression, sign: '+' | '') {
  const value = scalarOf(with_);
  if (value === undefined || operator === '!=') return undefined;
  const isEquality = operator === '=';
  if (value === null || typeof value === 'boolean') {
    if (!isEquality) return undefined;
    return { sql: `${typeSql(names)} = '${value}'`, values: [], exact: true };
  }
  const types = typeof value === 'string' ? "= 'text'" : "IN ('integer', 'real')";
  return {
    sql: `(${sign}${valueSql(names)} ${operator} ? AND ${typeSql(names)} ${types})`,
    values: [value],
    exact: true,
    isEquality,
  };
}
