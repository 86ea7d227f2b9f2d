import { globSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { containers } from '../../../shared/platform/cosmos/containers.ts';
import { purgedContainers, retentionRules } from '../../../shared/retention/index.ts';
import { composedOffline } from '../../support/composition.ts';

/** Every document type that the product declares: `readonly type: '…'` of an interface. */
const declaredTypes = new Set(
  globSync('{shared,functions}/**/*.ts').flatMap((file) =>
    [...readFileSync(file, 'utf8').matchAll(/readonly type: ((?:'[a-z-]+'(?: \| )?)+);/g)].flatMap(([, union = '']) =>
      [...union.matchAll(/'([a-z-]+)'/g)].map(([, type = '']) => type),
    ),
  ),
);

describe('E1 the table of retention', () => {
  it('has a rule for every document type of the product, and for none besides', () => {
    const ruled = new Set(retentionRules.map(({ documentType }) => documentType));
    expect([...declaredTypes].filter((type) => !ruled.has(type))).toEqual([]);
    expect([...ruled].filter((type) => !declaredTypes.has(type))).toEqual([]);
  });

  it('has a rule for all that the inventory names, where the inventory says that it lies', () => {
    const ruled = new Set(retentionRules.map(({ container, documentType }) => `${container}/${documentType}`));
    const named = composedOffline()
      .inventory()
      .flatMap(({ store }) =>
        'documentTypes' in store ? store.documentTypes.map((type) => `${store.container}/${type}`) : [],
      );
    expect(named.filter((name) => !ruled.has(name))).toEqual([]);
    expect(ruled.size).toBe(retentionRules.length);
  });

  it('the purge can find by its end whatever ends, in every container that it works on', () => {
    for (const { id } of purgedContainers) {
      expect(containers.find((container) => container.id === id)?.indexedPaths).toContain('/expiresAt/?');
    }
    expect(purgedContainers.map(({ id }) => id)).toEqual(
      expect.arrayContaining(['accounts', 'activity', 'case-archive', 'governance', 'rights-requests', 'runtime']),
    );
  });
});
