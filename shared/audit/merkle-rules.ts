import { createHash } from 'node:crypto';

/** SHA-256 in hexadecimal. */
export function sha256(data: string | Uint8Array): string {
  return createHash('sha256').update(data).digest('hex');
}

/** Leaves and nodes are hashed under different prefixes, so that a node can never pass for a leaf (RFC 6962 §2.1). */
const LEAF = Uint8Array.of(0);
const NODE = Uint8Array.of(1);

const hash = (...parts: readonly (string | Uint8Array)[]) => {
  const digest = createHash('sha256');
  for (const part of parts) digest.update(part);
  return digest.digest();
};

/** The Merkle tree hash of RFC 6962 §2.1 over a list of leaves, in hexadecimal; of an empty list the hash of nothing. */
export function merkleRoot(leaves: readonly string[]): string {
  if (leaves.length === 0) return sha256('');
  let level = leaves.map((leaf) => hash(LEAF, leaf));
  // Pairing from the left and letting an odd last one rise is the same tree as splitting at the largest power of two.
  while (level.length > 1) {
    const above: typeof level = [];
    for (let index = 0; index < level.length; index += 2) {
      const [left, right] = [level[index], level[index + 1]];
      if (left) above.push(right ? hash(NODE, left, right) : left);
    }
    level = above;
  }
  return (level[0] ?? hash('')).toString('hex');
}
