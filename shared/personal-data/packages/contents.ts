import type { Controller } from '../../platform/config.ts';
import { purposeById } from '../../purposes/index.ts';
import type { DataCategory } from '../categories.ts';
import type { DataSubject, Inventory, PersonalDataRecord, PersonalDataSource } from '../source.ts';
import type { PackageTask } from '../tasks.ts';
import type { AddFile, ArchivedFile } from './archive.ts';
import { type Held, page } from './page.ts';
import { pageWords } from './page-words.ts';
import { csvFile, jsonFile, peek, schemaFile } from './record-files.ts';
import { withoutOthersAddresses } from './redaction-rules.ts';

/** A receipt of a consent, as JSON-LD; `name` is that of its file, ASCII and without ending. */
export interface ConsentReceipt {
  readonly name: string;
  readonly document: unknown;
}

/** Every receipt of a person's consents. */
export type ConsentReceipts = (subject: DataSubject, task: PackageTask) => AsyncIterable<ConsentReceipt>;

export interface ContentsPlatform {
  readonly inventory: () => Inventory;
  readonly controller: Controller;
  readonly receipts: ConsentReceipts;
  /** The keyed pseudonym of an e-mail: tells the person's own address from that of somebody else. */
  readonly pseudonymOf: (email: string) => string;
}

const articles = {
  access: { data: 'GDPR art. 15(3)', page: 'GDPR art. 15(1), 12(1)' },
  portability: { data: 'GDPR art. 20(1)', page: 'GDPR art. 12(1), 20(1)' },
} as const;
/**
 * What the person gave is handed back as it was given, and recipients are named by law. In these categories others have written too: their words, and
 * whom they speak of, are looked through.
 */
const WRITTEN_TOGETHER: ReadonlySet<string> = new Set(['requests', 'correspondence']);
const RECEIPT_ARTICLE = 'GDPR art. 7(1)';

/** What a package says of one of its files. */
interface ManifestEntry extends ArchivedFile {
  readonly records?: number;
  readonly legalArticle: string;
}

/** Whether the data may be carried to another service (art. 20): provided or observed, under contract or consent; never derived. */
export function isPortable({ origin, purposes }: PersonalDataSource): boolean {
  const bases = purposes.map((id) => purposeById(id)?.legalBasis);
  return origin !== 'derived' && bases.some((basis) => basis === 'contract' || basis === 'consent');
}

/**
 * Writes all files of an export, one after the other, from the inventory alone. Each source is read twice: once for its JSON, by which the columns
 * and the schema become known, and once for its table; so that nothing has to be held. What changes between the two is in the file
 * that was written after it.
 */
export async function writeContents(
  add: AddFile,
  task: PackageTask,
  { inventory, controller, receipts, pseudonymOf }: ContentsPlatform,
  now: Date,
): Promise<void> {
  const { language, kind, subject } = task;
  const { data: dataArticle, page: pageArticle } = articles[kind];
  const files: ManifestEntry[] = [];
  const held: Held[] = [];
  const empty: PersonalDataSource[] = [];
  const isKnown = (address: string) =>
    address.toLowerCase() === controller.dpo.email.toLowerCase() || pseudonymOf(address) === subject.emailKey;

  async function* recordsOf(source: PersonalDataSource): AsyncGenerator<PersonalDataRecord> {
    const asItIs =
      source.category === 'disclosures' || (source.origin === 'provided' && !WRITTEN_TOGETHER.has(source.category));
    for await (const record of source.collect(subject)) {
      yield asItIs ? record : withoutOthersAddresses(record, isKnown, pageWords[language].redacted);
    }
  }

  const isWanted = (category: DataCategory) => task.categories?.includes(category) ?? true;
  for (const source of inventory()) {
    if (!isWanted(source.category) || (kind === 'portability' && !isPortable(source))) continue;
    const found = await peek(recordsOf(source));
    if (!found) {
      empty.push(source);
      continue;
    }
    const { id, category } = source;
    const { summary } = found;
    const described = { id, category, title: source.title[language] };
    const json = await add(`data/${id}.json`, jsonFile(described, found.records, summary));
    const csv = await add(`csv/${id}.csv`, csvFile(recordsOf(source), summary));
    const schema = await add(`schema/${id}.json`, [schemaFile(described, summary)]);
    files.push(
      { ...json, records: summary.count, legalArticle: dataArticle },
      { ...csv, records: summary.count, legalArticle: dataArticle },
      { ...schema, legalArticle: dataArticle },
    );
    held.push({ source, summary });
  }

  let receiptCount = 0;
  for await (const { name, document } of isWanted('consents') ? receipts(subject, task) : []) {
    receiptCount += 1;
    const file = await add(`consents/${name}.jsonld`, [`${JSON.stringify(document, null, 2)}\n`]);
    files.push({ ...file, records: 1, legalArticle: RECEIPT_ARTICLE });
  }

  const html = await add('index.html', page({ task, controller, madeAt: now, held, empty, receipts: receiptCount }));
  files.unshift({ ...html, legalArticle: pageArticle });
  const manifest = {
    package: task.packageId,
    request: task.requestId,
    kind,
    language,
    createdAt: now.toISOString(),
    controller,
    files,
  };
  await add('manifest.json', [`${JSON.stringify(manifest, null, 2)}\n`]);
}
