import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { dayAfter, entryHash, firstDifference, isIntact, leafOf, sealOf } from '../../../shared/audit/seal-rules.ts';

const keptMs = 365 * 86_400_000;
const at = (minute: number) => new Date(Date.UTC(2026, 10, 24, 0, minute)).toISOString();
const entry = (minute: number, reason = 'x') => ({
  id: `aud_${minute}`,
  sortKey: `${at(minute)}~aud_${minute}`,
  at: at(minute),
  reason,
});
const entries = fc
  .uniqueArray(fc.nat(1439), { minLength: 1, maxLength: 30 })
  .map((minutes) => minutes.map((minute) => entry(minute)));
const sealedAt = new Date('2026-11-25T00:20:00.000Z');
const soon = { keptMs, asOf: new Date('2026-12-01T00:00:00.000Z') };

describe('F1 the seal of a day', () => {
  it('is the same in whatever order the store names the entries', () => {
    fc.assert(
      fc.property(entries, (given) => {
        const leaves = given.map(leafOf);
        expect(sealOf('2026-11-24', leaves.toReversed(), 'before', sealedAt)).toEqual(
          sealOf('2026-11-24', leaves, 'before', sealedAt),
        );
      }),
    );
  });

  it('leaves out what the store adds, and nothing else', () => {
    const plain = entryHash(entry(1));
    expect(entryHash({ ...entry(1), _etag: 'x', _ts: 1, ttl: 5 })).toBe(plain);
    expect(entryHash({ ...entry(1), surplus: null })).not.toBe(plain);
  });

  it('is broken by any change to itself, and by another seal before it', () => {
    const first = sealOf('2026-11-24', [entry(1), entry(2)].map(leafOf), undefined, sealedAt);
    const second = sealOf(dayAfter('2026-11-24'), [leafOf(entry(3))], first.hash, sealedAt);
    expect(isIntact(first, undefined)).toBe(true);
    expect(isIntact(second, first)).toBe(true);
    expect(isIntact(second, undefined)).toBe(false);
    expect(isIntact({ ...first, leaves: first.leaves.slice(1) }, undefined)).toBe(false);
    expect(isIntact({ ...first, leaves: first.leaves.toReversed() }, undefined)).toBe(false);
    expect(isIntact({ ...first, header: { ...first.header, entries: 3 } }, undefined)).toBe(false);
    const forged = sealOf('2026-11-24', [leafOf(entry(1))], undefined, sealedAt);
    expect(isIntact(second, forged)).toBe(false);
    const later = sealOf('2026-11-27', [], second.hash, sealedAt);
    expect(isIntact(later, second)).toBe(false);
  });
});

describe('F1 what differs from a seal is named', () => {
  it('nothing, when the entries are as they were', () => {
    fc.assert(
      fc.property(entries, (given) => {
        const leaves = given.map(leafOf);
        expect(firstDifference(leaves, leaves.toReversed(), soon)).toBeUndefined();
      }),
    );
  });

  it('the first of all that was altered, added or removed', () => {
    fc.assert(
      fc.property(entries, fc.nat(), fc.constantFrom('altered', 'added', 'removed'), (given, where, kind) => {
        const chosen = given[where % given.length] as ReturnType<typeof entry>;
        const rest = given.filter((other) => other !== chosen).map(leafOf);
        const whole = given.map(leafOf);
        const stored = kind === 'altered' ? [...rest, leafOf({ ...chosen, reason: 'other' })] : rest;
        const difference = kind === 'added' ? firstDifference(rest, whole, soon) : firstDifference(whole, stored, soon);
        expect(difference).toEqual({ entryId: chosen.id, kind });
      }),
    );
    const [early, late] = [leafOf(entry(1)), leafOf(entry(2))];
    expect(firstDifference([early, late], [], soon)?.entryId).toBe('aud_1');
  });

  it('not what has come to its term', () => {
    const leaves = [leafOf(entry(0)), leafOf(entry(1))];
    const asOf = new Date(Date.parse(at(0)) + keptMs);
    expect(firstDifference(leaves, leaves.slice(1), { keptMs, asOf })).toBeUndefined();
    expect(firstDifference(leaves, [], { keptMs, asOf })).toEqual({ entryId: 'aud_1', kind: 'removed' });
  });
});
