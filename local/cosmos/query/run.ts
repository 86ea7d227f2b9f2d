import type { StatementSync } from 'node:sqlite';
import { CosmosError } from '../answer.ts';
import { canonical, type Json, type JsonValue } from '../json.ts';
import type { Partition } from '../partition-key.ts';
import { groupedRows, isAggregated, row } from './aggregate.ts';
import { holds, type Scope } from './evaluate.ts';
import {
  type IndexedCondition,
  indexedCondition,
  pathNames,
  type SqlValue,
  sqlCondition,
  valueSql,
} from './sql-condition.ts';
import { type Expression, parseQuery, type Query } from './syntax.ts';

/** What a query reads: one container's table and what its index policy names. */
export interface Source {
  readonly prepared: (sql: string) => StatementSync;
  readonly table: string;
  /** The index over a path, `undefined` where there is none; over the items of one partition, or of all. */
  readonly index: (path: readonly string[], inPartition: boolean) => string | undefined;
  /** Whether the index policy lets a query order by these paths. */
  readonly canOrderBy: (
    orderBy: readonly { readonly path: readonly string[]; readonly descending: boolean }[],
  ) => boolean;
}

/** Where a query goes on: behind an item by its sort value and key, or behind a number of rows of a result made as a whole. */
export type Position =
  | { readonly after: readonly [value: SqlValue, pk: string, id: string]; readonly taken: number }
  | { readonly rows: number };

export interface QueryPage {
  readonly rows: readonly unknown[];
  readonly bytes: number;
  readonly next?: Position;
}

export interface QueryRequest {
  readonly text: string;
  readonly parameters: ReadonlyMap<string, JsonValue>;
  readonly partition: Partition | undefined;
  /** Rows a page. */
  readonly limit: number;
  readonly position: Position | undefined;
  /** Milliseconds; items that have ended are not seen. */
  readonly now: number;
}

const LIVING = '(ends_at IS NULL OR ends_at > ?)';
/** An index that finds fewer items than this is taken at once. */
const FEW = 1000;
const NO_LIMIT = -1;

/**
 * One page of a query. The condition that finds least leads through its index (or the path that the rows are ordered by), the others
 * are checked on what it finds: first by SQLite, and where that cannot say it all, on the item. A page goes on behind the last item of
 * the one before, so that deleting what a page named makes the next one skip nothing.
 */
export function runQuery(source: Source, request: QueryRequest): QueryPage {
  const query = parseQuery(request.text, request.parameters);
  const plan = planOf(source, query, request);
  return isAggregated(query) || query.distinct || plan.isSorted
    ? wholeResult(source, query, plan, request)
    : streamed(source, query, plan, request);
}

interface Plan {
  readonly from: string;
  readonly conditions: readonly string[];
  readonly values: readonly SqlValue[];
  readonly orderBy: string;
  /** The value that the rows come in the order of, before their key. */
  readonly leading: string;
  readonly descending: boolean;
  /** Whether `conditions` say all that `WHERE` says. */
  readonly exact: boolean;
  /** Whether the rows are sorted by more than the store pages by. */
  readonly isSorted: boolean;
}

