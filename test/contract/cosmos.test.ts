import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  type Container,
  type ContainerDefinition,
  CosmosClient,
  type Database,
  type JSONValue,
  type OperationInput,
  PartitionKeyKind,
  type PatchOperation,
  type PatchRequestBody,
  type SqlQuerySpec,
} from '@azure/cosmos';
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
      includedPaths: ['owner', 'rank', 'value', 'kind', 'inner/at'].map((name) => ({ path: `/${name}/?` })),
      excludedPaths: [{ path: '/*' }],
      compositeIndexes: [
        [
          { path: '/kind', order: 'ascending' },
          { path: '/rank', order: 'descending' },
        ],
      ],
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
const range = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, at) => from + at);
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

describe('a batch at its limits', () => {
  test('over 2 MB is refused as a whole', async () => {
    const operations = [0, 1, 2].map((n) => ({
      operationType: 'Create' as const,
      resourceBody: { id: `b${n}`, owner: 'heavy', value: 'x'.repeat(800 * 1024) },
    }));
    await expect(container.items.batch(operations, 'heavy')).rejects.toEqual(
      expect.objectContaining({ cause: status(413) }),
    );
    expect(await found('heavy', 'true')).toEqual([]);
  });

  test('patches as well, and reads what it wrote', async () => {
    await create('mixed', 'a', { value: 1 });
    const { code, result } = await container.items.batch(
      [
        { operationType: 'Patch', id: 'a', resourceBody: { operations: [{ op: 'incr', path: '/value', value: 2 }] } },
        { operationType: 'Read', id: 'a' },
      ],
      'mixed',
    );
    expect({ code, read: result?.[1]?.resourceBody }).toMatchObject({ code: 200, read: { id: 'a', value: 3 } });
  });

  test('whose patch meets another state writes nothing', async () => {
    await create('mixed', 'closed', { value: 'closed' });
    const { code, result } = await container.items.batch(
      [
        { operationType: 'Create', resourceBody: { id: 'beside', owner: 'mixed' } },
        {
          operationType: 'Patch',
          id: 'closed',
          resourceBody: {
            condition: "from c where c.value = 'open'",
            operations: [{ op: 'set', path: '/value', value: 'done' }],
          },
        },
      ],
      'mixed',
    );
    expect({ code, statuses: result?.map(({ statusCode }) => statusCode) }).toEqual({
      code: 207,
      statuses: [424, 412],
    });
    expect((await container.item('beside', 'mixed').read()).statusCode).toBe(404);
  });
});

