/**
 * The Cosmos DB stand-in through the client library, with a thousand and with a hundred thousand documents in the container: what
 * the size of a container costs each kind of request.
 *
 *     node bench/database.ts
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Container, CosmosClient } from '@azure/cosmos';
import { createLocalClock } from '../local/clock.ts';
import { startCosmosServer } from '../local/cosmos/server.ts';
import { percentile } from './load.ts';

const SIZES = [1_000, 100_000];
const OWNERS = 10;
const RUNS = 200;
const BATCH = 100;
const PADDING = 'x'.repeat(700);

const folder = mkdtempSync(join(tmpdir(), 'extranet-database-'));
const key = Buffer.from('a key of the bench').toString('base64');
const server = await startCosmosServer({ port: 0, dataDir: folder, key, clock: createLocalClock() });
try {
  const client = new CosmosClient({ endpoint: server.url, key, connectionPolicy: { enableEndpointDiscovery: false } });
  await client.databases.create({ id: 'bench' });
  const measured: Record<string, number>[] = [];
  for (const size of SIZES) measured.push(await measureSize(client, size));
  console.log(`median of ${RUNS}, ms      ${SIZES.map((size) => `${size} documents`.padStart(18)).join('')}`);
  for (const name of Object.keys(measured[0] ?? {})) {
    console.log(
      `${name.padEnd(26)}${measured.map((each) => (each[name] ?? Number.NaN).toFixed(2).padStart(18)).join('')}`,
    );
  }
} finally {
  await server.close();
  rmSync(folder, { recursive: true, force: true });
}

async function measureSize(client: CosmosClient, size: number): Promise<Record<string, number>> {
  const { container } = await client.database('bench').containers.create({
    id: `items-${size}`,
    partitionKey: { paths: ['/owner'] },
    defaultTtl: -1,
    indexingPolicy: {
      includedPaths: ['/owner/?', '/type/?', '/pendingAt/?'].map((path) => ({ path })),
      excludedPaths: [{ path: '/*' }],
    },
  });
  const start = performance.now();
  for (let first = 0; first < size; first += BATCH) {
    const owner = `o${first / BATCH}`;
    await container.items.batch(
      Array.from({ length: BATCH }, (_, n) => ({
        operationType: 'Create' as const,
        resourceBody: {
          id: `i${n}`,
          owner,
          type: 'item',
          padding: PADDING,
          ...(n === 0 && first < BATCH * OWNERS ? { pendingAt: `2026-01-01T00:00:0${first / BATCH}Z` } : {}),
        },
      })),
      owner,
    );
  }
  console.log(`${size} documents written in ${((performance.now() - start) / 1000).toFixed(1)} s`);
  return {
    'point read': await median(() => container.item('i50', 'o3').read()),
    replace: await median((n) => container.items.upsert({ id: 'i50', owner: 'o3', type: 'item', n, padding: PADDING })),
    'one partition': await median(() => ask(container, 'SELECT * FROM c', 'o3')),
    'one partition, filtered': await median(() => ask(container, "SELECT * FROM c WHERE c.id > 'i97'", 'o3')),
    'all, indexed range': await median(() => ask(container, "SELECT * FROM c WHERE c.pendingAt <= '2026-01-02'")),
    'all, ordered, first page': await median(() => ask(container, 'SELECT TOP 10 * FROM c ORDER BY c.pendingAt DESC')),
  };
}

async function ask(container: Container, query: string, partitionKey?: string): Promise<void> {
  const options = { maxItemCount: BATCH, ...(partitionKey === undefined ? {} : { partitionKey }) };
  const { resources } = await container.items.query(query, options).fetchNext();
  if (resources.length === 0) throw new Error(`nothing found by ${query}`);
}

async function median(run: (n: number) => Promise<unknown>): Promise<number> {
  const taken: number[] = [];
  for (let n = 0; n < RUNS; n += 1) {
    const start = performance.now();
    await run(n);
    taken.push(performance.now() - start);
  }
  return percentile(taken, 0.5);
}
