import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type DisclosureQuestion,
  disclosureGrounds,
  disclosureVerdict,
} from '../../../shared/disclosures/disclosure-rules.ts';
import { dataCategories } from '../../../shared/personal-data/index.ts';

const question = fc.record<DisclosureQuestion>(
  {
    ground: fc.constantFrom(...disclosureGrounds),
    categories: fc.subarray([...dataCategories], { minLength: 1 }),
    account: fc.constantFrom('active', 'closing'),
    restricted: fc.boolean(),
    consent: fc.constantFrom('stands', 'does-not-stand'),
  },
  { requiredKeys: ['ground', 'categories', 'account', 'restricted'] },
);
const permitted = (asked: DisclosureQuestion) => disclosureVerdict(asked) === 'permitted';

describe('C4 C6 C7 H2 what may be disclosed', () => {
  it('on consent: only while it stands, and only of somebody who has not closed the space', () => {
    fc.assert(
      fc.property(question, (asked) => {
        if (asked.ground === 'consent')
          expect(permitted(asked)).toBe(asked.consent === 'stands' && asked.account === 'active');
      }),
    );
  });

  it('cookie data: only on consent or where the law requires it (H2)', () => {
    fc.assert(
      fc.property(question, (asked) => {
        const others = ['terms-enforcement', 'rights-protection'];
        if (asked.categories.includes('activity') && others.includes(asked.ground))
          expect(permitted(asked)).toBe(false);
      }),
    );
  });

  it('restricted data: not to enforce terms', () => {
    fc.assert(
      fc.property(question, (asked) => {
        if (asked.restricted && asked.ground === 'terms-enforcement') expect(permitted(asked)).toBe(false);
      }),
    );
  });

  it('what the law requires goes, consent or not', () => {
    fc.assert(
      fc.property(question, ({ consent: _, ...asked }) => {
        if (asked.ground === 'legal-obligation') expect(permitted(asked)).toBe(true);
      }),
    );
  });
});
