import { randomUUID } from 'node:crypto';
import type { Container, CosmosClient, OperationInput, SqlQuerySpec } from '@azure/cosmos';
import { type Clock, secondsUntil } from '../clock.ts';
import { type ContainerId, containers } from './containers.ts';
import { persistently, StoreUnavailable, statusOf } from './resending.ts';

export { StoreUnavailable };

/** What every document has: its id inside the partition, its type, and the mark of the write that made it what it is. */
export interface Document {
  readonly id: string;
  readonly type: string;
  /**
   * When the document ends, RFC 3339 UTC; absent: it stays. The store turns it into the item's `ttl` at each write, and the timers that purge
   * find by it what the service has missed (clause E1).
   */
  readonly expiresAt?: string;
  /** Seconds from the last write until the document ends. Prefer {@link expiresAt}, from which it is computed. */
  readonly ttl?: number;
}

/** A document as read: with the entity tag that a conditional write wants back. */
export type Stored<T> = T & { readonly _etag: string };

export type WriteOutcome =
  | { readonly outcome: 'written'; readonly etag: string }
  | { readonly outcome: 'conflict' | 'precondition-failed' | 'not-found' };

/** One step of a transactional batch; `etag` makes it conditional. */
export type BatchStep =
  | { readonly create: Document }
  | { readonly upsert: Document }
  | { readonly replace: Document; readonly etag: string }
  | { readonly remove: string; readonly etag?: string };

export interface Page<T> {
  readonly items: readonly Stored<T>[];
  readonly continuation?: string;
}

export interface Query {
  readonly text: string;
  readonly parameters?: Readonly<Record<string, string | number | boolean | null>>;
  /** The one partition to look into; absent: all of them, in one answer of at most about `limit` items. */
  readonly partition?: string;
  /** Items a page, 100 unless told. */
  readonly limit?: number;
  readonly continuation?: string;
}

/**
 * One container of documents. Business outcomes (exists already, changed meanwhile, not there) are values; a store that cannot
 * be reached throws {@link StoreUnavailable} once the retries are used up. Every write is idempotent: a retry after a lost answer
 * recognises its own earlier success by the write mark. A removal leaves no mark: one that finds nothing after a lost answer counts as done, so that two
 * at once may both be told so. Whoever needs to be the only one writes something in the same batch.
 */
export interface DocumentContainer {
  read<T extends Document>(partition: string, id: string): Promise<Stored<T> | undefined>;
  query<T>(query: Query): Promise<Page<T>>;
  /** All steps or none, in one partition. */
  batch(partition: string, steps: readonly BatchStep[]): Promise<WriteOutcome>;
  create(partition: string, document: Document): Promise<WriteOutcome>;
  replace(partition: string, document: Document, etag: string): Promise<WriteOutcome>;
  upsert(partition: string, document: Document): Promise<WriteOutcome>;
  remove(partition: string, id: string, etag?: string): Promise<WriteOutcome>;
}

export type DocumentStore = Readonly<Record<ContainerId, DocumentContainer>> & { ping(): Promise<void> };

/** Opens the store. Connects at the first use, so that loading the SDK costs nothing at a cold start. */
export function openDocumentStore(
  connect: () => Promise<CosmosClient>,
  databaseId: string,
  clock: Clock,
): DocumentStore {
  let client: Promise<CosmosClient> | undefined;
  const connected = () => {
    client ??= connect();
    return client;
  };
  const opened = containers.map(({ id, partitionKey }) => {
    const container = async () => (await connected()).database(databaseId).container(id);
    return [id, cosmosContainer(container, partitionKey.slice(1), clock)] as const;
  });
  return {
    ...(Object.fromEntries(opened) as Record<ContainerId, DocumentContainer>),
    async ping() {
      await (await connected()).database(databaseId).read();
    },
  };
}

const HTTP_BY_OUTCOME = { 404: 'not-found', 409: 'conflict', 412: 'precondition-failed' } as const;

function outcomeOf(status: number): WriteOutcome | undefined {
  const outcome = HTTP_BY_OUTCOME[status as keyof typeof HTTP_BY_OUTCOME];
  return outcome && { outcome };
}