describe('a patch', () => {
  const before = { count: 1, inner: { at: 'x', gone: true }, tags: ['a', 'b'] };

  async function patched(id: string, operations: PatchOperation[]): Promise<object> {
    await container.items.upsert({ id, owner: 'patch', ...before });
    const { resource } = await container.item(id, 'patch').patch(operations);
    return resource as object;
  }

  test.each<[string, PatchOperation[], object]>([
    ['adds a property', [{ op: 'add', path: '/inner/new', value: { a: 1 } }], { inner: { new: { a: 1 } } }],
    ['adds before a position of an array', [{ op: 'add', path: '/tags/1', value: 'x' }], { tags: ['a', 'x', 'b'] }],
    ['adds at the end of an array', [{ op: 'add', path: '/tags/-', value: 'x' }], { tags: ['a', 'b', 'x'] }],
    ['sets a property, there or not', [{ op: 'set', path: '/inner/at', value: null }], { inner: { at: null } }],
    ['sets a position of an array', [{ op: 'set', path: '/tags/0', value: 'x' }], { tags: ['x', 'b'] }],
    ['replaces what is there', [{ op: 'replace', path: '/count', value: 'one' }], { count: 'one' }],
    ['removes from an array', [{ op: 'remove', path: '/tags/0' }], { tags: ['b'] }],
    ['counts up and down', [{ op: 'incr', path: '/count', value: -3 }], { count: -2 }],
    ['counts from nothing', [{ op: 'incr', path: '/other', value: 5 }], { other: 5 }],
    [
      'does its operations in their order',
      [
        { op: 'set', path: '/a', value: 1 },
        { op: 'incr', path: '/a', value: 1 },
        { op: 'add', path: '/tags/-', value: 'y' },
      ],
      { a: 2, tags: ['a', 'b', 'y'] },
    ],
  ])('%s', async (name, operations, expected) => {
    expect(await patched(name.replaceAll(' ', '-'), operations)).toMatchObject(expected);
  });

  test('removes a property, and nothing else', async () => {
    const { inner } = (await patched('remove', [{ op: 'remove', path: '/inner/gone' }])) as { inner: object };
    expect(inner).toEqual({ at: 'x' });
  });

  test.skipIf(remote)('moves a value to another place', async () => {
    const moved = await patched('move', [
      { op: 'move', from: '/inner/at', path: '/moved' } as unknown as PatchOperation,
    ]);
    expect(moved).toMatchObject({ moved: 'x', inner: { gone: true } });
    expect((moved as { inner: object }).inner).toEqual({ gone: true });
  });

  test.each<[string, PatchOperation[]]>([
    ['the replacement of what is not there', [{ op: 'replace', path: '/absent', value: 1 }]],
    ['the removal of what is not there', [{ op: 'remove', path: '/absent' }]],
    ['a place below what is not there', [{ op: 'set', path: '/absent/inner', value: 1 }]],
    ['a position behind the end of an array', [{ op: 'add', path: '/tags/9', value: 1 }]],
    ['counting a text', [{ op: 'incr', path: '/inner/at', value: 1 }]],
    ['another id', [{ op: 'set', path: '/id', value: 'other' }]],
    ['another partition', [{ op: 'set', path: '/owner', value: 'other' }]],
    ['more than ten operations', Array.from({ length: 11 }, () => ({ op: 'incr', path: '/count', value: 1 }) as const)],
  ])('refuses %s, and changes nothing', async (_, operations) => {
    await container.items.upsert({ id: 'refused', owner: 'patch', ...before });
    await expect(container.item('refused', 'patch').patch(operations)).rejects.toEqual(status(400));
    expect((await container.item('refused', 'patch').read()).resource).toMatchObject(before);
  });

  test('is done only when its condition holds and the entity tag is the known one', async () => {
    const { etag } = await container.items.upsert({ id: 'conditional', owner: 'patch', value: 'open' });
    const item = container.item('conditional', 'patch');
    const close = (condition: string) => ({ condition, operations: [{ op: 'set', path: '/value', value: 'closed' }] });
    const onlyWhen = (state: string) => close(`from c where c.value = '${state}'`) as PatchRequestBody;
    await expect(item.patch(onlyWhen('Open'))).rejects.toEqual(status(412));
    expect((await item.patch(onlyWhen('open'))).resource).toMatchObject({ value: 'closed' });
    await expect(item.patch(onlyWhen('open'))).rejects.toEqual(status(412));
    await expect(item.patch([{ op: 'set', path: '/value', value: 'x' }], ifMatch(etag))).rejects.toEqual(status(412));
    await expect(container.item('absent', 'patch').patch([{ op: 'set', path: '/a', value: 1 }])).rejects.toEqual(
      status(404),
    );
  });
});

describe('a unique key', () => {
  let unique: Container;

  beforeAll(async () => {
    await database.containers.create({
      id: 'unique',
      partitionKey: { paths: ['/owner'] },
      defaultTtl: -1,
      uniqueKeyPolicy: { uniqueKeys: [{ paths: ['/email'] }, { paths: ['/name/given', '/name/family'] }] },
    });
    unique = database.container('unique');
  });

  const person = (
    owner: string,
    id: string,
    email: JSONValue | undefined,
    given: string,
    family: string,
    more: object = {},
  ) => ({
    id,
    owner,
    ...(email === undefined ? {} : { email }),
    name: { given, family },
    ...more,
  });

  test('is held within a partition, over all its paths together', async () => {
    await unique.items.create(person('p', 'a', 'a@x', 'Ada', 'L'));
    await unique.items.create(person('p', 'b', 'b@x', 'Ada', 'M'));
    await expect(unique.items.create(person('p', 'c', 'a@x', 'C', 'C'))).rejects.toEqual(status(409));
    await expect(unique.items.create(person('p', 'c', 'c@x', 'Ada', 'L'))).rejects.toEqual(status(409));
    expect((await unique.items.create(person('q', 'a', 'a@x', 'Ada', 'L'))).statusCode).toBe(201);
  });

  test('is held against upserts, replacements, patches and batches, and the other item stays', async () => {
    await unique.items.create(person('r', 'a', 'a@x', 'A', 'A'));
    await unique.items.create(person('r', 'b', 'b@x', 'B', 'B'));
    const taken = person('r', 'b', 'a@x', 'B', 'B');
    await expect(unique.items.upsert(taken)).rejects.toEqual(status(409));
    await expect(unique.item('b', 'r').replace(taken)).rejects.toEqual(status(409));
    await expect(unique.item('b', 'r').patch([{ op: 'set', path: '/email', value: 'a@x' }])).rejects.toEqual(
      status(409),
    );
    const { code } = await unique.items.batch([{ operationType: 'Upsert', resourceBody: taken }], 'r');
    expect(code).toBe(207);
    expect((await unique.item('a', 'r').read()).resource).toMatchObject({ email: 'a@x' });
    expect((await unique.item('b', 'r').read()).resource).toMatchObject({ email: 'b@x' });
    expect((await unique.item('b', 'r').replace(person('r', 'b', 'b@x', 'B', 'C'))).statusCode).toBe(200);
  });

  test('tells types apart, and takes what is missing for a value', async () => {
    await unique.items.create(person('s', 'a', '1', 'A', 'A'));
    await unique.items.create(person('s', 'b', 1, 'B', 'B'));
    await unique.items.create(person('s', 'c', undefined, 'C', 'C'));
    await expect(unique.items.create(person('s', 'd', undefined, 'D', 'D'))).rejects.toEqual(status(409));
  });

  test.skipIf(remote)('is free again once the item that had it has ended', async () => {
    await unique.items.create(person('t', 'a', 'a@x', 'A', 'A', { ttl: 60 }));
    clock.setOffset(61_000);
    expect((await unique.items.create(person('t', 'b', 'a@x', 'A', 'A'))).statusCode).toBe(201);
    clock.setOffset(0);
  });
});

