import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync, type StatementSync } from 'node:sqlite';
import type { LocalClock } from '../clock.ts';
import { CosmosError } from './answer.ts';
import { type ContainerProperties, type CosmosContainer, openContainer } from './container.ts';

/** Prepared statements kept; a query's text takes part in one, so that their number has no other bound. */
const MAX_STATEMENTS = 500;

/**
 * Databases and containers on SQLite. An acknowledged write survives a kill (WAL), and what is deleted is overwritten in the file
 * (`secure_delete`).
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
    if (statements.size >= MAX_STATEMENTS) statements.clear();
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

  const containers = new Map<string, CosmosContainer>();
  const open = (number: number, properties: ContainerProperties) =>
    openContainer(sqlite, prepared, number, properties, clock);

  const key = (db: string, id: string) => `${db}/${id}`;
  for (const row of sqlite.prepare('SELECT number, db, id, properties FROM containers').all()) {
    const properties = JSON.parse(row.properties as string) as ContainerProperties;
    containers.set(key(row.db as string, row.id as string), open(row.number as number, properties));
  }

  const hasDatabase = (id: string) => prepared('SELECT 1 FROM databases WHERE id = ?').get(id) !== undefined;

  function container(db: string, id: string): CosmosContainer {
    const found = containers.get(key(db, id));
    if (!found) throw new CosmosError(404, 'Container not found.');
    return found;
  }

  function deleteContainer(db: string, id: string): void {
    const { table } = container(db, id);
    statements.clear();
    sqlite.exec(`DROP TABLE ${table}`);
    prepared('DELETE FROM containers WHERE db = ? AND id = ?').run(db, id);
    containers.delete(key(db, id));
  }

  const listContainers = (db: string): readonly ContainerProperties[] =>
    [...containers].filter(([name]) => name.startsWith(`${db}/`)).map(([, { properties }]) => properties);

  return {
    transaction,
    hasDatabase,
    createDatabase(id: string) {
      if (hasDatabase(id)) throw new CosmosError(409, 'Database exists already.');
      prepared('INSERT INTO databases (id) VALUES (?)').run(id);
    },
    deleteDatabase(id: string) {
      if (!hasDatabase(id)) throw new CosmosError(404, 'Database not found.');
      for (const properties of listContainers(id)) deleteContainer(id, properties.id);
      prepared('DELETE FROM databases WHERE id = ?').run(id);
    },
    container,
    listContainers,
    createContainer(db: string, properties: ContainerProperties) {
      if (!hasDatabase(db)) throw new CosmosError(404, 'Database not found.');
      if (containers.has(key(db, properties.id))) throw new CosmosError(409, 'Container exists already.');
      const { lastInsertRowid } = prepared('INSERT INTO containers (db, id, properties) VALUES (?, ?, ?)').run(
        db,
        properties.id,
        JSON.stringify(properties),
      );
      containers.set(key(db, properties.id), open(Number(lastInsertRowid), properties));
    },
    /** Gives a container other policies; its items stay, its keys cannot be changed. */
    replaceContainer(db: string, properties: ContainerProperties) {
      const { properties: before } = container(db, properties.id);
      const keys = ({ partitionKey, uniqueKeyPolicy }: ContainerProperties) =>
        JSON.stringify([partitionKey.paths, uniqueKeyPolicy?.uniqueKeys ?? []]);
      if (keys(properties) !== keys(before)) throw new CosmosError(400, 'The keys of a container cannot be changed.');
      prepared('UPDATE containers SET properties = ? WHERE db = ? AND id = ?').run(
        JSON.stringify(properties),
        db,
        properties.id,
      );
      const row = prepared('SELECT number FROM containers WHERE db = ? AND id = ?').get(db, properties.id);
      statements.clear();
      containers.set(key(db, properties.id), open(Number(row?.number), properties));
    },
    deleteContainer,
    /** Removes every database with all that is in it, from the file too. */
    reset() {
      statements.clear();
      for (const { table } of containers.values()) sqlite.exec(`DROP TABLE ${table}`);
      containers.clear();
      sqlite.exec('DELETE FROM containers; DELETE FROM databases; PRAGMA wal_checkpoint(TRUNCATE);');
    },
    /** Removes what has ended. */
    purge() {
      for (const opened of containers.values()) opened.purge();
    },
    /** Carries the log over into the file and empties it, so that erased means erased on disk. */
    settle() {
      sqlite.exec('PRAGMA wal_checkpoint(TRUNCATE)');
    },
    close() {
      sqlite.exec('PRAGMA wal_checkpoint(TRUNCATE)');
      sqlite.close();
    },
  };
}

export type CosmosStore = ReturnType<typeof openStore>;
