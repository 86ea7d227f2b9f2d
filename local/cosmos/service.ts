import { type CosmosAnswer, CosmosError } from './answer.ts';
import type { Conditions, ContainerProperties, CosmosContainer, Item } from './container.ts';
import type { Json, JsonValue } from './json.ts';
import { type Partition, partitionOf } from './partition-key.ts';
import type { PatchOperation } from './patch.ts';
import type { Position } from './query/run.ts';
import type { SqlValue } from './query/sql-condition.ts';
import type { CosmosStore } from './store.ts';

export interface CosmosRequest {
  readonly method: string;
  readonly path: string;
  readonly header: (name: string) => string | undefined;
  readonly body: unknown;
  /** Length of the body as it was sent. */
  readonly bytes: number;
}

/** Request units of a write of `bytes`: about five for each KB (see the service's pricing). */
const writeCharge = (bytes: number) => Math.max(5, Math.ceil(bytes / 1024) * 5);
const REPLACE_FACTOR = 2;
const readCharge = (bytes: number) => Math.max(1, Math.ceil(bytes / 10_240));
const queryCharge = (bytes: number) => 2.5 + bytes / 10_240;

const DEFAULT_PAGE = 100;
const MAX_BATCH = 100;
const MAX_BATCH_BYTES = 2 * 1024 * 1024;

