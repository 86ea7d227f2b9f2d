import { globSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { blobsOutsideInventory, typesOutsideInventory } from '../../shared/personal-data/index.ts';
import { blobContainers } from '../../shared/platform/blobs/containers.ts';
import { containerIds } from '../../shared/platform/cosmos/containers.ts';
import { purposeById } from '../../shared/purposes/index.ts';
import { composedOffline } from '../support/composition.ts';

const inventory = composedOffline().inventory();

/** Every document type that the product declares: `readonly type: '…'` of an interface. */
const declaredTypes = new Set(
  globSync('{shared,functions}/**/*.ts').flatMap((file) =>
    [...readFileSync(file, 'utf8').matchAll(/readonly type: ((?:'[a-z-]+'(?: \| )?)+);/g)].flatMap(([, union = '']) =>
      [...union.matchAll(/'([a-z-]+)'/g)].map(([, type = '']) => type),
    ),
  ),
);
const coveredTypes = new Set(inventory.flatMap(({ store }) => ('documentTypes' in store ? store.documentTypes : [])));
const coveredBlobs = new Set(
  inventory.map(({ store }) => ('blobContainer' in store ? store.blobContainer : undefined)),
);

describe('the inventory of personal data', () => {
  it('covers every document type, or the list of what lies outside gives the reason', () => {
    expect(declaredTypes.size).toBeGreaterThan(10);
    const uncovered = [...declaredTypes].filter((type) => !coveredTypes.has(type) && !(type in typesOutsideInventory));
    expect(uncovered).toEqual([]);
  });

  it('covers every blob container', () => {
    expect(blobContainers.filter((name) => !coveredBlobs.has(name) && !(name in blobsOutsideInventory))).toEqual([]);
  });

  it('names nothing that does not exist, and nothing twice', () => {
    expect([...coveredTypes].filter((type) => !declaredTypes.has(type))).toEqual([]);
    expect(Object.keys(typesOutsideInventory).filter((type) => coveredTypes.has(type))).toEqual([]);
    for (const { id, store, purposes } of inventory) {
      expect(id).toMatch(/^[a-z][a-z-]*$/);
      if ('container' in store) expect(containerIds).toContain(store.container);
      for (const purpose of purposes) expect(purposeById(purpose)?.id).toBe(purpose);
    }
    expect(new Set(inventory.map(({ id }) => id)).size).toBe(inventory.length);
  });

  it('says in both languages what is held, for how long, and who receives it', () => {
    for (const { id, title, retention, recipients } of inventory) {
      for (const words of [title, retention, recipients]) {
        expect({ id, french: words.fr.length > 2, english: words.en.length > 2 }).toEqual({
          id,
          french: true,
          english: true,
        });
      }
    }
  });
});