function planOf(source: Source, query: Query, { partition, now }: QueryRequest): Plan {
  const { where, alias } = query;
  const parts: readonly Expression[] = where === undefined ? [] : where.kind === 'and' ? where.parts : [where];
  const inPartition = partition?.isWhole ?? false;
  const order = query.orderBy.map(({ path, descending }) => ({ path: pathNames(path, alias), descending }));
  if (!order.every((item): item is { path: readonly string[]; descending: boolean } => item.path !== undefined)) {
    throw new CosmosError(400, 'ORDER BY takes paths of properties.');
  }
  if (order.length > 0 && !source.canOrderBy(order)) {
    throw new CosmosError(
      400,
      order.length === 1
        ? 'The index policy does not include the path of ORDER BY.'
        : 'The order by query does not have a corresponding composite index that it can be served from.',
    );
  }
  const scope = partition
    ? partition.isWhole
      ? { sql: ['pk = ?'], values: [partition.text] }
      : { sql: ['pk >= ?', 'pk < ?'], values: [partition.from, partition.to] }
    : { sql: [], values: [] };

  const candidates = parts.flatMap((part) => {
    const condition = partition && !inPartition ? undefined : indexedCondition(part, alias);
    const index = condition && source.index(condition.path, inPartition);
    return condition && index ? [{ part, condition, index }] : [];
  });
  const ordered = order.length === 1 ? order[0] : undefined;
  const lead = leadOf(source, candidates, ordered?.path, scope);
  const others = parts.filter((part) => part !== lead?.part).map((part) => sqlCondition(part, alias));
  const conditions = [lead?.condition, ...others].filter((part) => part !== undefined);
  const pages = lead && (ordered === undefined || same(lead.condition.path, ordered.path)) ? lead : undefined;
  const orderIndex = ordered && !lead ? source.index(ordered.path, inPartition) : undefined;
  const leadingPath = pages && !pages.condition.isEquality ? pages.condition.path : ordered?.path;
  const leading = leadingPath ? valueSql(leadingPath) : 'NULL';
  const descending = ordered?.descending ?? false;
  const direction = descending ? 'DESC' : 'ASC';
  const index = lead?.index ?? orderIndex;
  return {
    from: index ? `${source.table} INDEXED BY ${index}` : source.table,
    conditions: [...scope.sql, ...conditions.map(({ sql }) => sql), LIVING],
    values: [...scope.values, ...conditions.flatMap(({ values }) => values), now],
    leading,
    descending,
    orderBy:
      order.length > 1
        ? order.map(({ path, descending: down }) => `${valueSql(path)} ${down ? 'DESC' : 'ASC'}`).join(', ')
        : `${leadingPath ? `${leading} ${direction}, ` : ''}pk ${direction}, id ${direction}`,
    exact: conditions.length === parts.length && conditions.every(({ exact }) => exact),
    isSorted: order.length > 1,
  };
}

interface Candidate {
  readonly part: Expression;
  readonly condition: IndexedCondition;
  readonly index: string;
}

/** The condition to find the items by: one that finds few, else one on the path that orders them, else the one that finds least. */
function leadOf(
  { prepared, table }: Source,
  candidates: readonly Candidate[],
  orderPath: readonly string[] | undefined,
  scope: { readonly sql: readonly string[]; readonly values: readonly SqlValue[] },
): Candidate | undefined {
  const [only, ...more] = candidates;
  if (!only) return undefined;
  const isOrder = ({ condition }: Candidate) => orderPath !== undefined && same(condition.path, orderPath);
  if (more.length === 0 && (orderPath === undefined || isOrder(only))) return only;
  const found = ({ condition, index }: Candidate) => {
    const conditions = [...scope.sql, condition.sql].join(' AND ');
    const counted = prepared(
      `SELECT COUNT(*) AS n FROM (SELECT 1 FROM ${table} INDEXED BY ${index} WHERE ${conditions} LIMIT ${FEW})`,
    ).get(...scope.values, ...condition.values);
    return Number(counted?.n);
  };
  const counted = candidates.map((candidate) => ({ candidate, count: found(candidate) }));
  const [least] = counted.toSorted((a, b) => a.count - b.count);
  if (least && least.count < FEW) return least.candidate;
  return orderPath === undefined ? least?.candidate : candidates.find(isOrder);
}

const same = (a: readonly string[], b: readonly string[]) =>
  a.length === b.length && a.every((name, at) => name === b[at]);

/** The items that match, in the order of the plan. */
function* matching(source: Source, query: Query, plan: Plan, after: Position | undefined, most: number | undefined) {
  const resumed = after && 'after' in after ? behind(plan, after.after) : { sql: [], values: [] };
  const conditions = [...plan.conditions, ...resumed.sql].join(' AND ');
  const statement = source.prepared(
    `SELECT pk, id, body, ${plan.leading} AS leading FROM ${plan.from} WHERE ${conditions} ORDER BY ${plan.orderBy} LIMIT ?`,
  );
  const limit = plan.exact && most !== undefined ? most : NO_LIMIT;
  for (const found of statement.iterate(...plan.values, ...resumed.values, limit)) {
    const text = found.body as string;
    const scope: Scope = { [query.alias]: JSON.parse(text) as Json };
    if (!plan.exact && !holds(query.where, scope)) continue;
    yield { scope, text, key: [found.leading as SqlValue, found.pk as string, found.id as string] as const };
  }
}