function cosmosContainer(open: () => Promise<Container>, partitionPath: string, clock: Clock): DocumentContainer {
  /** The document as it is sent: its partition and write mark added, what the store itself had added left out. */
  const withPartition = (partition: string, document: Document, mark: string) => ({
    ...Object.fromEntries(Object.entries(document).filter(([name]) => !name.startsWith('_'))),
    id: document.id,
    type: document.type,
    [partitionPath]: partition,
    ...(document.expiresAt === undefined ? {} : { ttl: secondsUntil(clock.now(), new Date(document.expiresAt)) }),
    _mark: mark,
  });

  async function read<T extends Document>(partition: string, id: string): Promise<Stored<T> | undefined> {
    const container = await open();
    const response = await persistently(() => container.item(id, partition).read<T & Document>());
    return response.resource as Stored<T> | undefined;
  }

  /** Whether an earlier try of this very write went through although its answer was lost. */
  async function alreadyWritten(partition: string, id: string, mark: string): Promise<WriteOutcome | undefined> {
    const found = await read<Document & { _mark?: string }>(partition, id);
    return found?._mark === mark ? { outcome: 'written', etag: found._etag } : undefined;
  }

  /**
   * The same for a batch: all of it was done when one of its documents bears its mark. Those that it created are looked at first, since hardly anybody
   * else has written over them since. Of removals alone, all must be gone.
   */
  async function batchAlreadyWritten(
    partition: string,
    steps: readonly BatchStep[],
    mark: string,
  ): Promise<WriteOutcome | undefined> {
    const created = steps.flatMap((step) => ('create' in step ? [step.create.id] : []));
    const written = steps.flatMap((step) =>
      'upsert' in step ? [step.upsert.id] : 'replace' in step ? [step.replace.id] : [],
    );
    for (const id of [...created, ...written]) {
      const earlier = await alreadyWritten(partition, id, mark);
      if (earlier) return earlier;
    }
    if (created.length + written.length > 0) return undefined;
    for (const step of steps) if ('remove' in step && (await read(partition, step.remove))) return undefined;
    return { outcome: 'written', etag: '' };
  }

  async function batch(partition: string, steps: readonly BatchStep[]): Promise<WriteOutcome> {
    const container = await open();
    const mark = randomUUID();
    const operations = steps.map((step): OperationInput => {
      if ('remove' in step)
        return { operationType: 'Delete', id: step.remove, ...(step.etag ? { ifMatch: step.etag } : {}) };
      if ('replace' in step) {
        return {
          operationType: 'Replace',
          id: step.replace.id,
          ifMatch: step.etag,
          resourceBody: withPartition(partition, step.replace, mark) as never,
        };
      }
      const document = 'create' in step ? step.create : step.upsert;
      return {
        operationType: 'create' in step ? 'Create' : 'Upsert',
        resourceBody: withPartition(partition, document, mark) as never,
      };
    });
    let lostAnswer = false;
    const response = await persistently(
      () => container.items.batch(operations, partition),
      () => {
        lostAnswer = true;
      },
    );
    const results = response.result ?? [];
    const failed = results.find((result) => result.statusCode >= 400 && result.statusCode !== 424);
    if (!failed) return { outcome: 'written', etag: results[0]?.eTag ?? '' };
    if (lostAnswer) {
      const earlier = await batchAlreadyWritten(partition, steps, mark);
      if (earlier) return earlier;
    }
    const outcome = outcomeOf(failed.statusCode);
    if (outcome) return outcome;
    throw new StoreUnavailable(`batch: status ${failed.statusCode}`);
  }

  async function single(
    partition: string,
    document: Document,
    write: (container: Container, body: Document) => Promise<{ etag: string }>,
  ): Promise<WriteOutcome> {
    const container = await open();
    const mark = randomUUID();
    const body = withPartition(partition, document, mark);
    let lostAnswer = false;
    try {
      const { etag } = await persistently(
        () => write(container, body),
        () => {
          lostAnswer = true;
        },
      );
      return { outcome: 'written', etag };
    } catch (error) {
      const outcome = outcomeOf(statusOf(error) ?? 0);
      if (!outcome) throw error;
      return (lostAnswer && (await alreadyWritten(partition, document.id, mark))) || outcome;
    }
  }

  return {
    read,
    batch,
    async query<T>({ text, parameters = {}, partition, limit = 100, continuation }: Query): Promise<Page<T>> {
      const container = await open();
      const spec: SqlQuerySpec = {
        query: text,
        parameters: Object.entries(parameters).map(([name, value]) => ({ name: `@${name}`, value })),
      };
      const pages = container.items.query<Stored<T>>(spec, {
        maxItemCount: limit,
        ...(partition === undefined ? {} : { partitionKey: partition }),
        ...(continuation === undefined ? {} : { continuationToken: continuation }),
      });
      const items: Stored<T>[] = [];
      // An empty page is not the end: only the lack of a continuation is.
      do {
        const page = await persistently(() => pages.fetchNext());
        items.push(...(page.resources ?? []));
        if (partition !== undefined && page.continuationToken) return { items, continuation: page.continuationToken };
      } while (pages.hasMoreResults() && items.length < limit);
      return { items };
    },
    create: (partition, document) => single(partition, document, (container, body) => container.items.create(body)),
    upsert: (partition, document) => single(partition, document, (container, body) => container.items.upsert(body)),
    replace: (partition, document, etag) =>
      single(partition, document, (container, body) =>
        container.item(document.id, partition).replace(body, { accessCondition: { type: 'IfMatch', condition: etag } }),
      ),
    async remove(partition, id, etag) {
      const container = await open();
      let lostAnswer = false;
      try {
        await persistently(
          () =>
            container.item(id, partition).delete(etag ? { accessCondition: { type: 'IfMatch', condition: etag } } : {}),
          () => {
            lostAnswer = true;
          },
        );
        return { outcome: 'written', etag: '' };
      } catch (error) {
        const outcome = outcomeOf(statusOf(error) ?? 0);
        if (outcome?.outcome === 'not-found' && lostAnswer) return { outcome: 'written', etag: '' };
        if (outcome) return outcome;
        throw error;
      }
    },
  };
}