describe('a hierarchical partition key', () => {
  let levels: Container;

  beforeAll(async () => {
    await database.containers.create({
      id: 'levels',
      partitionKey: { paths: ['/tenant', '/user/id'], kind: PartitionKeyKind.MultiHash },
    });
    levels = database.container('levels');
    for (const tenant of ['a', 'a,b', 'b']) {
      for (const user of ['1', '2']) {
        await levels.items.create({ id: 'same', tenant, user: { id: user }, value: `${tenant}-${user}` });
      }
    }
  });

  const values = async (partitionKey?: string[]) => {
    const { resources } = await levels.items
      .query<string>('SELECT VALUE c.value FROM c', partitionKey ? { partitionKey } : {})
      .fetchAll();
    return resources.toSorted();
  };

  test('names one item by all its levels', async () => {
    expect((await levels.item('same', ['a', '2']).read()).resource).toMatchObject({ value: 'a-2' });
    expect((await levels.item('same', ['a', '3']).read()).statusCode).toBe(404);
  });

  test('finds what is below its first level, and nothing else', async () => {
    expect(await values(['a'])).toEqual(['a-1', 'a-2']);
    expect(await values(['a', '1'])).toEqual(['a-1']);
    expect(await values()).toHaveLength(6);
  });

  test('takes a batch in one partition', async () => {
    const operations = ['x', 'y'].map((id) => ({
      operationType: 'Create' as const,
      resourceBody: { id, tenant: 'c', user: { id: '1' }, value: id },
    }));
    expect((await levels.items.batch(operations, ['c', '1'])).code).toBe(200);
    expect(await values(['c'])).toEqual(['x', 'y']);
  });
});

