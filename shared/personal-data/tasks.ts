import type { AccountId, Id, PackageId, RequestId } from '../platform/ids.ts';
import type { Language } from '../platform/language.ts';
import type { DataCategory } from './categories.ts';
import type { DataSubject } from './source.ts';

/** An export to be built (art. 15 or 20). The id is chosen by who asks, so that asking twice builds one package. */
export interface PackageTask {
  readonly packageId: PackageId;
  readonly kind: 'access' | 'portability';
  /** What it answers: a rights request, or a notice of death. */
  readonly requestId: RequestId | Id<'dth'>;
  readonly subject: DataSubject;
  readonly language: Language;
  /** Only these, where not everything may be handed over. */
  readonly categories?: readonly DataCategory[];
}

/** A built export. `expiresAt` is 14 days after `readyAt`; size in bytes, hash in hexadecimal, both of the zip. */
export interface BuiltPackage {
  readonly packageId: PackageId;
  readonly readyAt: string;
  readonly expiresAt: string;
  readonly size: number;
  readonly sha256: string;
}

/** Builds exports and hands them out. */
export interface Packages {
  /** Builds the package; building one that is built already answers it unchanged. */
  build(task: PackageTask, now: Date): Promise<BuiltPackage>;
  /** The zip, decrypted; nothing once it has expired or was erased. */
  open(packageId: PackageId): Promise<AsyncIterable<Uint8Array> | undefined>;
  remove(packageId: PackageId): Promise<void>;
}

/** A person to be erased (art. 17), known by the id of what asks for it: a request, or the closure of the account. */
export interface ErasureTask {
  readonly erasureId: string;
  readonly subject: DataSubject;
  readonly reason: 'request' | 'closure' | 'inactivity' | 'death' | 'not-approved';
  readonly requestId?: RequestId;
}

/** What is not erased: where, what it is called, and why. */
export interface KeptData {
  readonly source: string;
  readonly title: Readonly<Record<Language, string>>;
  readonly reason: Readonly<Record<Language, string>>;
  readonly legalReference: string;
}

export type ErasureProgress =
  /** Every source has confirmed, a second pass found nothing, the anchor is gone, the ledger has its entry. */
  | { readonly outcome: 'erased'; readonly erasedAt: string; readonly kept: readonly KeptData[] }
  /** Checkpointed; to be called again. */
  | { readonly outcome: 'under-way'; readonly remaining: readonly string[] };

/** Erases people, step by step; whoever calls it holds the counted attempts and the stalled state (pending work). */
export interface Erasure {
  /** Goes on from the last checkpoint. A fault of one source does not stop the others, and is thrown once all have been tried. */
  advance(task: ErasureTask, now: Date): Promise<ErasureProgress>;
}

/** What else must end with an account, at once, when its holder closes it or is being erased. */
export type StopProcessing = (accountId: AccountId, now: Date) => Promise<void>;