/** Answers one request of the REST protocol that `@azure/cosmos` speaks. */
export function cosmosService(store: CosmosStore) {
  return (request: CosmosRequest): CosmosAnswer => {
    const segments = request.path.split('/').filter(Boolean).map(decodeURIComponent);
    if (segments.length === 0) return { status: 200, body: account() };
    const [dbs, db = '', colls, coll = '', feed, id] = segments;
    if (dbs !== 'dbs') throw new CosmosError(404, 'No such resource.');
    if (segments.length === 1) return databases(request);
    if (segments.length === 2) {
      if (request.method === 'DELETE') {
        store.deleteDatabase(db);
        return { status: 204, charge: 5 };
      }
      if (!store.hasDatabase(db)) throw new CosmosError(404, 'Database not found.');
      return { status: 200, body: { id: db, _rid: db, _self: '', _etag: '""', _ts: 0 }, charge: 2 };
    }
    if (colls !== 'colls') throw new CosmosError(404, 'No such resource.');
    if (segments.length === 3 && request.method === 'GET') {
      const listed = store.listContainers(db).map(shown);
      return { status: 200, body: { _rid: db, DocumentCollections: listed, _count: listed.length }, charge: 1 };
    }
    if (segments.length === 3) return createContainer(db, request);
    const container = store.container(db, coll);
    if (segments.length === 4) return existingContainer(db, container, request);
    if (feed === 'pkranges') return { status: 200, body: { _rid: coll, PartitionKeyRanges: [ONLY_RANGE], _count: 1 } };
    if (feed !== 'docs') throw new CosmosError(404, 'No such resource.');
    if (id !== undefined) return item(container, id, request);
    if (request.header('x-ms-cosmos-is-query-plan-request')) return { status: 200, body: QUERY_PLAN, charge: 1 };
    if (request.header('x-ms-cosmos-is-batch-request')) return batch(container, request);
    if (
      request.header('x-ms-documentdb-isquery') ||
      request.header('content-type')?.startsWith('application/query+json')
    ) {
      return query(container, request);
    }
    return written(201, container, request);
  };

  function databases({ method, body }: CosmosRequest): CosmosAnswer {
    const id = (body as Json | undefined)?.id;
    if (method !== 'POST' || typeof id !== 'string') throw new CosmosError(405, 'Method not allowed.');
    store.createDatabase(id);
    return { status: 201, body: { id, _rid: id, _self: '', _etag: '""', _ts: 0 }, charge: 5 };
  }

  function createContainer(db: string, { method, body }: CosmosRequest): CosmosAnswer {
    const properties = body as ContainerProperties;
    if (method !== 'POST' || typeof properties?.id !== 'string' || !Array.isArray(properties.partitionKey?.paths)) {
      throw new CosmosError(400, 'A container has an id and a partition key.');
    }
    store.createContainer(db, properties);
    return { status: 201, body: shown(properties), charge: 5 };
  }

  function existingContainer(
    db: string,
    { properties }: CosmosContainer,
    { method, body }: CosmosRequest,
  ): CosmosAnswer {
    if (method === 'DELETE') {
      store.deleteContainer(db, properties.id);
      return { status: 204, charge: 5 };
    }
    if (method !== 'PUT') return { status: 200, body: shown(properties), charge: 1 };
    const { _rid, _self, _etag, _ts, ...replaced } = body as ContainerProperties;
    if (replaced.id !== properties.id || !Array.isArray(replaced.partitionKey?.paths)) {
      throw new CosmosError(400, 'A container keeps its id and its partition key.');
    }
    store.replaceContainer(db, replaced as ContainerProperties);
    return { status: 200, body: shown(replaced as ContainerProperties), charge: 5 };
  }

  function item(container: CosmosContainer, id: string, request: CosmosRequest): CosmosAnswer {
    const pk = keyOf(container, request);
    const conditions = conditionsOf(request);
    switch (request.method) {
      case 'GET': {
        const found = container.read(pk, id);
        const etag = { etag: found.etag };
        if (conditions.ifNoneMatch === found.etag) return { status: 304, headers: etag, charge: 1 };
        return { status: 200, body: found.body, headers: etag, charge: readCharge(found.bytes) };
      }
      case 'PUT':
        return stored(200, container.replace(pk, id, request.body as Json, conditions), REPLACE_FACTOR);
      case 'PATCH':
        return patch(container, pk, id, request.body, conditions);
      case 'DELETE': {
        const { bytes } = container.remove(pk, id, conditions);
        return { status: 204, charge: writeCharge(bytes) };
      }
      default:
        throw new CosmosError(405, 'Method not allowed.');
    }
  }

  function patch(container: CosmosContainer, pk: string, id: string, body: unknown, conditions: Conditions) {
    const { operations, condition } = (Array.isArray(body) ? { operations: body } : (body ?? {})) as {
      operations?: PatchOperation[];
      condition?: string;
    };
    return stored(200, container.patch(pk, id, operations ?? [], condition, conditions), REPLACE_FACTOR);
  }

  function written(status: number, container: CosmosContainer, request: CosmosRequest): CosmosAnswer {
    const pk = keyOf(container, request);
    if (request.header('x-ms-documentdb-is-upsert')?.toLowerCase() === 'true') {
      return stored(200, container.upsert(pk, request.body as Json, conditionsOf(request)), 1);
    }
    return stored(status, container.create(pk, request.body as Json), 1);
  }

  function query(container: CosmosContainer, request: CosmosRequest): CosmosAnswer {
    const { query: text, parameters = [] } = (request.body ?? {}) as {
      query?: string;
      parameters?: { name: string; value: JsonValue }[];
    };
    if (typeof text !== 'string') throw new CosmosError(400, 'The query is missing.');
    const limit = Number(request.header('x-ms-max-item-count') ?? DEFAULT_PAGE);
    const page = container.query({
      text,
      parameters: new Map(parameters.map(({ name, value }) => [name, value])),
      partition: partitionHeader(container, request),
      limit: limit > 0 ? limit : DEFAULT_PAGE,
      position: positionOf(request.header('x-ms-continuation')),
    });
    return {
      status: 200,
      body: { _rid: '', Documents: page.rows, _count: page.rows.length },
      headers: {
        'x-ms-item-count': String(page.rows.length),
        ...(page.next ? { 'x-ms-continuation': continuation(page.next) } : {}),
      },
      charge: queryCharge(page.bytes),
    };
  }

  /** All or nothing, in one partition: 207 names what failed, 424 stands for the rest. */
  function batch(container: CosmosContainer, request: CosmosRequest): CosmosAnswer {
    const pk = keyOf(container, request);
    const operations = request.body as {
      operationType: string;
      id?: string;
      ifMatch?: string;
      ifNoneMatch?: string;
      resourceBody?: Json;
    }[];
    if (!Array.isArray(operations) || operations.length === 0 || operations.length > MAX_BATCH) {
      throw new CosmosError(400, 'A batch has 1 to 100 operations.');
    }
    if (request.bytes > MAX_BATCH_BYTES) throw new CosmosError(413, 'Request size is too large');
    let charge = 0;
    let failedAt = -1;
    let failure: CosmosError | undefined;
    try {
      const results = store.transaction(() =>
        operations.map((operation, index) => {
          try {
            const answer = step(container, pk, operation);
            charge += answer.charge ?? 0;
            return {
              statusCode: answer.status,
              requestCharge: answer.charge,
              eTag: answer.headers?.etag,
              resourceBody: answer.body,
            };
          } catch (error) {
            failedAt = index;
            throw error;
          }
        }),
      );
      return { status: 200, body: results, charge };
    } catch (error) {
      if (!(error instanceof CosmosError)) throw error;
      failure = error;
    }
    const results = operations.map((_, index) => ({
      statusCode: index === failedAt ? failure.status : 424,
      requestCharge: 0,
    }));
    return { status: 207, body: results, charge };
  }

  function step(
    container: CosmosContainer,
    pk: string,
    {
      operationType,
      id,
      resourceBody = {},
      ...conditions
    }: Conditions & { operationType: string; id?: string; resourceBody?: Json },
  ): CosmosAnswer {
    switch (operationType) {
      case 'Create':
        return stored(201, container.create(pk, resourceBody), 1);
      case 'Upsert':
        return stored(200, container.upsert(pk, resourceBody, conditions), 1);
      case 'Replace':
        return stored(200, container.replace(pk, id ?? '', resourceBody, conditions), REPLACE_FACTOR);
      case 'Patch':
        return patch(container, pk, id ?? '', resourceBody, conditions);
      case 'Read': {
        const found = container.read(pk, id ?? '');
        return { status: 200, body: found.body, headers: { etag: found.etag }, charge: readCharge(found.bytes) };
      }
      case 'Delete': {
        const { bytes } = container.remove(pk, id ?? '', conditions);
        return { status: 204, charge: writeCharge(bytes) };
      }
      default:
        throw new CosmosError(400, `The operation ${operationType} is not served.`);
    }
  }
}

