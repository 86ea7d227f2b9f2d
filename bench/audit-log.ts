/**
 * The audit log with ten thousand and with a hundred thousand entries in one day: entries recorded, the day sealed and verified, one page of a
 * person's accesses.
 *
 *     node bench/audit-log.ts
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startStack } from '../local/stack.ts';
import { auditLog, auditSeals, auditTrail, blobSealStore } from '../shared/audit/index.ts';
import { connectBlobs } from '../shared/platform/blobs/connect.ts';
import { readConfig } from '../shared/platform/config.ts';
import { connectCosmos } from '../shared/platform/cosmos/connect.ts';
import { openDocumentStore } from '../shared/platform/cosmos/document-store.ts';

const SIZES = [10_000, 100_000];
const AT_ONCE = 32;
const PEOPLE = 1_000;
const DAY = 86_400_000;

const dataDir = mkdtempSync(join(tmpdir(), 'extranet-audit-'));
const stack = await startStack({ port: 0, controlPort: 0, dataDir, quiet: true, timers: false });
try {
  const config = readConfig(stack.environment);
  let now = new Date('2026-11-24T00:00:00.000Z');
  const clock = { now: () => now };
  const database = openDocumentStore(() => connectCosmos(config), config.cosmos.database, clock);
  const audit = auditLog(database, config.loginKey);
  const seals = auditSeals(
    database,
    blobSealStore(() => connectBlobs(config)),
    clock,
  );
  const trail = auditTrail(database);
  const person = (index: number) => `acc_${String(index % PEOPLE).padStart(22, '0')}`;

  for (const size of SIZES) {
    const day = now;
    const began = performance.now();
    let next = 0;
    const recordSome = async () => {
      while (next < size) {
        const index = next;
        next += 1;
        const actor = { kind: 'staff', id: `staff-${index % 20}`, roles: ['support'] } as const;
        const act = { actor, action: 'account-read', subject: person(index), mission: 'support', reason: 'bench' };
        await audit.record({ ...act, outcome: 'allowed' }, new Date(day.getTime() + (index % 80_000) * 1_000));
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, recordSome));
    const recorded = performance.now() - began;
    now = new Date(day.getTime() + DAY + 3_600_000);
    const sealed = await timed(() => seals.sealClosedDays());
    const verified = await timed(() => seals.verify());
    const page = await timed(() =>
      trail.page({ subject: audit.pseudonym(person(7)), staffOnly: true }, { limit: 50, before: undefined }),
    );
    const { rss } = process.memoryUsage();
    console.log(
      `${size} entries: ${Math.round(size / (recorded / 1_000))} recorded/s, sealed in ${sealed.ms} ms, everything verified in ${verified.ms} ms ` +
        `(ok: ${verified.result.ok}), a page of a person's accesses in ${page.ms} ms, ${Math.round(rss / 1_048_576)} MiB`,
    );
    now = new Date(day.getTime() + DAY);
  }
} finally {
  await stack.stop();
  rmSync(dataDir, { recursive: true, force: true });
}

async function timed<T>(run: () => Promise<T>): Promise<{ readonly result: T; readonly ms: number }> {
  const began = performance.now();
  const result = await run();
  return { result, ms: Math.round(performance.now() - began) };
}
