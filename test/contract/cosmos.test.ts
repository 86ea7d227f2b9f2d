import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Container, CosmosClient, type Database, type OperationInput, type SqlQuerySpec } from '@azure/cosmos';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createLocalClock } from '../../local/clock.ts';
import { startCosmosServer } from '../../local/cosmos/server.ts';

/** Held against `COSMOS_ENDPOINT` when that is set (the emulator, an account), else against the stand-in. */
const remote = process.env.COSMOS_ENDPOINT;
const clock = createLocalClock();
const key = process.env.COSMOS_KEY ?? Buffer.from('a key of the contract tests').toString('base64');
const databaseId = `contract-${process.pid}-${Date.now()}`;
const dataDir = mkdtempSync(join(tmpdir(), 'cosmos-contract-'));

let endpoint = remote ?? '';
let server: Awaited<ReturnType<typeof startCosmosServer>> | undefined;
let database: Database;
let container: Container;

const connect = (accountKey: string) =>
  new CosmosClient({ endpoint, key: accountKey, connectionPolicy: { enableEndpointDiscovery: false } });

beforeAll(async () => {
  if (!remote) {
    server = await startCosmosServer({ port: 0, dataDir, key, clock });
    endpoint = server.url;
  }
  const client = connect(key);
  await client.databases.create({ id: databaseId });
  database = client.database(databaseId);
  await database.containers.create({
    id: 'items',
    partitionKey: { paths: ['/owner'] },
    defaultTtl: -1,
    indexingPolicy: {
      includedPaths: ['owner', 'rank', 'value', 'kind'].map((name) => ({ path: `/${name}/?` })),
      excludedPaths: [{ path: '/*' }],
    },
  });
  container = database.container('items');
});

afterAll(async () => {
  if (remote) await database?.delete();
  await server?.close();
  rmSync(dataDir, { recursive: true, force: true });
});

const create = (owner: string, id: string, more: object = {}) => container.items.create({ id, owner, ...more });
const ifMatch = (condition: string) => ({ accessCondition: { type: 'IfMatch', condition } });
const status = (code: number) => expect.objectContaining({ code });
const ids = (items: readonly { id: string }[]) => items.map(({ id }) => id);

async function found(owner: string, where: string, parameters: SqlQuerySpec['parameters'] = []): Promise<string[]> {
  const spec: SqlQuerySpec = { query: `SELECT * FROM c WHERE ${where}`, parameters };
  const { resources } = await container.items.query<{ id: string }>(spec, { partitionKey: owner }).fetchAll();
  return ids(resources).sort();
}

describe('an item', () => {
  test('cannot be created twice', async () => {
    expect((await create('twice', 'a')).statusCode).toBe(201);
    await expect(create('twice', 'a')).rejects.toEqual(status(409));
  });

  test('that is not there reads as undefined, and cannot be replaced or deleted', async () => {
    const { statusCode, resource } = await container.item('none', 'absent').read();
    expect({ statusCode, resource }).toEqual({ statusCode: 404, resource: undefined });
    await expect(container.item('none', 'absent').replace({ id: 'none', owner: 'absent' })).rejects.toEqual(
      status(404),
    );
    await expect(container.item('none', 'absent').delete()).rejects.toEqual(status(404));
  });

  test('changed meanwhile is neither replaced nor deleted with the earlier entity tag', async () => {
    const { etag: stale } = await create('stale', 'a', { value: 1 });
    const item = container.item('a', 'stale');
    const { etag: fresh } = await item.replace({ id: 'a', owner: 'stale', value: 2 }, ifMatch(stale));
    expect(fresh).not.toBe(stale);
    await expect(item.replace({ id: 'a', owner: 'stale', value: 3 }, ifMatch(stale))).rejects.toEqual(status(412));
    await expect(item.delete(ifMatch(stale))).rejects.toEqual(status(412));
    expect((await item.read()).resource).toMatchObject({ value: 2, _etag: fresh });
    expect((await item.delete(ifMatch(fresh))).statusCode).toBe(204);
  });

  test('matches `*` whatever its entity tag is', async () => {
    await create('star', 'a');
    const item = container.item('a', 'star');
    expect((await item.replace({ id: 'a', owner: 'star', value: 1 }, ifMatch('*'))).statusCode).toBe(200);
    expect((await item.delete(ifMatch('*'))).statusCode).toBe(204);
  });

  test('unchanged since the known entity tag is not sent again', async () => {
    const { etag } = await create('cached', 'a');
    const accessCondition = { type: 'IfNoneMatch', condition: etag };
    expect((await container.item('a', 'cached').read({ accessCondition })).statusCode).toBe(304);
    await container.items.upsert({ id: 'a', owner: 'cached', value: 1 });
    expect((await container.item('a', 'cached').read({ accessCondition })).statusCode).toBe(200);
  });

  test('shares its id with an item of another partition without touching it', async () => {
    await create('left', 'same', { value: 'l' });
    await create('right', 'same', { value: 'r' });
    await container.item('same', 'left').delete();
    expect((await container.item('same', 'left').read()).statusCode).toBe(404);
    expect((await container.item('same', 'right').read()).resource).toMatchObject({ value: 'r' });
  });

  test('is created by an upsert, then replaced by it', async () => {
    expect((await container.items.upsert({ id: 'a', owner: 'upsert', value: 1 })).statusCode).toBe(201);
    expect((await container.items.upsert({ id: 'a', owner: 'upsert', value: 2 })).statusCode).toBe(200);
    expect((await container.item('a', 'upsert').read()).resource).toMatchObject({ value: 2 });
  });

  test('keeps every character of its id and text', async () => {
    const id = "l'été % 100+ é&=日本🙂";
    await create('text', id, { value: 'Nguyễn\u2028\u0001"\\' });
    expect((await container.item(id, 'text').read()).resource).toMatchObject({ id, value: 'Nguyễn\u2028\u0001"\\' });
  });

  test('over 2 MB is refused', async () => {
    await expect(create('large', 'a', { value: 'x'.repeat(2 * 1024 * 1024) })).rejects.toEqual(status(413));
    expect((await container.item('a', 'large').read()).statusCode).toBe(404);
  });

  test('of another partition than the one named is refused', async () => {
    await create('here', 'b');
    await expect(container.item('b', 'here').replace({ id: 'b', owner: 'there' })).rejects.toEqual(status(400));
  });

  test.skipIf(remote)('is gone once its ttl has passed, and its id is free again', async () => {
    await create('ending', 'a', { ttl: 60 });
    await create('ending', 'b');
    clock.setOffset(59_000);
    expect((await container.item('a', 'ending').read()).statusCode).toBe(200);
    clock.setOffset(61_000);
    expect((await container.item('a', 'ending').read()).statusCode).toBe(404);
    expect(await found('ending', 'IS_DEFINED(c.id)')).toEqual(['b']);
    expect((await create('ending', 'a')).statusCode).toBe(201);
    clock.setOffset(0);
  });
});

