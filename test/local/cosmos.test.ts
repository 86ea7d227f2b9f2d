import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CosmosClient } from '@azure/cosmos';
import { afterEach, describe, expect, it } from 'vitest';

const key = Buffer.alloc(64, 7).toString('base64');
const folder = mkdtempSync(join(tmpdir(), 'cosmos-'));
let child: ChildProcess | undefined;

async function start() {
  const started = spawn(process.execPath, ['local/cosmos/main.ts', '--port', '0', '--data', folder], {
    env: { ...process.env, COSMOS_KEY: key },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  child = started;
  const line = await new Promise<string>((resolve) => started.stdout.once('data', (data) => resolve(String(data))));
  const endpoint = `http://127.0.0.1:${(JSON.parse(line) as { port: number }).port}`;
  const client = new CosmosClient({ endpoint, key, connectionPolicy: { enableEndpointDiscovery: false } });
  const { database } = await client.databases.createIfNotExists({ id: 'db' });
  const { container } = await database.containers.createIfNotExists({
    id: 'items',
    partitionKey: { paths: ['/pk'] },
    defaultTtl: -1,
  });
  return container;
}

async function end(signal: NodeJS.Signals) {
  const ending = child;
  child = undefined;
  if (!ending || ending.exitCode !== null) return;
  const ended = new Promise((resolve) => ending.once('exit', resolve));
  ending.kill(signal);
  await ended;
}

afterEach(async () => {
  await end('SIGKILL');
});

describe('the Cosmos DB stand-in', () => {
  it('killed under load it loses no acknowledged write', async () => {
    const acknowledged: string[] = [];
    for (let round = 0; round < 3; round += 1) {
      const container = await start();
      let killed = false;
      const writer = async (worker: number) => {
        for (let n = 0; !killed; n += 1) {
          const id = `${round}-${worker}-${n}`;
          try {
            await container.items.create({ id, pk: `p${worker}` });
            acknowledged.push(id);
          } catch {
            return; // the answer never came: not acknowledged
          }
          if (acknowledged.length >= (round + 1) * 150 && !killed) {
            killed = true;
            child?.kill('SIGKILL');
          }
        }
      };
      await Promise.all([0, 1, 2, 3].map(writer));
      await end('SIGKILL');
    }
    const container = await start();
    const { resources } = await container.items.query<string>('SELECT c.id FROM c', { maxItemCount: 1000 }).fetchAll();
    const kept = new Set((resources as unknown as { id: string }[]).map(({ id }) => id));
    expect(acknowledged.length).toBeGreaterThanOrEqual(450);
    expect(acknowledged.filter((id) => !kept.has(id))).toEqual([]);
  });

  it('what is deleted is gone from the files too', async () => {
    const container = await start();
    const marker = 'erase-me-completely-0123456789';
    await container.items.create({ id: 'secret', pk: 'p', marker });
    await container.item('secret', 'p').delete();
    await end('SIGTERM');
    for (const file of readdirSync(folder)) expect(readFileSync(join(folder, file)).includes(marker)).toBe(false);
    rmSync(folder, { recursive: true, force: true });
  });
});
