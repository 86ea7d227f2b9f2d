import { randomUUID } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync, type StatementSync } from 'node:sqlite';
import type { LocalClock } from '../clock.ts';
import { CosmosError } from './answer.ts';
import { compileQuery } from './sql.ts';

export type Json = Record<string, unknown>;

export interface ContainerProperties extends Json {
  readonly id: string;
  readonly partitionKey: { readonly paths: readonly string[] };
  readonly defaultTtl?: number;
  readonly indexingPolicy?: { readonly includedPaths?: readonly { readonly path: string }[] };
}

export interface Conditions {
  readonly ifMatch?: string | undefined;
  readonly ifNoneMatch?: string | undefined;
}

/** Where a query goes on. */
export interface Position {
  readonly key?: readonly [pk: string, id: string];
  readonly offset?: number;
}

/** An item as stored, with what an operation on it costs. */
export interface Item {
  readonly body: Json;
  readonly etag: string;
  readonly bytes: number;
  /** An upsert says whether the item is new. */
  readonly created?: boolean;
}

const MAX_ITEM_BYTES = 2 * 1024 * 1024;

/**
 * Databases, containers and items on SQLite. Each container is a table keyed by partition and id, so that a point read or a
 * single-partition query costs the same whatever the container's size. An acknowledged write survives a kill (WAL), and what is
 * deleted is overwritten in the file (`secure_delete`).
 */