describe('a batch', () => {
  const owned = (owner: string, id: string, value: number) => ({ id, owner, value });

  test('creates, replaces and deletes in one go', async () => {
    const { etag } = await create('batch', 'old', { value: 1 });
    await create('batch', 'gone');
    const operations: OperationInput[] = [
      { operationType: 'Create', resourceBody: owned('batch', 'new', 1) },
      { operationType: 'Replace', id: 'old', ifMatch: etag, resourceBody: owned('batch', 'old', 2) },
      { operationType: 'Delete', id: 'gone' },
    ];
    const { code, result } = await container.items.batch(operations, 'batch');
    expect({ code, statuses: result?.map(({ statusCode }) => statusCode) }).toEqual({
      code: 200,
      statuses: [201, 200, 204],
    });
    expect((await container.item('old', 'batch').read()).resource).toMatchObject({
      value: 2,
      _etag: result?.[1]?.eTag,
    });
    expect(await found('batch', 'IS_DEFINED(c.id)')).toEqual(['new', 'old']);
  });

  test.each([
    ['an id that exists', { operationType: 'Create', resourceBody: owned('atomic', 'kept', 2) }, 409],
    ['an item that is not there', { operationType: 'Delete', id: 'absent' }, 404],
    [
      'a stale entity tag',
      { operationType: 'Replace', id: 'kept', ifMatch: '"stale"', resourceBody: owned('atomic', 'kept', 2) },
      412,
    ],
  ] as const)('writes nothing when one step meets %s', async (_, failing, expected) => {
    await container.items.upsert(owned('atomic', 'kept', 1));
    const operations = [
      { operationType: 'Create', resourceBody: owned('atomic', 'first', 1) },
      failing,
      { operationType: 'Create', resourceBody: owned('atomic', 'last', 1) },
    ] as OperationInput[];
    const { code, result } = await container.items.batch(operations, 'atomic');
    expect({ code, statuses: result?.map(({ statusCode }) => statusCode) }).toEqual({
      code: 207,
      statuses: [424, expected, 424],
    });
    expect(await found('atomic', 'c.value = 1')).toEqual(['kept']);
  });
});