/** Only what comes behind an item: by its sort value, then its key. SQLite puts what has no value first. */
function behind({ leading, descending }: Plan, [value, pk, id]: readonly [SqlValue, string, string]) {
  const sign = descending ? '<' : '>';
  const key = `(pk, id) ${sign} (?, ?)`;
  if (leading === 'NULL') return { sql: [key], values: [pk, id] };
  if (value === null) {
    const first = `${leading} IS ${descending ? '' : 'NOT '}NULL`;
    return { sql: [descending ? `(${first} AND ${key})` : `(${first} OR ${key})`], values: [pk, id] };
  }
  const later = `(${leading}, pk, id) ${sign} (?, ?, ?)`;
  if (descending) return { sql: [`(${later} OR ${leading} IS NULL)`], values: [value, pk, id] };
  // SQLite finds its place in the index by the plain comparison, not by that of the row: without it each page would begin at the first.
  return { sql: [`${leading} >= ?`, later], values: [value, value, pk, id] };
}

function streamed(source: Source, query: Query, plan: Plan, { limit, position }: QueryRequest): QueryPage {
  const most = query.top ?? query.limit ?? Number.POSITIVE_INFINITY;
  let taken = position && 'after' in position ? position.taken : 0;
  let toSkip = position ? 0 : (query.offset ?? 0);
  const rows: unknown[] = [];
  let bytes = 0;
  let last: readonly [SqlValue, string, string] | undefined;
  if (taken >= most) return { rows, bytes };
  for (const { scope, text, key } of matching(source, query, plan, position, limit + toSkip + 1)) {
    if (toSkip > 0) {
      toSkip -= 1;
      continue;
    }
    if (rows.length === limit && last) return { rows, bytes, next: { after: last, taken } };
    last = key;
    taken += 1;
    bytes += text.length;
    const value = row(query, scope);
    if (value !== undefined) rows.push(value);
    if (taken === most) break;
  }
  return { rows, bytes };
}

/** What cannot be known before every item was seen. */
function wholeResult(source: Source, query: Query, plan: Plan, { limit, position }: QueryRequest): QueryPage {
  let bytes = 0;
  function* scopes() {
    for (const { scope, text } of matching(source, query, plan, undefined, undefined)) {
      bytes += text.length;
      yield scope;
    }
  }
  const made = countedOnly(source, query, plan) ?? [
    ...(isAggregated(query)
      ? groupedRows(query, scopes())
      : [...scopes()].map((scope) => row(query, scope)).filter((value) => value !== undefined)),
  ];
  const distinct = query.distinct ? [...new Map(made.map((value) => [canonical(value), value])).values()] : made;
  const start = query.offset ?? 0;
  const all = distinct.slice(start, start + (query.top ?? query.limit ?? distinct.length));
  const from = position && 'rows' in position ? position.rows : 0;
  const rows = all.slice(from, from + limit);
  return { rows, bytes, ...(from + limit < all.length ? { next: { rows: from + limit } } : {}) };
}

/** `SELECT VALUE COUNT(1)` needs no item where SQLite can check the whole condition. */
function countedOnly({ prepared }: Source, { select, groupBy }: Query, plan: Plan): unknown[] | undefined {
  const counts =
    select !== '*' &&
    'value' in select &&
    select.value.kind === 'aggregate' &&
    select.value.name === 'COUNT' &&
    select.value.of.kind === 'constant';
  if (!counts || !plan.exact || groupBy.length > 0) return undefined;
  const counted = prepared(`SELECT COUNT(*) AS n FROM ${plan.from} WHERE ${plan.conditions.join(' AND ')}`).get(
    ...plan.values,
  );
  return [counted?.n];
}