export function openStore(dataDir: string, clock: LocalClock) {
  mkdirSync(dataDir, { recursive: true });
  const sqlite = new DatabaseSync(join(dataDir, 'cosmos.sqlite'));
  sqlite.exec(`
    PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA secure_delete = ON; PRAGMA busy_timeout = 2000;
    CREATE TABLE IF NOT EXISTS databases (id TEXT PRIMARY KEY) WITHOUT ROWID;
    CREATE TABLE IF NOT EXISTS containers (number INTEGER PRIMARY KEY AUTOINCREMENT, db TEXT, id TEXT, properties TEXT, UNIQUE (db, id));
  `);
  const statements = new Map<string, StatementSync>();
  const prepared = (sql: string) => {
    const found = statements.get(sql) ?? sqlite.prepare(sql);
    statements.set(sql, found);
    return found;
  };

  function transaction<T>(run: () => T): T {
    sqlite.exec('BEGIN IMMEDIATE');
    try {
      const result = run();
      sqlite.exec('COMMIT');
      return result;
    } catch (error) {
      sqlite.exec('ROLLBACK');
      throw error;
    }
  }

  const containers = new Map<string, ReturnType<typeof openContainer>>();

  function openContainer(number: number, properties: ContainerProperties) {
    const table = `items_${number}`;
    sqlite.exec(
      `CREATE TABLE IF NOT EXISTS ${table} (pk TEXT, id TEXT, body TEXT, ends_at REAL, PRIMARY KEY (pk, id)) WITHOUT ROWID;
       CREATE INDEX IF NOT EXISTS ${table}_ends ON ${table} (ends_at) WHERE ends_at IS NOT NULL;`,
    );
    for (const { path } of properties.indexingPolicy?.includedPaths ?? []) {
      const names = /^\/([\w/]+)\/\?$/.exec(path)?.[1]?.split('/');
      if (!names) continue;
      const expression = `json_extract(body, '$.${names.join('.')}')`;
      sqlite.exec(
        `CREATE INDEX IF NOT EXISTS ${table}_${names.join('_')} ON ${table} (${expression}) WHERE ${expression} IS NOT NULL`,
      );
    }
    const living = '(ends_at IS NULL OR ends_at > ?)';
    const partitionPath = properties.partitionKey.paths[0]?.slice(1) ?? '';

    function find(pk: string, id: string): Item | undefined {
      const row = prepared(`SELECT body FROM ${table} WHERE pk = ? AND id = ? AND ${living}`).get(
        pk,
        id,
        clock.now().getTime(),
      );
      if (!row) return undefined;
      const text = row.body as string;
      const body = JSON.parse(text) as Json;
      return { body, etag: String(body._etag), bytes: text.length };
    }

    function existing(pk: string, id: string, { ifMatch }: Conditions): Item {
      const found = find(pk, id);
      if (!found) throw new CosmosError(404, 'Entity with the specified id does not exist in the system.');
      if (ifMatch !== undefined && ifMatch !== '*' && ifMatch !== found.etag) {
        throw new CosmosError(412, 'One of the specified pre-condition is not met.');
      }
      return found;
    }

    function put(pk: string, given: Json): Item {
      const id = given.id;
      if (typeof id !== 'string' || id === '' || id.length > 255 || /[/\\?#]/.test(id)) {
        throw new CosmosError(400, 'The id must be a string of 1 to 255 characters without / \\ ? #.');
      }
      if (JSON.stringify([given[partitionPath]]) !== pk) {
        throw new CosmosError(
          400,
          'PartitionKey extracted from document does not match the one specified in the header.',
        );
      }
      const ttl = given.ttl ?? properties.defaultTtl;
      if (given.ttl !== undefined && !(Number.isInteger(given.ttl) && (given.ttl === -1 || Number(given.ttl) > 0))) {
        throw new CosmosError(400, 'The ttl must be -1 or a positive whole number.');
      }
      const now = clock.now().getTime();
      const etag = `"${randomUUID()}"`;
      const body: Json = {
        ...given,
        _rid: '',
        _self: '',
        _etag: etag,
        _attachments: 'attachments/',
        _ts: Math.floor(now / 1000),
      };
      const text = JSON.stringify(body);
      if (Buffer.byteLength(text) > MAX_ITEM_BYTES) throw new CosmosError(413, 'Request size is too large');
      const endsAt =
        properties.defaultTtl !== undefined && typeof ttl === 'number' && ttl > 0 ? now + ttl * 1000 : null;
      prepared(`INSERT OR REPLACE INTO ${table} (pk, id, body, ends_at) VALUES (?, ?, ?, ?)`).run(pk, id, text, endsAt);
      return { body, etag, bytes: text.length };
    }

    return {
      properties,
      table,
      read(pk: string, id: string): Item {
        return existing(pk, id, {});
      },
      create(pk: string, body: Json): Item {
        if (typeof body.id === 'string' && find(pk, body.id)) {
          throw new CosmosError(409, 'Entity with the specified id already exists in the system.');
        }
        return put(pk, body);
      },
      upsert(pk: string, body: Json, conditions: Conditions): Item {
        const found = typeof body.id === 'string' ? find(pk, body.id) : undefined;
        if (found && conditions.ifMatch !== undefined) existing(pk, String(body.id), conditions);
        if (found && conditions.ifNoneMatch === '*')
          throw new CosmosError(412, 'One of the specified pre-condition is not met.');
        return { ...put(pk, body), created: !found };
      },
      replace(pk: string, id: string, body: Json, conditions: Conditions): Item {
        existing(pk, id, conditions);
        if (body.id !== id) throw new CosmosError(400, 'The id of an item cannot be changed.');
        return put(pk, body);
      },
      remove(pk: string, id: string, conditions: Conditions): Item {
        const found = existing(pk, id, conditions);
        prepared(`DELETE FROM ${table} WHERE pk = ? AND id = ?`).run(pk, id);
        return found;
      },
      /**
       * One page of a query. Without `ORDER BY` it continues behind the key of the last item, so that deleting what a page named makes
       * the next one skip nothing; with `ORDER BY` by the number of rows before.
       */
      query(
        text: string,
        values: ReadonlyMap<string, string | number | boolean | null>,
        pk: string | undefined,
        limit: number,
        after: Position | undefined,
      ) {
        const query = compileQuery(text, values, pk !== undefined);
        const clauses = [...(pk === undefined ? [] : ['pk = ?']), `(${query.where})`, living];
        const parameters = [...(pk === undefined ? [] : [pk]), ...query.parameters, clock.now().getTime()];
        if (query.counts) {
          const row = sqlite
            .prepare(`SELECT COUNT(*) AS n FROM ${table} WHERE ${clauses.join(' AND ')}`)
            .get(...parameters);
          return { items: [row?.n], bytes: 0 };
        }
        if (after?.key) {
          clauses.push('(pk, id) > (?, ?)');
          parameters.push(...after.key);
        }
        const order = query.orderBy ? `${query.orderBy}, pk, id` : 'pk, id';
        const rows = prepared(
          `SELECT pk, id, body FROM ${table} WHERE ${clauses.join(' AND ')} ORDER BY ${order} LIMIT ? OFFSET ?`,
        ).all(...parameters, limit + 1, after?.offset ?? 0);
        const page = rows.slice(0, limit);
        const last = page.at(-1);
        const next: Position | undefined =
          rows.length <= limit || !last
            ? undefined
            : query.orderBy
              ? { offset: (after?.offset ?? 0) + limit }
              : { key: [last.pk as string, last.id as string] };
        return {
          items: page.map(({ body }) => query.project(JSON.parse(body as string) as Json)),
          bytes: page.reduce((sum, { body }) => sum + (body as string).length, 0),
          ...(next ? { next } : {}),
        };
      },
      purge() {
        prepared(`DELETE FROM ${table} WHERE ends_at IS NOT NULL AND ends_at <= ?`).run(clock.now().getTime());
      },
    };
  }

  const key = (db: string, id: string) => `${db}/${id}`;
  for (const row of sqlite.prepare('SELECT number, db, id, properties FROM containers').all()) {
    const properties = JSON.parse(row.properties as string) as ContainerProperties;
    containers.set(key(row.db as string, row.id as string), openContainer(row.number as number, properties));
  }

  return {
    transaction,
    hasDatabase: (id: string) => prepared('SELECT 1 FROM databases WHERE id = ?').get(id) !== undefined,
    createDatabase(id: string) {
      if (this.hasDatabase(id)) throw new CosmosError(409, 'Database exists already.');
      prepared('INSERT INTO databases (id) VALUES (?)').run(id);
    },
    container(db: string, id: string) {
      const found = containers.get(key(db, id));
      if (!found) throw new CosmosError(404, 'Container not found.');
      return found;
    },
    listContainers: (db: string): readonly ContainerProperties[] =>
      [...containers].filter(([name]) => name.startsWith(`${db}/`)).map(([, { properties }]) => properties),
    createContainer(db: string, properties: ContainerProperties) {
      if (!this.hasDatabase(db)) throw new CosmosError(404, 'Database not found.');
      if (containers.has(key(db, properties.id))) throw new CosmosError(409, 'Container exists already.');
      const { lastInsertRowid } = prepared('INSERT INTO containers (db, id, properties) VALUES (?, ?, ?)').run(
        db,
        properties.id,
        JSON.stringify(properties),
      );
      containers.set(key(db, properties.id), openContainer(Number(lastInsertRowid), properties));
    },
    /** Removes every database with all that is in it, from the file too. */
    reset() {
      statements.clear();
      for (const { table } of containers.values()) sqlite.exec(`DROP TABLE ${table}`);
      containers.clear();
      sqlite.exec('DELETE FROM containers; DELETE FROM databases; PRAGMA wal_checkpoint(TRUNCATE);');
    },
    /** Removes what has ended, and carries the log over into the file, so that erased means erased on disk. */
    tidy() {
      for (const container of containers.values()) container.purge();
      sqlite.exec('PRAGMA wal_checkpoint(TRUNCATE)');
    },
    close() {
      sqlite.exec('PRAGMA wal_checkpoint(TRUNCATE)');
      sqlite.close();
    },
  };
}

export type CosmosStore = ReturnType<typeof openStore>;
export type CosmosContainer = ReturnType<CosmosStore['container']>;
