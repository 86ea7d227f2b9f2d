import type { ContainerId } from '../platform/cosmos/containers.ts';
import type { AccountId } from '../platform/ids.ts';
import type { Language } from '../platform/language.ts';
import type { DataCategory } from './categories.ts';

/** What a person reads of the inventory, in the languages of the product. */
export type Words = Readonly<Record<Language, string>>;

/**
 * Whose data are asked for. A person without an account is known by the pseudonym of the e-mail alone; of a person with one, `emailKey` is that of
 * the account's address, so that cases from before the account are found too.
 */
export interface DataSubject {
  readonly accountId?: AccountId;
  /** The keyed pseudonym of the e-mail (`loginIdOf`). */
  readonly emailKey?: string;
}

/** One item of what is held, as the person is shown it: stable English keys, instants in RFC 3339. */
export type PersonalDataRecord = Readonly<Record<string, unknown>>;

/** What becomes of the data when the person is erased: gone, or kept for a reason that the person is told. */
export type OnErasure =
  | { readonly kind: 'erase' }
  | { readonly kind: 'keep'; readonly reason: Words; readonly legalReference: string }
  | { readonly kind: 'anonymise'; readonly how: Words };

/**
 * One place where personal data are held (idea 2 of the architecture): what, why, how long, and how to find and erase it. Exports, erasure, the
 * record of processing, habilitations and retention are all read from the list of these, and a test fails when a document type exists
 * outside it.
 */
export interface PersonalDataSource {
  /** Stable, kebab-case: the name of the export's file. */
  readonly id: string;
  readonly title: Words;
  readonly category: DataCategory;
  /** Where it lies: a container with the document types in it, a blob container, or records with the blobs that they speak of. */
  readonly store:
    | { readonly container: ContainerId; readonly documentTypes: readonly string[]; readonly blobContainer?: string }
    | { readonly blobContainer: string };
  /** Portability (art. 20) covers what was provided or observed, never what was derived. */
  readonly origin: 'provided' | 'observed' | 'derived';
  /** Ids of the purposes that it serves; their bases decide which rights apply. */
  readonly purposes: readonly string[];
  /** Who receives it besides the controller's authorised staff. */
  readonly recipients: Words;
  /** How long it is kept. */
  readonly retention: Words;
  readonly onErasure: OnErasure;
  /**
   * What the other sources are found by: erased when they have confirmed, in the reverse order of the inventory, so that whatever fails stays
   * findable.
   */
  readonly anchor?: true;
  /** Everything that is held about the person, in pages small enough for memory to stay flat. */
  collect(subject: DataSubject): AsyncIterable<PersonalDataRecord>;
  /**
   * Erases (or anonymises) what `onErasure` says, at most `limit` items a call, and tells how many went and whether more is left.
   * Idempotent: erasing what is gone erases nothing. For `keep` it does nothing.
   */
  erase(subject: DataSubject, limit: number): Promise<Erased>;
  /**
   * Everyone of whom this source holds something, the same person perhaps more than once: how a replay of the erasure ledger finds those whom a
   * restored backup brought back. Goes on behind `after`, the `position` of somebody found earlier.
   */
  holders?(after?: string): AsyncIterable<{ readonly subject: DataSubject; readonly position: string }>;
}

/** What one call of `erase` did. */
export interface Erased {
  readonly erased: number;
  readonly more: boolean;
}

/** Of what is kept, or is not there. */
export const nothingErased: Erased = { erased: 0, more: false };

/** Removes what was found one by one, `limit` at the most. */
export async function eraseEach<T>(
  found: AsyncIterable<T>,
  limit: number,
  remove: (one: T) => Promise<unknown>,
): Promise<Erased> {
  let erased = 0;
  for await (const one of found) {
    if (erased >= limit) return { erased, more: true };
    await remove(one);
    erased += 1;
  }
  return { erased, more: false };
}

/** Purposes, bases and rights of a source are looked up elsewhere; this is only the list, in the order of the exports. */
export type Inventory = readonly PersonalDataSource[];
