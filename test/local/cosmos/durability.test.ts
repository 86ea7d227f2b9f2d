import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Container, CosmosClient } from '@azure/cosmos';
import { afterEach, beforeEach, expect, test } from 'vitest';

const main = join(import.meta.dirname, '../../../local/cosmos/main.ts');
const key = Buffer.from('a key of the durability tests').toString('base64');
const WRITERS = 8;
const KILLS = 3;

let dataDir: string;
let running: ChildProcess | undefined;

beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'cosmos-durability-'));
});
afterEach(async () => {
  await end('SIGKILL');
  rmSync(dataDir, { recursive: true, force: true });
});

async function start(): Promise<CosmosClient> {
  const child = fork(main, ['--data', dataDir], { env: { ...process.env, COSMOS_KEY: key }, silent: true });
  running = child;
  child.stderr?.resume();
  let printed = '';
  for await (const chunk of child.stdout ?? []) {
    printed += String(chunk);
    if (printed.includes('\n')) break;
  }
  const { port } = JSON.parse(printed) as { port: number };
  return new CosmosClient({
    endpoint: `http://127.0.0.1:${port}`,
    key,
    connectionPolicy: { enableEndpointDiscovery: false },
  });
}

async function end(signal: 'SIGKILL' | 'SIGTERM'): Promise<void> {
  const child = running;
  running = undefined;
  if (!child || child.exitCode !== null || child.signalCode !== null) return;
  const exited = once(child, 'exit');
  child.kill(signal);
  await exited;
}

const items = (client: CosmosClient) => client.database('d').container('items');

async function provision(client: CosmosClient): Promise<Container> {
  await client.databases.create({ id: 'd' });
  await client.database('d').containers.create({ id: 'items', partitionKey: { paths: ['/owner'] } });
  return items(client);
}

test('every write that was acknowledged is there after a kill under load', async () => {
  const acknowledged = new Set<string>();
  await provision(await start());
  await end('SIGTERM');
  for (let round = 0; round < KILLS; round += 1) {
    const container = items(await start());
    const enough = acknowledged.size + 60 + round * 37;
    let killed = false;
    const write = async (writer: number) => {
      for (let n = 0; !killed; n += 1) {
        const id = `${round}-${writer}-${n}`;
        try {
          await container.items.create({ id, owner: `w${writer}`, text: 'x'.repeat(500) });
          acknowledged.add(id);
        } catch (error) {
          if (!killed) throw error;
        }
        if (!killed && acknowledged.size >= enough) {
          killed = true;
          running?.kill('SIGKILL');
        }
      }
    };
    const child = running;
    const exited = child && once(child, 'exit');
    await Promise.all(Array.from({ length: WRITERS }, (_, writer) => write(writer)));
    await exited;
  }
  const { resources } = await items(await start())
    .items.query<{ id: string }>('SELECT c.id FROM c', { maxItemCount: 1000 })
    .fetchAll();
  const present = new Set(resources.map(({ id }) => id));
  expect(acknowledged.size).toBeGreaterThanOrEqual(KILLS * 60);
  expect([...acknowledged].filter((id) => !present.has(id))).toEqual([]);
});

test('what was deleted or overwritten is in no file once the stand-in rests, nor when it has stopped', async () => {
  const container = await provision(await start());
  const marker = 'erase-me-7f3a91';
  for (let n = 0; n < 60; n += 1) {
    const text = `${marker} `.repeat(n % 10 === 0 ? 800 : 5);
    await container.items.create({ id: `i${n}`, owner: `o${n % 3}`, text });
  }
  for (let n = 0; n < 60; n += 1) {
    const item = container.item(`i${n}`, `o${n % 3}`);
    if (n % 4 === 0) await item.replace({ id: `i${n}`, owner: `o${n % 3}`, text: 'kept' });
    else await item.delete();
  }
  const holding = () => readdirSync(dataDir).filter((name) => readFileSync(join(dataDir, name)).includes(marker));
  await expect.poll(holding, { timeout: 20_000 }).toEqual([]);
  await end('SIGTERM');
  expect(readdirSync(dataDir)).toContain('cosmos.sqlite');
  expect(holding()).toEqual([]);
});
