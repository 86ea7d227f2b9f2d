import { type CosmosAnswer, CosmosError } from './answer.ts';
import type { Conditions, ContainerProperties, CosmosContainer, CosmosStore, Item, Json, Position } from './store.ts';

export interface CosmosRequest {
  readonly method: string;
  readonly path: string;
  readonly header: (name: string) => string | undefined;
  readonly body: unknown;
}

/** Request units of a write of `bytes`: about five for each KB (see the service's pricing). */
const writeCharge = (bytes: number) => Math.max(5, Math.ceil(bytes / 1024) * 5);
const readCharge = (bytes: number) => Math.max(1, Math.ceil(bytes / 10_240));
const queryCharge = (bytes: number) => 2.5 + bytes / 10_240;

const MAX_BATCH = 100;

/** Answers one request of the REST protocol that `@azure/cosmos` speaks. */
export function cosmosService(store: CosmosStore) {
  return (request: CosmosRequest): CosmosAnswer => {
    const segments = request.path.split('/').filter(Boolean).map(decodeURIComponent);
    if (segments.length === 0) return { status: 200, body: account() };
    const [dbs, db = '', colls, coll = '', feed, id] = segments;
    if (dbs !== 'dbs') throw new CosmosError(404, 'No such resource.');
    if (segments.length === 1) return databases(request);
    if (segments.length === 2) {
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
    if (segments.length === 4) return { status: 200, body: shown(container.properties), charge: 1 };
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

  function item(container: CosmosContainer, id: string, request: CosmosRequest): CosmosAnswer {
    const pk = partitionOf(request);
    const conditions = conditionsOf(request);
    switch (request.method) {
      case 'GET': {
        const found = container.read(pk, id);
        const etag = { etag: found.etag };
        if (conditions.ifNoneMatch === found.etag) return { status: 304, headers: etag, charge: 1 };
        return { status: 200, body: found.body, headers: etag, charge: readCharge(found.bytes) };
      }
      case 'PUT':
        return stored(200, container.replace(pk, id, request.body as Json, conditions), 2);
      case 'DELETE': {
        const { bytes } = container.remove(pk, id, conditions);
        return { status: 204, charge: writeCharge(bytes) };
      }
      default:
        throw new CosmosError(405, 'Method not allowed.');
    }
  }

  function written(status: number, container: CosmosContainer, request: CosmosRequest): CosmosAnswer {
    const pk = partitionOf(request);
    if (request.header('x-ms-documentdb-is-upsert')?.toLowerCase() === 'true') {
      return stored(200, container.upsert(pk, request.body as Json, conditionsOf(request)), 1);
    }
    return stored(status, container.create(pk, request.body as Json), 1);
  }

  function query(container: CosmosContainer, request: CosmosRequest): CosmosAnswer {
    const { query: text, parameters = [] } = request.body as {
      query?: string;
      parameters?: { name: string; value: never }[];
    };
    if (typeof text !== 'string') throw new CosmosError(400, 'The query is missing.');
    const pk = request.header('x-ms-documentdb-partitionkey');
    const limit = Number(request.header('x-ms-max-item-count') ?? 100);
    const after = positionOf(request.header('x-ms-continuation'));
    const values = new Map(parameters.map(({ name, value }) => [name, value]));
    const page = container.query(text, values, pk, limit > 0 ? limit : 100, after);
    return {
      status: 200,
      body: { _rid: '', Documents: page.items, _count: page.items.length },
      headers: {
        'x-ms-item-count': String(page.items.length),
        ...(page.next ? { 'x-ms-continuation': continuation(page.next) } : {}),
      },
      charge: queryCharge(page.bytes),
    };
  }

  /** All or nothing, in one partition: 207 names what failed, 424 stands for the rest. */
  function batch(container: CosmosContainer, request: CosmosRequest): CosmosAnswer {
    const pk = partitionOf(request);
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
        return stored(200, container.replace(pk, id ?? '', resourceBody, conditions), 2);
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

function partitionOf(request: CosmosRequest): string {
  const header = request.header('x-ms-documentdb-partitionkey');
  if (header === undefined) throw new CosmosError(400, 'The partition key is missing.');
  try {
    return JSON.stringify(JSON.parse(header));
  } catch {
    throw new CosmosError(400, 'The partition key is not valid JSON.');
  }
}

function conditionsOf({ header }: CosmosRequest): Conditions {
  return { ifMatch: header('if-match'), ifNoneMatch: header('if-none-match') };
}

const continuation = (position: Position) => Buffer.from(JSON.stringify(position)).toString('base64');

function positionOf(token: string | undefined): Position | undefined {
  if (!token) return undefined;
  try {
    const { key, offset } = JSON.parse(Buffer.from(token, 'base64').toString()) as { key?: unknown; offset?: unknown };
    if (Array.isArray(key) && typeof key[0] === 'string' && typeof key[1] === 'string')
      return { key: [key[0], key[1]] };
    if (typeof offset === 'number' && Number.isInteger(offset) && offset >= 0) return { offset };
  } catch {
    // falls through to the one answer for a token that is not ours
  }
  throw new CosmosError(400, 'Invalid Continuation Token');
}

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
