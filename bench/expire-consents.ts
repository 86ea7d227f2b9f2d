/**
 * The nightly deletion of consents, with ten thousand, a hundred thousand and a million documents whose 13 months are over, among as many that
 * live: documents a second, and how the time, the processor time and the heap (after
 * collection) of the process that deletes grow. The database is a process of its own.
 *
 *     node --expose-gc bench/expire-consents.ts [SIZES]      for instance 10000,100000
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createLocalClock } from '../local/clock.ts';
import type { ContainerProperties } from '../local/cosmos/container.ts';
import { openStore } from '../local/cosmos/store.ts';
import { COSMOS_DATABASE } from '../local/environment.ts';
import { startDatabase } from '../local/processes/database.ts';
import { provisionDatabase } from '../local/provision.ts';
import { consentIdIn, decisionOn, partitionOf } from '../shared/consents/consent-record.ts';
import { consentExpiry } from '../shared/consents/index.ts';
import type { Config } from '../shared/platform/config.ts';
import { connectCosmos } from '../shared/platform/cosmos/connect.ts';
import { containers, DEFAULT_TTL, indexingPolicy } from '../shared/platform/cosmos/containers.ts';
import { openDocumentStore } from '../shared/platform/cosmos/document-store.ts';
import { newId } from '../shared/platform/ids.ts';
import { createLogger } from '../shared/platform/logger.ts';
import { consentPurposes } from '../shared/purposes/index.ts';

const SIZES = (process.argv[2] ?? '10000,100000,1000000').split(',').map(Number);
const DAY = 86_400_000;
/** Records written in one transaction while seeding. */
const SEED = 500;
const key = Buffer.from('a key of the bench').toString('base64');
const clock = createLocalClock();
const loginKey = Buffer.alloc(32, 7);
const answers = Object.fromEntries(consentPurposes.map(({ id }) => [id, 'denied' as const]));
const proof = {
  noticeVersion: '1.0',
  noticeSha256: 'ab'.repeat(32),
  noticeLanguage: 'fr',
  language: 'fr',
  mechanism: 'refuse-all',
} as const;

console.log(
  'documents   ended, deleted       s    a second   processor ms each     heap before   highest   living left',
);
for (const size of SIZES) await measureSize(size);

/** Writes the records of `people`, decided at `decidedAt`, straight into the database's file. */
function seed(folder: string, people: number, decidedAt: Date): void {
  const store = openStore(folder, clock);
  const consents = store.container(COSMOS_DATABASE, 'consents');
  for (let first = 0; first < people; first += SEED) {
    store.transaction(() => {
      for (let n = first; n < Math.min(people, first + SEED); n += 1) {
        const consentId = partitionOf(loginKey, 'visitor', newId('vis'));
        const change = { id: consentIdIn(consentId), answers, proof, signals: { gpc: false } };
        const { decision, state } = decisionOn({ latest: 0, choices: {} }, change, decidedAt);
        for (const document of [decision, state]) {
          // What the item's own expiry has missed.
          const { ttl: _, ...missed } = document;
          consents.create(JSON.stringify([consentId]), { ...missed, consentId, _mark: '' });
        }
      }
    });
  }
  store.close();
}

function provision(folder: string): void {
  const definition = containers.find(({ id }) => id === 'consents');
  if (!definition) throw new Error('no container of consents');
  const store = openStore(folder, clock);
  store.createDatabase(COSMOS_DATABASE);
  const properties: ContainerProperties = {
    id: 'consents',
    partitionKey: { paths: [definition.partitionKey] },
    defaultTtl: DEFAULT_TTL,
    indexingPolicy: indexingPolicy(definition),
  };
  store.createContainer(COSMOS_DATABASE, properties);
  store.close();
}

async function measureSize(documents: number): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'extranet-expiry-'));
  provision(folder);
  seed(folder, documents / 2, new Date(clock.now().getTime() - 400 * DAY));
  seed(folder, documents / 2, clock.now());
  const database = await startDatabase(folder, key);
  try {
    await provisionDatabase(database);
    const cosmos = { endpoint: database.endpoint, key, database: COSMOS_DATABASE };
    const store = openDocumentStore(() => connectCosmos({ cosmos } as Config), COSMOS_DATABASE, clock);
    const expiry = consentExpiry({ consents: store.consents, clock, logger: createLogger(() => undefined) });
    const heap = () => {
      globalThis.gc?.();
      return process.memoryUsage().heapUsed;
    };
    const before = heap();
    let highest = before;
    const watch = setInterval(() => {
      highest = Math.max(highest, heap());
    }, 2_000);
    const worked = process.cpuUsage();
    const start = performance.now();
    let changed = 0;
    for (;;) {
      const run = await expiry.run();
      changed += run.changed;
      if (!run.continuation) break;
    }
    const seconds = (performance.now() - start) / 1_000;
    const { user, system } = process.cpuUsage(worked);
    clearInterval(watch);
    const { items } = await store.consents.query<number>({ text: 'SELECT VALUE COUNT(1) FROM c' });
    const mib = (bytes: number) => `${(bytes / 1_048_576).toFixed(0)} MiB`;
    console.log(
      [
        String(documents).padStart(9),
        String(changed).padStart(16),
        seconds.toFixed(1).padStart(8),
        (changed / seconds).toFixed(0).padStart(11),
        ((user + system) / 1_000 / changed).toFixed(2).padStart(19),
        mib(before).padStart(15),
        mib(highest).padStart(9),
        String(items[0]).padStart(13),
      ].join(' '),
    );
  } finally {
    await database.process.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}
