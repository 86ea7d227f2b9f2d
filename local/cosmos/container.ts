import { randomUUID } from 'node:crypto';
import type { DatabaseSync, StatementSync } from 'node:sqlite';
import type { LocalClock } from '../clock.ts';
import { CosmosError } from './answer.ts';
import { openIndexes } from './indexes.ts';
import type { Json } from './json.ts';
import { partitionKeyOf } from './partition-key.ts';
import { type PatchOperation, patched } from './patch.ts';
import { holds } from './query/evaluate.ts';
import { type QueryRequest, runQuery } from './query/run.ts';
import { parseCondition } from './query/syntax.ts';

export interface ContainerProperties extends Json {
  readonly id: string;
  readonly partitionKey: { readonly paths: readonly string[] };
  readonly defaultTtl?: number;
  readonly indexingPolicy?: {
    readonly includedPaths?: readonly { readonly path: string }[];
    readonly compositeIndexes?: readonly (readonly { readonly path: string; readonly order?: string }[])[];
  };
  readonly uniqueKeyPolicy?: { readonly uniqueKeys?: readonly { readonly paths: readonly string[] }[] };
}

export interface Conditions {
  readonly ifMatch?: string | undefined;
  readonly ifNoneMatch?: string | undefined;
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
const LIVING = '(ends_at IS NULL OR ends_at > ?)';

const failedCondition = () => new CosmosError(412, 'One of the specified pre-condition is not met.');

/**
 * The items of one container: a table keyed by partition and id, so that a point read or a single-partition query costs the same
 * whatever the container's size. An item that has ended is not seen by anything, and is removed soon after.
 */
export function openContainer(
  sqlite: DatabaseSync,
  prepared: (sql: string) => StatementSync,
  number: number,
  properties: ContainerProperties,
  clock: LocalClock,
) {
  const table = `items_${number}`;
  const { paths } = properties.partitionKey;
  sqlite.exec(
    `CREATE TABLE IF NOT EXISTS ${table} (pk TEXT, id TEXT, body TEXT, ends_at REAL, PRIMARY KEY (pk, id)) WITHOUT ROWID`,
  );
  const indexes = openIndexes(sqlite, table, properties);
  const now = () => clock.now().getTime();

  function find(pk: string, id: string): Item | undefined {
    const row = prepared(`SELECT body FROM ${table} WHERE pk = ? AND id = ? AND ${LIVING}`).get(pk, id, now());
    if (!row) return undefined;
    const text = row.body as string;
    const body = JSON.parse(text) as Json;
    return { body, etag: String(body._etag), bytes: text.length };
  }

  function existing(pk: string, id: string, { ifMatch }: Conditions): Item {
    const found = find(pk, id);
    if (!found) throw new CosmosError(404, 'Entity with the specified id does not exist in the system.');
    if (ifMatch !== undefined && ifMatch !== '*' && ifMatch !== found.etag) throw failedCondition();
    return found;
  }

  /** When an item ends, in milliseconds; `null`: never. */
  function endOf({ ttl }: Json): number | null {
    if (ttl !== undefined && !(Number.isInteger(ttl) && (ttl === -1 || Number(ttl) > 0))) {
      throw new CosmosError(400, 'The ttl must be -1 or a positive whole number.');
    }
    const seconds = (ttl as number | undefined) ?? properties.defaultTtl ?? -1;
    return properties.defaultTtl !== undefined && seconds > 0 ? now() + seconds * 1000 : null;
  }

  function put(pk: string, given: Json): Item {
    const id = given.id;
    if (typeof id !== 'string' || id === '' || id.length > 255 || /[/\\?#]/.test(id)) {
      throw new CosmosError(400, 'The id must be a string of 1 to 255 characters without / \\ ? #.');
    }
    if (partitionKeyOf(given, paths) !== pk) {
      throw new CosmosError(
        400,
        'PartitionKey extracted from document does not match the one specified in the header.',
      );
    }
    const endsAt = endOf(given);
    const etag = `"${randomUUID()}"`;
    const body: Json = {
      ...given,
      _rid: '',
      _self: '',
      _etag: etag,
      _attachments: 'attachments/',
      _ts: Math.floor(now() / 1000),
    };
    const text = JSON.stringify(body);
    if (Buffer.byteLength(text) > MAX_ITEM_BYTES) throw new CosmosError(413, 'Request size is too large');
    if (indexes.hasUniqueKeys) {
      prepared(`DELETE FROM ${table} WHERE pk = ? AND ends_at <= ?`).run(pk, now());
    }
    try {
      prepared(
        `INSERT INTO ${table} (pk, id, body, ends_at) VALUES (?, ?, ?, ?)
         ON CONFLICT (pk, id) DO UPDATE SET body = excluded.body, ends_at = excluded.ends_at`,
      ).run(pk, id, text, endsAt);
    } catch (error) {
      if (!(error instanceof Error) || !error.message.startsWith('UNIQUE constraint failed')) throw error;
      throw new CosmosError(409, 'Unique index constraint violation.');
    }
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
      if (found && conditions.ifNoneMatch === '*') throw failedCondition();
      return { ...put(pk, body), created: !found };
    },
    replace(pk: string, id: string, body: Json, conditions: Conditions): Item {
      existing(pk, id, conditions);
      if (body.id !== id) throw new CosmosError(400, 'The id of an item cannot be changed.');
      return put(pk, body);
    },
    /** A partial update; `condition` (`from c where …`) has to hold for the item as it is. */
    patch(
      pk: string,
      id: string,
      operations: readonly PatchOperation[],
      condition: string | undefined,
      conditions: Conditions,
    ): Item {
      const { body } = existing(pk, id, conditions);
      if (condition !== undefined) {
        const { alias, where } = parseCondition(condition);
        if (!holds(where, { [alias]: body })) throw failedCondition();
      }
      return put(pk, patched(body, operations, paths));
    },
    remove(pk: string, id: string, conditions: Conditions): Item {
      const found = existing(pk, id, conditions);
      prepared(`DELETE FROM ${table} WHERE pk = ? AND id = ?`).run(pk, id);
      return found;
    },
    query: (request: Omit<QueryRequest, 'now'>) =>
      runQuery({ prepared, table, index: indexes.over, canOrderBy: indexes.canOrderBy }, { ...request, now: now() }),
    /** Removes the items that have ended. */
    purge() {
      prepared(`DELETE FROM ${table} WHERE ends_at IS NOT NULL AND ends_at <= ?`).run(now());
    },
  };
}

export type CosmosContainer = ReturnType<typeof openContainer>;
