import { createHash } from 'node:crypto';
import type { DatabaseSync } from 'node:sqlite';
import type { ContainerProperties } from './container.ts';
import { pathSql, valueSql } from './query/sql-condition.ts';

/** Path in the words of an index policy (`/a/b/?`) as names; `undefined` for wildcards and arrays. */
function namesOf(path: string): readonly string[] | undefined {
  const names = /^\/(.+?)(?:\/\?)?$/
    .exec(path)?.[1]
    ?.split('/')
    .map((name) => name.replace(/^"(.*)"$/, '$1'));
  return names?.every((name) => name !== '*' && name !== '[]' && !name.includes('"')) ? names : undefined;
}

const keyOf = (names: readonly string[]) => names.join('/');

/** A name for an index by what it holds, so that a changed policy makes other indexes. */
function indexName(table: string, kind: string, paths: readonly (readonly string[])[]): string {
  const digest = createHash('sha256').update(JSON.stringify(paths)).digest('hex').slice(0, 16);
  return `${table}_${kind}_${digest}`;
}

/**
 * Indexes of a container's table as its policies name them: one over each included path, for all items and for each partition, and
 * one over each unique key. Indexes of an earlier policy go.
 */
export function openIndexes(sqlite: DatabaseSync, table: string, properties: ContainerProperties) {
  const { indexingPolicy, uniqueKeyPolicy } = properties;
  const included = (indexingPolicy?.includedPaths ?? [])
    .map(({ path }) => namesOf(path))
    .filter((names) => names !== undefined);
  // The service indexes `id` whatever the policy says.
  const indexed = [...new Map([...included, ['id']].map((names) => [keyOf(names), names])).values()];
  const uniqueKeys = uniqueKeyPolicy?.uniqueKeys ?? [];

  const byPath = new Map(
    indexed.map((names) => [
      keyOf(names),
      { names, all: indexName(table, 'all', [names]), each: indexName(table, 'each', [names]) },
    ]),
  );

  const wanted = new Map<string, string>([
    [`${table}_ends`, `CREATE INDEX IF NOT EXISTS ${table}_ends ON ${table} (ends_at) WHERE ends_at IS NOT NULL`],
    ...[...byPath.values()].flatMap(({ names, all, each }): [string, string][] => [
      [all, `CREATE INDEX IF NOT EXISTS ${all} ON ${table} (${valueSql(names)})`],
      [each, `CREATE INDEX IF NOT EXISTS ${each} ON ${table} (pk, ${valueSql(names)})`],
    ]),
    ...uniqueKeys.map(({ paths }): [string, string] => {
      const keys = paths.map((path) => namesOf(path) ?? []);
      const name = indexName(table, 'unique', keys);
      // What is not there counts as a value: two items without it are alike.
      const values = keys.map((names) => `IFNULL(body -> ${pathSql(names)}, 'null')`).join(', ');
      return [name, `CREATE UNIQUE INDEX IF NOT EXISTS ${name} ON ${table} (pk, ${values})`];
    }),
  ]);
  const present = sqlite
    .prepare("SELECT name FROM sqlite_master WHERE type = 'index' AND tbl_name = ? AND sql IS NOT NULL")
    .all(table);
  for (const { name } of present) if (!wanted.has(name as string)) sqlite.exec(`DROP INDEX ${name}`);
  for (const statement of wanted.values()) sqlite.exec(statement);

  const includesAll = indexingPolicy?.includedPaths?.some(({ path }) => path === '/*') ?? true;
  const orderable = new Set([...byPath.keys(), '_ts']);
  const composites = (indexingPolicy?.compositeIndexes ?? []).map((paths) =>
    paths.map(({ path, order }) => ({ key: path.slice(1), descending: order === 'descending' })),
  );

  return {
    hasUniqueKeys: uniqueKeys.length > 0,
    over(names: readonly string[], inPartition: boolean): string | undefined {
      return byPath.get(keyOf(names))?.[inPartition ? 'each' : 'all'];
    },
    /** One path has to be included; several need a composite index over the same, all in its order or all the other way round. */
    canOrderBy(orderBy: readonly { readonly path: readonly string[]; readonly descending: boolean }[]): boolean {
      const [first] = orderBy;
      if (orderBy.length === 1 && first) return includesAll || orderable.has(keyOf(first.path));
      return composites.some(
        (composite) =>
          composite.length === orderBy.length &&
          composite.every(({ key }, at) => key === keyOf(orderBy[at]?.path ?? [])) &&
          new Set(composite.map(({ descending }, at) => descending === orderBy[at]?.descending)).size === 1,
      );
    },
  };
}
