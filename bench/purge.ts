/**
 * The purge of what has expired, through the product's own code and the Cosmos DB stand-in: so many expired documents among as many live ones, of
 * several types in several containers, none of which the service's own expiry would remove. Tells the rate, the request units and the memory, and
 * counts that nothing that lives is gone.
 *
 *     node bench/purge.ts 10000 100000      # the sizes; 1000000 takes minutes, and a few GB of disk
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Container } from '@azure/cosmos';
import { createLocalClock } from '../local/clock.ts';
import { startCosmosServer } from '../local/cosmos/server.ts';
import { type ContainerId, containers, DEFAULT_TTL, indexingPolicy } from '../shared/platform/cosmos/containers.ts';
import { openDocumentStore } from '../shared/platform/cosmos/document-store.ts';
import { createLogger } from '../shared/platform/logger.ts';
import { purgedContainers, purgeExpired } from '../shared/retention/index.ts';
import { chargedClient } from './charged-client.ts';

const SIZES = process.argv.slice(2).map(Number);
const BATCH = 100;
const DATABASE = 'bench';
const NOW = new Date('2026-11-23T09:00:00.000Z');
const PAST = '2026-11-22T09:00:00.000Z';
const FUTURE = '2026-12-22T09:00:00.000Z';
/** Where most of what ends lies, and how many documents of one partition end together. */
const SHARES = [
  { container: 'activity', type: 'activity-event', share: 0.6, together: 100 },
  { container: 'accounts', type: 'session', share: 0.2, together: 4 },
  { container: 'runtime', type: 'idempotency', share: 0.2, together: 1 },
] as const satisfies readonly { container: ContainerId; type: string; share: number; together: number }[];

for (const size of SIZES.length > 0 ? SIZES : [10_000, 100_000]) await measure(size);

async function measure(size: number): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'extranet-purge-'));
  const key = Buffer.from('a key of the bench').toString('base64');
  const server = await startCosmosServer({ port: 0, dataDir: folder, key, clock: createLocalClock() });
  let charge = 0;
  try {
    const client = chargedClient(server.url, key, (units) => {
      charge += units;
    });
    await client.databases.create({ id: DATABASE });
    const database = client.database(DATABASE);
    for (const definition of containers) {
      const { id, partitionKey } = definition;
      const paths = [partitionKey];
      const indexing = indexingPolicy(definition);
      await database.containers.create({
        id,
        partitionKey: { paths },
        defaultTtl: DEFAULT_TTL,
        indexingPolicy: indexing,
      });
    }
    const filling = performance.now();
    for (const share of SHARES) await fill(database.container(share.container), share, Math.round(size * share.share));
    console.log(`\n${size} expired among ${size} live, written in ${seconds(filling)} s`);

    const clock = { now: () => new Date(NOW.getTime() + performance.now() - started) };
    const started = performance.now();
    const purge = purgeExpired({
      database: openDocumentStore(async () => client, DATABASE, clock),
      objects: { put: none, open: none, scanResult: none, remove: none, async *list() {} },
      clock,
      logger: createLogger((_level, line) => console.log(line)),
      containers: purgedContainers,
      sweeps: [],
    });
    charge = 0;
    const worked = process.cpuUsage();
    const memory: number[] = [];
    const watch = setInterval(() => memory.push(process.memoryUsage().heapUsed / 2 ** 20), 200);
    let removed = 0;
    let runs = 0;
    let continuation: string | undefined;
    do {
      const result = await purge(continuation);
      runs += 1;
      removed += result.changed;
      continuation = result.continuation;
      if (result.failed > 0) throw new Error(`${result.failed} failed`);
    } while (continuation !== undefined);
    clearInterval(watch);
    const { user, system } = process.cpuUsage(worked);
    const took = (performance.now() - started) / 1000;
    console.log(`  removed ${removed} in ${runs} run(s), ${took.toFixed(1)} s: ${Math.round(removed / took)} a second`);
    const each = ((user + system) / 1000 / removed).toFixed(2);
    console.log(
      `  ${(charge / removed).toFixed(1)} RU a document, ${each} ms of processor time (the database's included)`,
    );
    console.log(`  heap ${Math.min(...memory).toFixed(0)} to ${Math.max(...memory).toFixed(0)} MiB`);
    for (const { container, share } of SHARES) {
      const { resources } = await database.container(container).items.query('SELECT VALUE COUNT(1) FROM c').fetchAll();
      const expected = Math.round(size * share);
      if (resources[0] !== expected) throw new Error(`${container}: ${resources[0]} left of ${expected} live ones`);
    }
    console.log('  every live one is there');
  } finally {
    await server.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** As many expired as live documents, mixed in the same partitions. */
async function fill(container: Container, share: (typeof SHARES)[number], count: number): Promise<void> {
  const path = containers.find(({ id }) => id === share.container)?.partitionKey.slice(1) ?? '';
  const document = (partition: string, id: string, expiresAt: string) => ({
    ...{ [path]: partition, id, type: share.type, expiresAt, at: PAST, padding: 'x'.repeat(300) },
  });
  for (let first = 0; first < count; first += BATCH) {
    const size = Math.min(BATCH, count - first);
    for (const expiresAt of [PAST, FUTURE]) {
      const documents = Array.from({ length: size }, (_, index) => {
        const number = first + index;
        const id = `i${number}-${expiresAt === PAST ? 'old' : 'new'}`;
        // A container partitioned by id has a partition for each.
        return document(path === 'id' ? id : `p${Math.floor(number / share.together)}`, id, expiresAt);
      });
      const batches = [...Map.groupBy(documents, (one) => String(one[path]))];
      await Promise.all(
        batches.map(([partition, together]) =>
          container.items.batch(
            together.map((resourceBody) => ({ operationType: 'Create' as const, resourceBody })),
            partition,
          ),
        ),
      );
    }
  }
}

async function none(): Promise<never> {
  throw new Error('no blobs in this bench');
}

function seconds(since: number): string {
  return ((performance.now() - since) / 1000).toFixed(1);
}