describe('a query', () => {
  const values = {
    one: 1,
    text: '1',
    yes: true,
    no: false,
    nothing: null,
    two: 2,
  };

  beforeAll(async () => {
    for (const [id, value] of Object.entries(values)) await create('typed', id, { value, kind: 'typed' });
    await create('typed', 'absent', { kind: 'typed' });
    for (let rank = 0; rank < 25; rank += 1) {
      await create('paged', `p${String(rank).padStart(2, '0')}`, {
        rank: (rank * 7) % 25,
        kind: rank % 2 ? 'odd' : 'even',
      });
      await create(`spread-${rank % 5}`, `s${rank}`, { kind: 'spread', rank });
    }
  });

  test.each([
    ['c.value = 1', ['one']],
    ["c.value = '1'", ['text']],
    ['c.value = true', ['yes']],
    ['c.value = false', ['no']],
    ['c.value = null', ['nothing']],
    ['c.value > 1', ['two']],
    ['c.value >= 1 AND c.value < 2', ['one']],
    ["c.value IN (1, '1')", ['one', 'text']],
    ['IS_DEFINED(c.value)', Object.keys(values).sort()],
    ['NOT IS_DEFINED(c.value)', ['absent']],
    ['c.value = 2 OR c.value = true AND c.kind = "none"', ['two']],
    ["(c.value = 2 OR c.value = true) AND c.kind = 'typed'", ['two', 'yes']],
    ["NOT (c.value = 2 OR c.kind = 'typed')", []],
  ])('finds by type and value: %s', async (where, expected) => {
    expect(await found('typed', where.replaceAll('"', "'"))).toEqual(expected);
  });

  test('takes its parameters as values, never as text of the query', async () => {
    expect(await found('typed', 'c.value = @v', [{ name: '@v', value: '1' }])).toEqual(['text']);
    expect(await found('typed', 'c.value = @v', [{ name: '@v', value: 1 }])).toEqual(['one']);
    expect(await found('typed', 'c.value = @v', [{ name: '@v', value: null }])).toEqual(['nothing']);
    expect(await found('typed', 'c.value = @v', [{ name: '@v', value: "1' OR '1' = '1" }])).toEqual([]);
  });

  const paged = (query: string, continuationToken?: string) =>
    container.items
      .query<{ id: string; rank: number }>(query, {
        partitionKey: 'paged',
        maxItemCount: 10,
        ...(continuationToken ? { continuationToken } : {}),
      })
      .fetchNext();

  test.each(['', ' ORDER BY c.rank', ' ORDER BY c.rank DESC'])(
    'pages through one partition, each item once:%s',
    async (order) => {
      const seen: { id: string; rank: number }[] = [];
      let token: string | undefined;
      do {
        const page = await paged(`SELECT * FROM c${order}`, token);
        expect(page.resources.length).toBeLessThanOrEqual(10);
        seen.push(...page.resources);
        token = page.continuationToken;
      } while (token);
      expect(new Set(ids(seen)).size).toBe(25);
      expect(seen).toHaveLength(25);
      const ranks = seen.map(({ rank }) => rank);
      if (order) expect(ranks).toEqual(ranks.toSorted((a, b) => (order.endsWith('DESC') ? b - a : a - b)));
    },
  );

  test('goes on after the last page although items of it were deleted meanwhile', async () => {
    for (let n = 0; n < 20; n += 1) await create('shrinking', `i${String(n).padStart(2, '0')}`);
    const page = (continuationToken?: string) =>
      container.items
        .query<{ id: string }>('SELECT * FROM c', {
          partitionKey: 'shrinking',
          maxItemCount: 5,
          ...(continuationToken ? { continuationToken } : {}),
        })
        .fetchNext();
    const deleted: string[] = [];
    let token: string | undefined;
    do {
      const { resources, continuationToken } = await page(token);
      for (const { id } of resources) await container.item(id, 'shrinking').delete();
      deleted.push(...ids(resources));
      token = continuationToken;
    } while (token);
    expect(deleted).toHaveLength(20);
  });

  test('refuses a continuation that it did not give', async () => {
    await expect(paged('SELECT * FROM c', 'garbage')).rejects.toEqual(status(400));
  });

  test('over all partitions returns every page', async () => {
    const { resources } = await container.items
      .query<{ id: string }>("SELECT * FROM c WHERE c.kind = 'spread'", { maxItemCount: 4 })
      .fetchAll();
    expect(new Set(ids(resources)).size).toBe(25);
    expect(resources).toHaveLength(25);
  });

  test('that cannot be read is refused', async () => {
    await expect(found('typed', 'c.value ==== 1')).rejects.toEqual(status(400));
  });
});

test('a wrong key is refused', async () => {
  const wrong = connect(Buffer.from('another key').toString('base64'));
  await expect(wrong.database(databaseId).container('items').item('a', 'b').read()).rejects.toEqual(status(401));
});

test.skipIf(remote)('a request without a readable signature is refused', async () => {
  for (const authorization of ['%', 'type=master', '']) {
    const { status: answered } = await fetch(`${endpoint}/dbs/${databaseId}`, {
      headers: { authorization, 'x-ms-date': new Date().toUTCString() },
    });
    expect(answered).toBe(401);
  }
});

test('every answer says what it cost', async () => {
  const created = await create('charged', 'a');
  const read = await container.item('a', 'charged').read();
  const queried = await container.items.query('SELECT * FROM c', { partitionKey: 'charged' }).fetchNext();
  const deleted = await container.item('a', 'charged').delete();
  for (const { requestCharge } of [created, read, queried, deleted]) expect(requestCharge).toBeGreaterThan(0);
});
