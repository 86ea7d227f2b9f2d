/**
 * What the desk's lists cost with a thousand and with fifty thousand open cases: request units as the database charges them, and milliseconds. A page must
 * cost the same, wherever it is and however many cases there are.
 *
 *     node bench/desk-list.ts
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CosmosClient, type CosmosClientOptions } from '@azure/cosmos';
import { assemble } from '../functions/product.ts';
import { startStack } from '../local/stack.ts';
import { systemClock } from '../shared/platform/clock.ts';
import { readConfig } from '../shared/platform/config.ts';
import { openDocumentStore } from '../shared/platform/cosmos/document-store.ts';
import { newId } from '../shared/platform/ids.ts';
import { createLogger } from '../shared/platform/logger.ts';
import { requestTypes } from '../shared/rights-requests/index.ts';

const SIZES = [1_000, 50_000];
const AT_ONCE = 32;
const RUNS = 5;
const PAGE = 50;

const folder = mkdtempSync(join(tmpdir(), 'extranet-desk-'));
const stack = await startStack({ dataDir: folder, quiet: true, timers: false });
let charge = 0;
try {
  const config = readConfig(stack.environment);
  const { endpoint, key = '', database: name } = config.cosmos;
  const plugin = async (context: unknown, diagnostics: unknown, next: (...given: unknown[]) => Promise<Counted>) => {
    const answer = await next(context, diagnostics);
    charge += Number(answer.headers['x-ms-request-charge'] ?? 0);
    return answer;
  };
  const options = { endpoint, key, plugins: [{ on: 'request', plugin }] } as unknown as CosmosClientOptions;
  const client = new CosmosClient({ ...options, connectionPolicy: { enableEndpointDiscovery: false } });
  const product = assemble(config, { clock: systemClock, logger: createLogger(() => undefined) }, (platform) => ({
    ...platform,
    database: openDocumentStore(async () => client, name, systemClock),
  }));
  const { deskList } = product.rightsRequests.cases;
  const container = product.platform.database['rights-requests'];
  const now = new Date();

  /** An open case, due some time in the year around now. */
  async function addCase(index: number): Promise<void> {
    const requestId = newId('req');
    const received = new Date(now.getTime() - ((index * 7_919) % 40) * 86_400_000 - index * 1_000).toISOString();
    const dueAt = new Date(Date.parse(received) + 31 * 86_400_000).toISOString();
    const document = {
      ...{ id: 'case', type: 'rights-request', requestId, reference: `2026-${index.toString(32)}`, entries: 1 },
      ...{ requestType: requestTypes[index % requestTypes.length], channel: 'extranet', status: 'in-review' },
      ...{
        language: 'fr',
        receivedAt: received,
        receivedOn: received.slice(0, 10),
        dueAt,
        identity: { state: 'not-needed' },
      },
      contact: { givenName: `Camille ${index}`, familyName: 'Dubois', email: `camille.${index}@garage.example` },
      ...{ nameKey: 'n'.repeat(43), emailKey: 'e'.repeat(43), subject: `acc_${index}` },
      ...{ sortKey: `${dueAt}|${requestId}`, receivedKey: `${received}|${requestId}` },
      ...(index % 100 === 0 ? { assignee: 'dpo-1' } : {}),
    };
    await container.create(requestId, document);
  }

  let written = 0;
  for (const size of SIZES) {
    const start = performance.now();
    const workers = Array.from({ length: AT_ONCE }, async () => {
      while (written < size) {
        written += 1;
        await addCase(written);
      }
    });
    await Promise.all(workers);
    console.log(
      `\n${size} open cases (written in ${((performance.now() - start) / 1_000).toFixed(0)} s)`.padEnd(44),
      '    RU      ms',
    );
    const byDeadline = { sort: 'dueAt' } as const;
    let deep: string | undefined;
    for (let page = 0; page < 15; page += 1) deep = (await deskList.page(byDeadline, PAGE, deep, now)).after;
    await measure('first page of 50', () => deskList.page(byDeadline, PAGE, undefined, now));
    await measure('sixteenth page', () => deskList.page(byDeadline, PAGE, deep, now));
    await measure('overdue, first page', () => deskList.page({ ...byDeadline, overdue: true }, PAGE, undefined, now));
    await measure('one type, first page', () =>
      deskList.page({ ...byDeadline, type: 'erasure' }, PAGE, undefined, now),
    );
    await measure('one assignee, last received', () =>
      deskList.page({ sort: '-receivedAt', assignee: 'dpo-1' }, PAGE, undefined, now),
    );
    await measure('a name that nobody has (looks at 2 000)', () =>
      deskList.page({ ...byDeadline, q: 'nobody of this name' }, PAGE, undefined, now),
    );
    await measure('dashboard', () => deskList.dashboard(now));
  }
} finally {
  await stack.stop();
  rmSync(folder, { recursive: true, force: true });
}

interface Counted {
  readonly headers: Readonly<Record<string, unknown>>;
}

async function measure(what: string, run: () => Promise<unknown>): Promise<void> {
  await run();
  const times: number[] = [];
  charge = 0;
  for (let n = 0; n < RUNS; n += 1) {
    const start = performance.now();
    await run();
    times.push(performance.now() - start);
  }
  const median = times.toSorted((a, b) => a - b)[Math.floor(RUNS / 2)] ?? Number.NaN;
  console.log(`  ${what}`.padEnd(42), (charge / RUNS).toFixed(1).padStart(7), median.toFixed(0).padStart(7));
}
