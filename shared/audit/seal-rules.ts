import { canonicalJson } from './canonical-json-rules.ts';
import { merkleRoot, sha256 } from './merkle-rules.ts';

/** Days of the audit log are calendar days in UTC: the partitions it is stored in. */
const DAY_MS = 86_400_000;

export const dayOf = (instant: Date): string => instant.toISOString().slice(0, 10);
export const startOf = (day: string): Date => new Date(`${day}T00:00:00.000Z`);
export const dayAfter = (day: string): string => dayOf(new Date(startOf(day).getTime() + DAY_MS));

/** An entry as the seal of its day knows it: its place in time with its id (`sortKey`), and the hash of its content. */
export type SealedLeaf = readonly [sortKey: string, hash: string];

/** The seal of one day: what it commits to (`header`, `hash`), and the leaves, by which a single entry can be named. */
export interface Seal {
  readonly header: {
    readonly version: 1;
    readonly day: string;
    readonly entries: number;
    /** Merkle root over the leaves in their order. */
    readonly root: string;
    /** Hash of the seal of the day before; `null` for the first. */
    readonly previous: string | null;
    readonly sealedAt: string;
  };
  /** SHA-256 of the header in canonical JSON: what the next seal is linked to. */
  readonly hash: string;
  readonly leaves: readonly SealedLeaf[];
}

/** The hash of an entry as it is stored. What the store adds (`_…`) and derives from the entry's own term (`ttl`) is no part of it. */
export function entryHash(entry: Readonly<Record<string, unknown>>): string {
  const content = Object.entries(entry).filter(([name]) => !name.startsWith('_') && name !== 'ttl');
  return sha256(canonicalJson(Object.fromEntries(content)));
}

export function leafOf<Entry extends { readonly sortKey: string }>(entry: Entry): SealedLeaf {
  return [entry.sortKey, entryHash(entry as Readonly<Record<string, unknown>>)];
}

const inOrder = (leaves: readonly SealedLeaf[]) => leaves.toSorted(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
const rootOf = (leaves: readonly SealedLeaf[]) => merkleRoot(leaves.map(([sortKey, hash]) => `${sortKey}\n${hash}`));
const headerHash = (header: Seal['header']) => sha256(canonicalJson(header));

/** Seals a day: the same leaves in any order, and the same seal before, give the same root. */
export function sealOf(day: string, leaves: readonly SealedLeaf[], previous: string | undefined, sealedAt: Date): Seal {
  const ordered = inOrder(leaves);
  const header = {
    version: 1,
    day,
    entries: ordered.length,
    root: rootOf(ordered),
    previous: previous ?? null,
    sealedAt: sealedAt.toISOString(),
  } as const;
  return { header, hash: headerHash(header), leaves: ordered };
}

/** Whether a seal is what it was when it was made, and follows the one before. */
export function isIntact(seal: Seal, before: Seal | undefined): boolean {
  const { header, hash, leaves } = seal;
  return (
    headerHash(header) === hash &&
    header.entries === leaves.length &&
    header.root === rootOf(leaves) &&
    header.previous === (before?.hash ?? null) &&
    (before === undefined || header.day === dayAfter(before.header.day))
  );
}

export interface Difference {
  readonly entryId: string;
  readonly kind: 'altered' | 'added' | 'removed';
}

const idIn = (sortKey: string) => sortKey.slice(sortKey.indexOf('~') + 1);
const instantIn = (sortKey: string) => Date.parse(sortKey.slice(0, sortKey.indexOf('~')));

/**
 * The first difference, in the order of time, between what was sealed and what is stored. An entry whose term (`keptMs` from its own time) has
 * ended at `asOf` may be gone,
 * or still be there.
 */
export function firstDifference(
  sealed: readonly SealedLeaf[],
  stored: readonly SealedLeaf[],
  { keptMs, asOf }: { readonly keptMs: number; readonly asOf: Date },
): Difference | undefined {
  const hashes = new Map(stored);
  const known = new Set(sealed.map(([sortKey]) => sortKey));
  const isDue = (sortKey: string) => instantIn(sortKey) + keptMs > asOf.getTime();
  const differences: (readonly [string, Difference['kind']])[] = [];
  for (const [sortKey, hash] of sealed) {
    const found = hashes.get(sortKey);
    if (found === hash) continue;
    if (found !== undefined) differences.push([sortKey, 'altered']);
    else if (isDue(sortKey)) differences.push([sortKey, 'removed']);
  }
  for (const [sortKey] of stored) if (!known.has(sortKey) && isDue(sortKey)) differences.push([sortKey, 'added']);
  const [first] = differences.toSorted(([a], [b]) => (a < b ? -1 : 1));
  return first && { entryId: idIn(first[0]), kind: first[1] };
}
