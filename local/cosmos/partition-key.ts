import { CosmosError } from './answer.ts';
import { type Json, valueAt } from './json.ts';

/** The items that a partition key names: all of one logical partition, or those below the first levels of a hierarchical key. */
export type Partition =
  | { readonly isWhole: true; readonly text: string }
  | { readonly isWhole: false; readonly from: string; readonly to: string };

/** What stands for a level that an item does not have. */
const NONE = {};

/** The key of an item as the table keeps it: the JSON text of its levels, by which `1` is not `"1"`. */
export function partitionKeyOf(item: Json, paths: readonly string[]): string {
  return JSON.stringify(paths.map((path) => valueAt(item, path.slice(1).split('/')) ?? NONE));
}

/** Reads the header `x-ms-documentdb-partitionkey`. Fewer levels than the container has name all partitions below them. */
export function partitionOf(header: string, paths: readonly string[]): Partition {
  const levels = levelsOf(header);
  if (levels.length === 0 || levels.length > paths.length) {
    throw new CosmosError(400, 'The partition key supplied does not have the levels of the container.');
  }
  const text = JSON.stringify(levels);
  if (levels.length === paths.length) return { isWhole: true, text };
  const start = text.slice(0, -1);
  // '-' is the sign behind ',': the range holds every key that goes on behind these levels, and no other.
  return { isWhole: false, from: `${start},`, to: `${start}-` };
}

function levelsOf(header: string): readonly unknown[] {
  try {
    const levels: unknown = JSON.parse(header);
    if (Array.isArray(levels)) return levels;
  } catch {
    // falls through to the one answer for what is no key
  }
  throw new CosmosError(400, 'The partition key is not valid JSON.');
}
