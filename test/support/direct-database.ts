import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { BulkOptions, CosmosClient, SqlQuerySpec } from '@azure/cosmos';
import { afterAll } from 'vitest';
import type { Platform } from '../../functions/platform.ts';
import { CosmosError } from '../../local/cosmos/answer.ts';
import { cosmosService } from '../../local/cosmos/service.ts';
import { openStore } from '../../local/cosmos/store.ts';
import { COSMOS_DATABASE } from '../../local/environment.ts';
import { auditLog } from '../../shared/audit/index.ts';
import type { Clock } from '../../shared/platform/clock.ts';
import { containers, DEFAULT_TTL, indexingPolicy } from '../../shared/platform/cosmos/containers.ts';
import { openDocumentStore } from '../../shared/platform/cosmos/document-store.ts';

type Headers = Readonly<Record<string, string>>;
interface Condition {
  readonly accessCondition?: { readonly condition: string };
}
interface Paging {
  readonly maxItemCount: number;
  readonly partitionKey?: string;
  readonly continuationToken?: string;
}

/**
 * The Cosmos DB stand-in within this process: the same engine behind the product's own document store, without the way over HTTP and through the SDK.
 * For tests that go through thousands of operations, as those do that kill a process at every single write.
 */
function directDatabase(folder: string, clock: Clock) {
  const store = openStore(folder, { now: clock.now, offsetMs: 0, setOffset: () => undefined });
  store.createDatabase(COSMOS_DATABASE);
  for (const definition of containers)
    store.createContainer(COSMOS_DATABASE, {
      id: definition.id,
      partitionKey: { paths: [definition.partitionKey] },
      defaultTtl: DEFAULT_TTL,
      indexingPolicy: indexingPolicy(definition),
    });
  const serve = cosmosService(store);

  async function ask(method: string, path: string, headers: Headers, body?: unknown) {
    // As with any database, others get on meanwhile.
    await new Promise((resume) => setImmediate(resume));
    const text = body === undefined ? '' : JSON.stringify(body);
    try {
      return serve({
        method,
        path: `/dbs/${COSMOS_DATABASE}/colls/${path}`,
        header: (name) => headers[name],
        body: text === '' ? undefined : JSON.parse(text),
        bytes: Buffer.byteLength(text),
      });
    } catch (error) {
      if (error instanceof CosmosError) throw Object.assign(new Error(error.message), { code: error.status });
      throw error;
    }
  }

  const inPartition = (partition: string | undefined): Headers =>
    partition === undefined ? {} : { 'x-ms-documentdb-partitionkey': JSON.stringify([partition]) };

  function container(id: string, partitionPath: string) {
    const documents = `${id}/docs`;
    const post = (body: object, headers: Headers) =>
      ask(
        'POST',
        documents,
        { ...inPartition(String((body as Record<string, unknown>)[partitionPath])), ...headers },
        body,
      );
    const item = (itemId: string, partition: string) => {
      const path = `${documents}/${encodeURIComponent(itemId)}`;
      const conditional = ({ accessCondition }: Condition): Headers => ({
        ...inPartition(partition),
        ...(accessCondition ? { 'if-match': accessCondition.condition } : {}),
      });
      return {
        async read() {
          try {
            return { resource: (await ask('GET', path, inPartition(partition))).body };
          } catch (error) {
            if ((error as { code?: number }).code === 404) return { resource: undefined };
            throw error;
          }
        },
        replace: async (body: object, options: Condition) => etagOf(await ask('PUT', path, conditional(options), body)),
        delete: async (options: Condition) => ask('DELETE', path, conditional(options)),
      };
    };
    return {
      item,
      items: {
        create: async (body: object) => etagOf(await post(body, {})),
        upsert: async (body: object) => etagOf(await post(body, { 'x-ms-documentdb-is-upsert': 'true' })),
        async batch(operations: readonly object[], partition: string, _options?: BulkOptions) {
          const headers = { ...inPartition(partition), 'x-ms-cosmos-is-batch-request': 'true' };
          return { result: (await ask('POST', documents, headers, operations)).body };
        },
        query(spec: SqlQuerySpec, { maxItemCount, partitionKey, continuationToken }: Paging) {
          let next = continuationToken;
          let more = true;
          return {
            hasMoreResults: () => more,
            async fetchNext() {
              const headers = {
                ...inPartition(partitionKey),
                'x-ms-documentdb-isquery': 'true',
                'x-ms-max-item-count': String(maxItemCount),
                ...(next === undefined ? {} : { 'x-ms-continuation': next }),
              };
              const answer = await ask('POST', documents, headers, spec);
              next = answer.headers?.['x-ms-continuation'];
              more = next !== undefined;
              return { resources: (answer.body as { Documents: unknown[] }).Documents, continuationToken: next };
            },
          };
        },
      },
    };
  }

  const paths = new Map<string, string>(containers.map(({ id, partitionKey }) => [id, partitionKey.slice(1)]));
  const client = { database: () => ({ container: (id: string) => container(id, paths.get(id) ?? '') }) };
  const database = openDocumentStore(async () => client as unknown as CosmosClient, COSMOS_DATABASE, clock);

  return {
    /** The platform on this database instead of the one that it was opened with. */
    change: (platform: Platform): Platform => ({
      ...platform,
      database,
      audit: auditLog(database, platform.config.loginKey),
    }),
    close: () => store.close(),
  };
}

/** One such database for a test file, in a folder of its own. */
export function useDirectDatabase(clock: Clock) {
  const folder = mkdtempSync(join(tmpdir(), 'direct-'));
  let opened: ReturnType<typeof directDatabase> | undefined;
  afterAll(() => {
    opened?.close();
    rmSync(folder, { recursive: true, force: true });
  });
  return {
    change(platform: Platform): Platform {
      opened ??= directDatabase(folder, clock);
      return opened.change(platform);
    },
  };
}

const etagOf = ({ headers }: { readonly headers?: Headers }) => ({ etag: headers?.etag ?? '' });
