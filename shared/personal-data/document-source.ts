import type { ContainerId } from '../platform/cosmos/containers.ts';
import type { Document, DocumentContainer, DocumentStore, Stored } from '../platform/cosmos/document-store.ts';
import {
  type DataSubject,
  type Erased,
  eraseEach,
  nothingErased,
  type PersonalDataRecord,
  type PersonalDataSource,
} from './source.ts';

/** Documents read in one round trip, and removed in one: a batch takes a hundred. */
const READ = 500;
const REMOVED = 100;

/**
 * The documents of these types in one partition, page by page. An empty page is not the end. In an order, the order's own index is read and the types
 * are told apart here: with a condition on them the database would sort the partition for each page.
 */
async function* documentsIn<T extends Document>(
  container: DocumentContainer,
  partition: string,
  types: readonly string[],
  orderedBy: string | undefined,
): AsyncGenerator<Stored<T>> {
  let continuation: string | undefined;
  do {
    const page = await container.query<T>({
      ...(orderedBy
        ? { text: `SELECT * FROM c ORDER BY c.${orderedBy}` }
        : { text: `SELECT * FROM c WHERE c.type IN (${names(types)})`, parameters: parametersOf(types) }),
      partition,
      limit: READ,
      ...(continuation ? { continuation } : {}),
    });
    for (const document of page.items) if (types.includes(document.type)) yield document;
    continuation = page.continuation;
  } while (continuation);
}

/** Removes documents of these types from one partition, `limit` at the most, a hundred in each round trip. */
async function eraseIn(
  container: DocumentContainer,
  partition: string,
  types: readonly string[],
  limit: number,
): Promise<Erased> {
  let erased = 0;
  while (erased < limit) {
    const { items } = await container.query<{ readonly id: string }>({
      text: `SELECT c.id FROM c WHERE c.type IN (${names(types)})`,
      parameters: parametersOf(types),
      partition,
      limit: Math.min(REMOVED, limit - erased),
    });
    if (items.length === 0) return { erased, more: false };
    const { outcome } = await container.batch(
      partition,
      items.map(({ id }) => ({ remove: id })),
    );
    // One of them ended by itself meanwhile: a batch is all or nothing, so that each goes alone.
    if (outcome !== 'written') for (const { id } of items) await container.remove(partition, id);
    erased += items.length;
  }
  return { erased, more: true };
}

type Declared = Omit<PersonalDataSource, 'store' | 'collect' | 'erase' | 'onErasure'> & {
  readonly onErasure?: PersonalDataSource['onErasure'];
};

interface InPartition<T> extends Declared {
  readonly container: ContainerId;
  readonly documentTypes: readonly string[];
  /** The partition that holds the person's documents; none when the person has no such partition. */
  readonly partitionOf: (subject: DataSubject) => string | undefined;
  /** A property to order what is shown by, an indexed path. */
  readonly orderedBy?: string;
  /** A document as its person is shown it: no secret, no key of ours. */
  readonly show: (document: Stored<T>) => PersonalDataRecord;
}

/** A source whose documents lie in one partition of their person's. */
export function partitionSource<T extends Document>(
  database: DocumentStore,
  { container: id, documentTypes, partitionOf, orderedBy, show, ...declared }: InPartition<T>,
): PersonalDataSource {
  const container = database[id];
  return {
    onErasure: { kind: 'erase' },
    ...declared,
    store: { container: id, documentTypes },
    async *collect(subject) {
      const partition = partitionOf(subject);
      if (partition === undefined) return;
      for await (const document of documentsIn<T>(container, partition, documentTypes, orderedBy)) yield show(document);
    },
    async erase(subject, limit) {
      const partition = partitionOf(subject);
      if (partition === undefined || declared.onErasure?.kind === 'keep') return nothingErased;
      return eraseIn(container, partition, documentTypes, limit);
    },
  };
}

interface Scattered<T> extends Declared {
  /** A container partitioned by `/id`, whose documents name the person they are about in `subject`, an indexed path. */
  readonly container: 'runtime';
  readonly documentTypes: readonly string[];
  readonly show: (document: Stored<T>) => PersonalDataRecord;
  /** What must go before the document: a blob that it speaks of. */
  readonly beforeRemoval?: (document: Stored<T>) => Promise<void>;
}

/** A source whose documents lie each in a partition of its own and carry the account id or the e-mail's pseudonym in `subject`. */
export function scatteredSource<T extends Document>(
  database: DocumentStore,
  { container: id, documentTypes, show, beforeRemoval, ...declared }: Scattered<T>,
): PersonalDataSource {
  const container = database[id];

  async function* found(subject: DataSubject): AsyncGenerator<Stored<T>> {
    for (const key of [subject.accountId, subject.emailKey]) {
      if (key === undefined) continue;
      let after = '';
      for (;;) {
        const { items } = await container.query<T>({
          text: `SELECT * FROM c WHERE c.subject = @key AND c.type IN (${names(documentTypes)}) AND c.id > @after ORDER BY c.id`,
          parameters: { key, after, ...parametersOf(documentTypes) },
          limit: READ,
        });
        yield* items;
        const last = items.at(-1);
        if (!last) break;
        after = last.id;
      }
    }
  }

  return {
    onErasure: { kind: 'erase' },
    ...declared,
    store: { container: id, documentTypes },
    async *collect(subject) {
      for await (const document of found(subject)) yield show(document);
    },
    async erase(subject, limit) {
      if (declared.onErasure?.kind === 'keep') return nothingErased;
      return eraseEach(found(subject), limit, async (document) => {
        await beforeRemoval?.(document);
        await container.remove(document.id, document.id);
      });
    },
  };
}

const names = (types: readonly string[]) => types.map((_, index) => `@type${index}`).join(', ');
const parametersOf = (types: readonly string[]) =>
  Object.fromEntries(types.map((type, index) => [`type${index}`, type]));