function stored(status: number, { body, etag, bytes, created }: Item, factor: number): CosmosAnswer {
  return { status: created ? 201 : status, body, headers: { etag }, charge: writeCharge(bytes) * factor };
}

function partitionHeader({ properties }: CosmosContainer, request: CosmosRequest): Partition | undefined {
  const header = request.header('x-ms-documentdb-partitionkey');
  return header === undefined ? undefined : partitionOf(header, properties.partitionKey.paths);
}

/** The one partition that an operation on an item names, with all its levels. */
function keyOf(container: CosmosContainer, request: CosmosRequest): string {
  const partition = partitionHeader(container, request);
  if (!partition?.isWhole) throw new CosmosError(400, 'The partition key is missing.');
  return partition.text;
}

function conditionsOf({ header }: CosmosRequest): Conditions {
  return { ifMatch: header('if-match'), ifNoneMatch: header('if-none-match') };
}

const continuation = (position: Position) => Buffer.from(JSON.stringify(position)).toString('base64');

function positionOf(token: string | undefined): Position | undefined {
  if (!token) return undefined;
  try {
    const { after, taken, rows } = JSON.parse(Buffer.from(token, 'base64').toString()) as Record<string, unknown>;
    if (isCount(rows)) return { rows };
    if (isCount(taken) && isPlace(after)) return { after, taken };
  } catch {
    // falls through to the one answer for a token that is not ours
  }
  throw new CosmosError(400, 'Invalid Continuation Token');
}

const isCount = (value: unknown): value is number => Number.isInteger(value) && Number(value) >= 0;

const isPlace = (value: unknown): value is [SqlValue, string, string] =>
  Array.isArray(value) &&
  value.length === 3 &&
  (value[0] === null || ['string', 'number'].includes(typeof value[0])) &&
  typeof value[1] === 'string' &&
  typeof value[2] === 'string';

function shown(properties: ContainerProperties) {
  return { ...properties, _rid: properties.id, _self: '', _etag: '""', _ts: 0 };
}

const ONLY_RANGE = {
  id: '0',
  _rid: '',
  minInclusive: '',
  maxExclusive: 'FF',
  ridPrefix: 0,
  throughputFraction: 1,
  status: 'online',
  parents: [],
};

/** One physical partition and no operator that would need merging: the query may run as it is. */
const QUERY_PLAN = {
  partitionedQueryExecutionInfoVersion: 2,
  queryInfo: {
    distinctType: 'None',
    groupByExpressions: [],
    groupByAliases: [],
    orderBy: [],
    orderByExpressions: [],
    aggregates: [],
    groupByAliasToAggregateType: {},
    rewrittenQuery: '',
    hasSelectValue: false,
    hasNonStreamingOrderBy: false,
  },
  queryRanges: [{ min: '', max: 'FF', isMinInclusive: true, isMaxInclusive: false }],
};

function account() {
  return {
    id: 'local',
    _self: '',
    _rid: 'local',
    writableLocations: [],
    readableLocations: [],
    enableMultipleWriteLocations: false,
    userConsistencyPolicy: { defaultConsistencyLevel: 'Session' },
    addresses: '//addresses/',
    media: '//media/',
  };
}
