import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createLocalClock } from '../../../local/clock.ts';
import { startCosmosServer } from '../../../local/cosmos/server.ts';
import { COSMOS_DATABASE } from '../../../local/environment.ts';
import { connectCosmos, provisionDatabase } from '../../../local/provision.ts';
import { containers, indexingPolicy } from '../../../shared/platform/cosmos/containers.ts';

const dataDir = mkdtempSync(join(tmpdir(), 'provision-'));
const key = Buffer.from('a key').toString('base64');
let server: Awaited<ReturnType<typeof startCosmosServer>>;

beforeAll(async () => {
  server = await startCosmosServer({ port: 0, dataDir, key, clock: createLocalClock() });
});
afterAll(async () => {
  await server.close();
  rmSync(dataDir, { recursive: true, force: true });
});

test('data of an earlier version get the present index policies and lose nothing', async () => {
  const address = { endpoint: server.url, key };
  const client = await connectCosmos(address);
  const { database } = await client.databases.create({ id: COSMOS_DATABASE });
  const { container: accounts } = await database.containers.create({
    id: 'accounts',
    partitionKey: { paths: ['/accountId'] },
    indexingPolicy: { includedPaths: [{ path: '/accountId/?' }], excludedPaths: [{ path: '/*' }] },
  });
  await accounts.items.create({ id: 'account', accountId: 'a', type: 'account', pendingAt: '2026-01-01' });

  await provisionDatabase(address);
  await provisionDatabase(address);

  for (const definition of containers) {
    const { resource } = await database.container(definition.id).read();
    expect(resource).toMatchObject({ defaultTtl: -1, indexingPolicy: indexingPolicy(definition) });
  }
  const { resources } = await accounts.items.query('SELECT VALUE c.id FROM c ORDER BY c.pendingAt').fetchAll();
  expect(resources).toEqual(['account']);
});
