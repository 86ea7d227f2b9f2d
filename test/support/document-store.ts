import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach } from 'vitest';
import { createLocalClock } from '../../local/clock.ts';
import { startCosmosServer } from '../../local/cosmos/server.ts';
import { COSMOS_DATABASE } from '../../local/environment.ts';
import type { Fault } from '../../local/faults/fault.ts';
import { provisionDatabase } from '../../local/provision.ts';
import type { Config } from '../../shared/platform/config.ts';
import { connectCosmos } from '../../shared/platform/cosmos/connect.ts';
import { type DocumentStore, openDocumentStore } from '../../shared/platform/cosmos/document-store.ts';

/** One request that the database served. */
export interface Served {
  readonly kind: 'read' | 'query' | 'plan' | 'write' | 'batch';
  readonly method: string;
  readonly path: string;
  readonly status: number;
  readonly requestCharge: number;
}

/** What the product stores in, over a database of its own for one test file, whose requests can be counted. */
export function useDocumentStore() {
  const dataDir = mkdtempSync(join(tmpdir(), 'store-'));
  const key = Buffer.from('a key of the store tests').toString('base64');
  const clock = createLocalClock();
  let server: Awaited<ReturnType<typeof startCosmosServer>>;
  let store: DocumentStore;

  beforeAll(async () => {
    server = await startCosmosServer({ port: 0, dataDir, key, clock });
    await provisionDatabase({ endpoint: server.url, key });
    const cosmos = { endpoint: server.url, key, database: COSMOS_DATABASE };
    store = openDocumentStore(() => connectCosmos({ cosmos } as Config), COSMOS_DATABASE, clock);
    await store.ping();
  });
  afterAll(async () => {
    await server?.close();
    rmSync(dataDir, { recursive: true, force: true });
  });

  const ask = (method: string, path: string, body?: object) =>
    fetch(`${server.url}/_local/${path}`, {
      method,
      headers: { 'x-local-key': key },
      ...(body ? { body: JSON.stringify(body) } : {}),
    });
  const requests = (method: string) => ask(method, 'requests');
  beforeEach(async () => {
    await requests('DELETE');
  });
  return {
    clock,
    get store() {
      return store;
    },
    /** The next so many requests meet this fault; then it is over. */
    async strikeNext(times: number, status: number | 'reset', phase: Fault['phase'] = 'before'): Promise<void> {
      await ask('PUT', 'faults', { rate: 1, times, status, phase });
    },
    async strikeNoMore(): Promise<void> {
      await ask('DELETE', 'faults');
    },
    /** What the database served since the test began, or since it was last asked. */
    async served(): Promise<readonly Served[]> {
      const answer = (await (await requests('GET')).json()) as { requests: Served[] };
      await requests('DELETE');
      return answer.requests;
    },
  };
}
