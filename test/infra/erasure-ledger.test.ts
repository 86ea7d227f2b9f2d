import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createLocalClock } from '../../local/clock.ts';
import { startCosmosServer } from '../../local/cosmos/server.ts';
import { connectCosmos, provisionDatabase } from '../../local/provision.ts';
import { erasureLedger } from '../../shared/personal-data/index.ts';
import { openDocumentStore } from '../../shared/platform/cosmos/document-store.ts';
import type { AccountId } from '../../shared/platform/ids.ts';

const key = Buffer.alloc(64, 'a key of this test').toString('base64');
const folder = mkdtempSync(join(tmpdir(), 'extranet-ledgers-'));
const clock = createLocalClock();
const servers: Awaited<ReturnType<typeof startCosmosServer>>[] = [];

async function account(name: string) {
  const server = await startCosmosServer({ port: 0, dataDir: join(folder, name), key, clock });
  servers.push(server);
  const address = { endpoint: server.url, key };
  await provisionDatabase(address);
  const { governance } = openDocumentStore(() => connectCosmos(address), 'extranet', clock);
  return { endpoint: server.url, governance, ledger: erasureLedger(governance, Buffer.alloc(32)) };
}

let used: Awaited<ReturnType<typeof account>>;
let restored: Awaited<ReturnType<typeof account>>;

beforeAll(async () => {
  used = await account('used');
  restored = await account('restored');
});
afterAll(async () => {
  for (const server of servers) await server.close();
  rmSync(folder, { recursive: true, force: true });
});

it('G3: after a restore the erasures since the backup are known again, however many and however often they are copied', async () => {
  for (let person = 0; person < 130; person += 1)
    await used.ledger.enter({ accountId: `acc_${person}` as AccountId }, 'closure', clock.now());
  const run = () =>
    promisify(execFile)(process.execPath, ['scripts/copy-erasure-ledger.ts', used.endpoint, restored.endpoint], {
      env: { ...process.env, FROM_KEY: key, TO_KEY: key },
    });
  expect((await run()).stdout).toContain('130 entries');
  await run();
  expect(await restored.ledger.idsSince('')).toEqual(await used.ledger.idsSince(''));
});
