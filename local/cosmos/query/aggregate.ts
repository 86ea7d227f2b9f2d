import { CosmosError } from '../answer.ts';
import { canonical } from '../json.ts';
import { evaluate, objectOf, orderOf, type Scope } from './evaluate.ts';
import type { Aggregate, Expression, Query } from './syntax.ts';

/** Whether the query has one row for many items. */
export function isAggregated({ select, groupBy }: Query): boolean {
  if (groupBy.length > 0) return true;
  if (select === '*') return false;
  return 'value' in select ? hasAggregate(select.value) : select.some(({ of }) => hasAggregate(of));
}

function hasAggregate(expression: Expression): boolean {
  if (expression.kind === 'aggregate') return true;
  if (expression.kind === 'object') return expression.entries.some(([, of]) => hasAggregate(of));
  return expression.kind === 'array' && expression.items.some(hasAggregate);
}

/** The row of one item; `undefined` where `SELECT VALUE` finds nothing, which makes no row. */
export function row({ select, alias }: Query, scope: Scope): unknown {
  if (select === '*') return scope[alias];
  if ('value' in select) return evaluate(select.value, scope);
  return objectOf(select.map(({ name, of }) => [name, evaluate(of, scope)]));
}

/** The rows of `GROUP BY` and of aggregates; without groups there is one row, also over nothing. */
export function groupedRows(query: Query, scopes: Iterable<Scope>): unknown[] {
  const { select, groupBy } = query;
  if (select === '*') throw new CosmosError(400, 'SELECT * cannot be used with GROUP BY.');
  const groups = new Map<string, Scope[]>();
  if (groupBy.length === 0) groups.set('', []);
  for (const scope of scopes) {
    const key = groupBy.map((by) => canonical(evaluate(by, scope))).join(',');
    const group = groups.get(key);
    if (group) group.push(scope);
    else groups.set(key, [scope]);
  }
  const keys = new Set(groupBy.map(canonical));
  const valueIn = (expression: Expression, group: readonly Scope[]): unknown => {
    if (expression.kind === 'aggregate') return aggregate(expression.name, expression.of, group);
    if (expression.kind === 'object') {
      return objectOf(expression.entries.map(([name, of]) => [name, valueIn(of, group)]));
    }
    if (expression.kind === 'array') return expression.items.map((item) => valueIn(item, group));
    if (expression.kind !== 'constant' && !keys.has(canonical(expression))) {
      throw new CosmosError(400, 'A selected property has to be aggregated or named in GROUP BY.');
    }
    return evaluate(expression, group[0] ?? {});
  };
  return [...groups.values()]
    .map((group) =>
      'value' in select
        ? valueIn(select.value, group)
        : objectOf(select.map(({ name, of }) => [name, valueIn(of, group)])),
    )
    .filter((value) => value !== undefined);
}

function aggregate(name: Aggregate, of: Expression, group: readonly Scope[]): unknown {
  const values = group.map((scope) => evaluate(of, scope)).filter((value) => value !== undefined);
  if (name === 'COUNT') return values.length;
  if (values.length === 0) return undefined;
  if (name === 'MIN' || name === 'MAX') {
    const sign = name === 'MIN' ? 1 : -1;
    return values.reduce((best, value) => (orderOf(value, best) * sign < 0 ? value : best));
  }
  if (!values.every((value) => typeof value === 'number')) return undefined;
  const sum = values.reduce((total, value) => total + value, 0);
  return name === 'SUM' ? sum : sum / values.length;
}
