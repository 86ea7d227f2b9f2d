import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { canonicalJson } from '../../../shared/audit/canonical-json-rules.ts';
import { merkleRoot } from '../../../shared/audit/merkle-rules.ts';

const sha = (...parts: readonly (string | Buffer)[]) =>
  parts.reduce((digest, part) => digest.update(part), createHash('sha256')).digest();

/** RFC 6962 §2.1 as it is written there: split at the largest power of two below n. */
function asWritten(leaves: readonly string[]): Buffer {
  const [only] = leaves;
  if (only === undefined) return sha('');
  if (leaves.length === 1) return sha(Buffer.of(0), only);
  let split = 1;
  while (split * 2 < leaves.length) split *= 2;
  return sha(Buffer.of(1), asWritten(leaves.slice(0, split)), asWritten(leaves.slice(split)));
}

describe('F1 the Merkle root of a day', () => {
  const list = fc.array(fc.string(), { maxLength: 70 });

  it('is that of RFC 6962 for every number of leaves', () => {
    fc.assert(
      fc.property(list, (leaves) => {
        expect(merkleRoot(leaves)).toBe(asWritten(leaves).toString('hex'));
      }),
    );
    expect(merkleRoot([])).toBe('e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855');
  });

  it('changes with any leaf altered, added, removed or moved', () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.string(), { minLength: 2, maxLength: 40 }), fc.nat(), (leaves, where) => {
        const root = merkleRoot(leaves);
        const at = where % leaves.length;
        expect(merkleRoot(leaves.with(at, `${leaves[at]}!`))).not.toBe(root);
        expect(merkleRoot(leaves.toSpliced(at, 1))).not.toBe(root);
        expect(merkleRoot(leaves.toSpliced(at, 0, 'one more'))).not.toBe(root);
        expect(merkleRoot(leaves.toReversed())).not.toBe(root);
      }),
    );
  });

  it('never lets the last leaf pass for two', () => {
    expect(merkleRoot(['a', 'b', 'c'])).not.toBe(merkleRoot(['a', 'b', 'c', 'c']));
  });
});

describe('canonical JSON', () => {
  it('says the same of the same content in any order, and reads back as it was', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 3 }), (value) => {
        expect(JSON.parse(canonicalJson(value))).toEqual(JSON.parse(JSON.stringify(value)));
      }),
    );
    expect(canonicalJson({ b: [1, { d: undefined, c: 'é' }], a: null })).toBe('{"a":null,"b":[1,{"c":"é"}]}');
  });
});
