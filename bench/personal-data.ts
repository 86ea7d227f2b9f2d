/**
 * What a whole person costs: an access package of 200 000 events, and the erasure of somebody with 10 000 documents. Seconds, request units as the
 * database charges them, and memory, which must not grow with the person.
 *
 *     node --expose-gc bench/personal-data.ts
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Platform } from '../functions/platform.ts';
import { assemble } from '../functions/product.ts';
import { startStack } from '../local/stack.ts';
import { activitySubject } from '../shared/activity/index.ts';
import { systemClock } from '../shared/platform/clock.ts';
import { readConfig } from '../shared/platform/config.ts';
import { openDocumentStore } from '../shared/platform/cosmos/document-store.ts';
import { type AccountId, newId } from '../shared/platform/ids.ts';
import { createLogger } from '../shared/platform/logger.ts';
import { chargedClient } from './charged-client.ts';

const EXPORTS = [20_000, 200_000];
const ERASURES = [1_000, 10_000];
const BATCH = 100;
const MIB = 1024 * 1024;

const folder = mkdtempSync(join(tmpdir(), 'extranet-person-'));
const stack = await startStack({ dataDir: folder, quiet: true, timers: false });
let charge = 0;
try {
  const config = readConfig(stack.environment);
  const product = assemble(config, { clock: systemClock, logger: createLogger(() => undefined) }, counted);
  const { packages, erasure } = product.personalData;
  const { database } = product.platform;

  /** A person with so many events, in the partition that the activity log would give them. */
  async function personWith(events: number): Promise<{ readonly accountId: AccountId; readonly emailKey: string }> {
    const accountId = newId('acc');
    const partition = activitySubject(config.loginKey, accountId);
    const start = Date.now() - 80 * 86_400_000;
    const expiresAt = new Date(Date.now() + 10 * 86_400_000).toISOString();
    for (let first = 0; first < events; first += BATCH) {
      const steps = Array.from({ length: Math.min(BATCH, events - first) }, (_, n) => ({
        create: {
          ...{ id: newId('evt'), type: 'activity-event', at: new Date(start + (first + n) * 1_000).toISOString() },
          ...{ kind: 'page-view', path: `/contrats/${(first + n) % 97}`, company: 'Garage du Lac', expiresAt },
        },
      }));
      await database.activity.batch(partition, steps);
    }
    return { accountId, emailKey: `pseudonym-of-${accountId}` };
  }

  await warmUp(() => personWith(100), packages, erasure);
  console.log('access package'.padEnd(26), 'seconds', '     RU', '  zip MiB', '  held over idle at most, MiB');
  for (const events of EXPORTS) {
    const subject = await personWith(events);
    const task = { packageId: newId('pkg'), kind: 'access', requestId: newId('req'), subject, language: 'fr' } as const;
    const { result, seconds, units, peak } = await measured(() => packages.build(task, new Date()));
    show(`${events} events`, seconds, units, (result.size / MIB).toFixed(1), peak);
  }
  console.log('\nerasure'.padEnd(27), 'seconds', '     RU', ' RU each', '  held over idle at most, MiB');
  for (const documents of ERASURES) {
    const subject = await personWith(documents);
    const task = { erasureId: newId('ers'), subject, reason: 'request' } as const;
    const { seconds, units, peak } = await measured(async () => {
      while ((await erasure.advance(task, new Date())).outcome !== 'erased');
    });
    show(`${documents} documents`, seconds, units, (units / documents).toFixed(1), peak);
  }
} finally {
  await stack.stop();
  rmSync(folder, { recursive: true, force: true });
}

/** The platform over a client that adds up what each answer says it was charged. */
function counted(platform: Platform): Platform {
  const { endpoint, key = '', database } = platform.config.cosmos;
  const connect = async () =>
    chargedClient(endpoint, key, (units) => {
      charge += units;
    });
  return { ...platform, database: openDocumentStore(connect, database, platform.clock) };
}

/** Loads the libraries and compiles what is hot, so that neither is measured. */
async function warmUp(
  person: () => Promise<{ readonly accountId: AccountId; readonly emailKey: string }>,
  { build }: ReturnType<typeof assemble>['personalData']['packages'],
  { advance }: ReturnType<typeof assemble>['personalData']['erasure'],
): Promise<void> {
  const subject = await person();
  const task = { packageId: newId('pkg'), kind: 'access', requestId: newId('req'), subject, language: 'fr' } as const;
  await build(task, new Date());
  await advance({ erasureId: newId('ers'), subject, reason: 'request' }, new Date());
}

/** Bytes that are really held: garbage that waits for its collector is not counted. */
function inUse(): number {
  globalThis.gc?.();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

async function measured<T>(run: () => Promise<T>) {
  const idle = inUse();
  let highest = idle;
  const sampling = setInterval(() => {
    highest = Math.max(highest, inUse());
  }, 250);
  charge = 0;
  const start = performance.now();
  try {
    const result = await run();
    const seconds = (performance.now() - start) / 1_000;
    return { result, seconds, units: charge, peak: (highest - idle) / MIB };
  } finally {
    clearInterval(sampling);
  }
}

function show(name: string, seconds: number, units: number, third: string, peak: number): void {
  const columns = [seconds.toFixed(1).padStart(7), units.toFixed(0).padStart(7), third.padStart(9)];
  console.log(name.padEnd(26), ...columns, peak.toFixed(0).padStart(10));
}