describe('a container', () => {
  test('keeps its items when its index policy changes', async () => {
    const { container: changing } = await database.containers.create({
      id: 'changing',
      partitionKey: { paths: ['/owner'] },
      indexingPolicy: { includedPaths: [{ path: '/owner/?' }], excludedPaths: [{ path: '/*' }] },
    });
    await changing.items.create({ id: 'a', owner: 'o', rank: 1 });
    const { resource } = await changing.read();
    const includedPaths = [{ path: '/owner/?' }, { path: '/rank/?' }];
    await changing.replace({
      ...(resource as ContainerDefinition),
      indexingPolicy: { includedPaths, excludedPaths: [{ path: '/*' }] },
    });
    const { resources } = await changing.items.query('SELECT VALUE c.id FROM c ORDER BY c.rank').fetchAll();
    expect(resources).toEqual(['a']);
    await changing.delete();
    await expect(changing.read()).rejects.toEqual(status(404));
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
    ['c.value BETWEEN 1 AND 2', ['one', 'two']],
    ["c.value BETWEEN '0' AND '2'", ['text']],
    ['c.value NOT IN (1, true)', ['no', 'nothing', 'text', 'two']],
    ['c.value != null', ['no', 'one', 'text', 'two', 'yes']],
    ['2 >= c.value', ['one', 'two']],
    ['c["value"] = 2', ['two']],
    ["STARTSWITH(c.id, 't')", ['text', 'two']],
    ["STARTSWITH(c.id, 'T')", []],
    ["STARTSWITH(c.id, 'T', true)", ['text', 'two']],
    ["ENDSWITH(c.id, 'o')", ['no', 'two']],
    ["CONTAINS(c.id, 'o') AND NOT CONTAINS(c.id, 'n')", ['two']],
    ["CONTAINS(c.id, 'O', true) AND c.value = 1", ['one']],
    ['STARTSWITH(c.value, "1")', ['text']],
    ['IS_NULL(c.value)', ['nothing']],
    ['IS_STRING(c.value) OR IS_BOOL(c.value)', ['no', 'text', 'yes']],
    ['IS_NUMBER(c.value) AND c.value > 1', ['two']],
    ["LOWER(c.kind) = 'typed' AND LENGTH(c.id) = 2", ['no']],
    ['true', [...Object.keys(values), 'absent'].sort()],
  ])('finds by type and value: %s', async (where, expected) => {
    expect(await found('typed', where.replaceAll('"', "'"))).toEqual(expected);
  });

  test('takes its parameters as values, never as text of the query', async () => {
    expect(await found('typed', 'c.value = @v', [{ name: '@v', value: '1' }])).toEqual(['text']);
    expect(await found('typed', 'c.value = @v', [{ name: '@v', value: 1 }])).toEqual(['one']);
    expect(await found('typed', 'c.value = @v', [{ name: '@v', value: null }])).toEqual(['nothing']);
    expect(await found('typed', 'c.value = @v', [{ name: '@v', value: "1' OR '1' = '1" }])).toEqual([]);
  });

  describe('over arrays', () => {
    beforeAll(async () => {
      await create('arrays', 'a', { tags: ['red', 'blue'], lines: [{ sku: 1, state: 'open' }, { sku: 2 }] });
      await create('arrays', 'b', { tags: ['red'], lines: [] });
      await create('arrays', 'c', { tags: 'red' });
    });

    test.each([
      ["ARRAY_CONTAINS(c.tags, 'red')", ['a', 'b']],
      ["ARRAY_CONTAINS(c.tags, 'Red')", []],
      ['ARRAY_CONTAINS(c.lines, {"sku": 2})', ['a']],
      ['ARRAY_CONTAINS(c.lines, {"sku": 1})', []],
      ['ARRAY_CONTAINS(c.lines, {"sku": 1}, true)', ['a']],
      ['ARRAY_LENGTH(c.tags) = 1', ['b']],
      ['EXISTS(SELECT VALUE l FROM l IN c.lines WHERE l.sku > 1)', ['a']],
      ["EXISTS(SELECT VALUE l FROM l IN c.lines WHERE l.sku > 1 AND l.state = 'open')", []],
      ["NOT EXISTS(SELECT VALUE t FROM t IN c.tags WHERE t = 'blue')", ['b', 'c']],
      ["c.tags[0] = 'red'", ['a', 'b']],
    ])('finds %s', async (where, expected) => {
      expect(await found('arrays', where)).toEqual(expected);
    });

    test('takes a list as one parameter', async () => {
      expect(await found('arrays', 'ARRAY_CONTAINS(@ids, c.id)', [{ name: '@ids', value: ['a', 'c', 'z'] }])).toEqual([
        'a',
        'c',
      ]);
    });
  });

  describe('shapes its rows', () => {
    const rows = async (query: string, owner: string | undefined = 'shaped') => {
      const options = owner === undefined ? {} : { partitionKey: owner };
      return (await container.items.query<unknown>(query, options).fetchAll()).resources;
    };

    beforeAll(async () => {
      await create('shaped', 'a', { kind: 'x', rank: 1, inner: { at: 'first' } });
      await create('shaped', 'b', { kind: 'x', rank: 3 });
      await create('shaped', 'c', { kind: 'y', rank: 5 });
      await create('shaped', 'd', { kind: 'y' });
    });

    test.each([
      ["SELECT c.id, c.inner.at, c.rank AS place FROM c WHERE c.id = 'a'", [{ id: 'a', at: 'first', place: 1 }]],
      ["SELECT c.id, c.rank FROM c WHERE c.id = 'd'", [{ id: 'd' }]],
      ["SELECT VALUE c.inner FROM c WHERE c.kind = 'x'", [{ at: 'first' }]],
      ['SELECT VALUE {"name": c.id, "list": [c.rank]} FROM c WHERE c.id = \'b\'', [{ name: 'b', list: [3] }]],
      ['SELECT VALUE r.id FROM root r WHERE r.rank = 5', ['c']],
      ['SELECT VALUE COUNT(1) FROM c', [4]],
      ['SELECT VALUE COUNT(c.rank) FROM c', [3]],
      ["SELECT VALUE COUNT(1) FROM c WHERE CONTAINS(c.kind, 'x')", [2]],
      ["SELECT VALUE COUNT(1) FROM c WHERE c.kind = 'none'", [0]],
      ['SELECT VALUE SUM(c.rank) FROM c', [9]],
      ['SELECT VALUE AVG(c.rank) FROM c', [3]],
      ['SELECT VALUE MIN(c.rank) FROM c', [1]],
      ['SELECT VALUE MAX(c.rank) FROM c', [5]],
      ['SELECT VALUE MAX(c.id) FROM c', ['d']],
      ['SELECT DISTINCT VALUE c.kind FROM c ORDER BY c.kind', ['x', 'y']],
      ['SELECT DISTINCT c.kind FROM c', [{ kind: 'x' }, { kind: 'y' }]],
      ['SELECT TOP 2 VALUE c.id FROM c ORDER BY c.rank DESC', ['c', 'b']],
      ['SELECT VALUE c.id FROM c ORDER BY c.rank OFFSET 1 LIMIT 2', ['a', 'b']],
      ['SELECT VALUE c.id FROM c ORDER BY c.kind ASC, c.rank DESC', ['b', 'a', 'c', 'd']],
      ['SELECT VALUE c.id FROM c ORDER BY c.kind DESC, c.rank ASC', ['d', 'c', 'a', 'b']],
    ])('%s', async (query, expected) => {
      expect(await rows(query)).toEqual(expected);
    });

    test.skipIf(remote)('groups, also over all partitions', async () => {
      const query = 'SELECT c.kind, COUNT(1) AS n, MAX(c.rank) AS most FROM c GROUP BY c.kind';
      const groups = (await rows(query)) as { kind: string }[];
      expect(groups.toSorted((a, b) => (a.kind < b.kind ? -1 : 1))).toEqual([
        { kind: 'x', n: 2, most: 3 },
        { kind: 'y', n: 2, most: 5 },
      ]);
      const { resources } = await container.items.query(`${query}`).fetchAll();
      expect(resources).toContainEqual({ kind: 'spread', n: 25, most: 24 });
    });

    test('limits also over several pages', async () => {
      const pages = container.items.query<string>('SELECT TOP 5 VALUE c.id FROM c ORDER BY c.rank', {
        partitionKey: 'paged',
        maxItemCount: 2,
      });
      const seen: string[] = [];
      while (pages.hasMoreResults()) seen.push(...((await pages.fetchNext()).resources ?? []));
      expect(seen).toHaveLength(5);
    });

    test.each([
      'SELECT * FROM c ORDER BY c.unindexed',
      'SELECT * FROM c ORDER BY c.rank, c.kind',
      'SELECT * FROM c WHERE NO_SUCH_FUNCTION(c.id)',
      'SELECT * FROM c WHERE x.id = 1',
      'SELECT FROM c',
      'SELECT * FROM c WHERE c.id = @missing',
      'DELETE FROM c',
    ])('refuses %s', async (query) => {
      await expect(rows(query)).rejects.toEqual(status(400));
    });
  });

  test('over all partitions in an order, with what has no value first', async () => {
    const { resources } = await container.items
      .query<{ rank?: number }>("SELECT c.rank FROM c WHERE c.kind = 'spread' OR c.kind = 'y' ORDER BY c.rank", {
        maxItemCount: 3,
      })
      .fetchAll();
    expect(resources.map(({ rank }) => rank)).toEqual([undefined, 0, 1, 2, 3, 4, 5, 5, ...range(6, 24)]);
  });

  test.each(['ASC', 'DESC'])(
    'goes on over pages of equal and missing values, each item once: %s',
    async (direction) => {
      for (let n = 0; n < 12; n += 1)
        await container.items.upsert({ id: `t${n}`, owner: 'ties', ...(n % 3 ? { rank: n % 2 } : {}) });
      const pages = container.items.query<string>(`SELECT VALUE c.id FROM c ORDER BY c.rank ${direction}`, {
        partitionKey: 'ties',
        maxItemCount: 2,
      });
      const seen: string[] = [];
      while (pages.hasMoreResults()) seen.push(...((await pages.fetchNext()).resources ?? []));
      expect(seen.toSorted()).toEqual(
        range(0, 11)
          .map((n) => `t${n}`)
          .toSorted(),
      );
    },
  );

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
