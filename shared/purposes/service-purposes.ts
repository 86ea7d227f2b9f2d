import type { Clock } from '../platform/clock.ts';
import type { DocumentContainer } from '../platform/cosmos/document-store.ts';
import { type Governed, governedTable } from '../platform/governed-table.ts';
import { charterPurposes, consentPurposes, exemptPurposes, type Purpose, type ServicePurpose } from './purposes.ts';

const shipped: readonly ServicePurpose[] = [...consentPurposes, ...exemptPurposes];
const isShipped = (id: string) => shipped.some((purpose) => purpose.id === id);

export const needsConsent = ({ legalBasis }: Purpose): boolean => legalBasis === 'consent';

type How = Parameters<ReturnType<typeof governedTable<ServicePurpose>>['put']>[1];

/**
 * The purposes that « Gestion des services » lists, as staff have them now (clauses B2, H4, H7): those that the product ships with, reworded
 * or added to, every version kept.
 */
export function servicePurposes(governance: DocumentContainer, clock: Clock) {
  const table = governedTable<ServicePurpose>(governance, clock, {
    kind: 'service-purposes',
    keyOf: ({ id }) => id,
    shipped,
  });

  const find = async (id: string): Promise<Purpose | undefined> =>
    charterPurposes.find((purpose) => purpose.id === id) ?? (await table.row(id));

  return {
    all: () => table.rows(),
    one: (id: string) => table.row(id),
    changes: (id: string) => table.changes(id),

    /** Those that stand beside the purposes of the charter: what is exempt is its D1 and D3, as visitors meet them. */
    async besideCharter(): Promise<readonly Governed<ServicePurpose>[]> {
      return (await table.rows()).filter(({ id }) => !exemptPurposes.some((exempt) => exempt.id === id));
    },

    /** The ids that a choice may speak of now. */
    async consentIds(): Promise<ReadonlySet<string>> {
      return new Set((await table.rows()).filter(needsConsent).map(({ id }) => id));
    },

    /** Any purpose by id: of the charter, or as staff have it now. */
    find,

    /** Whether people can have been asked about it: a purpose of the charter, or one that staff offer, or did before they took it out. */
    async wasOffered(id: string): Promise<boolean> {
      return (await find(id)) !== undefined || (await table.changes(id)).length > 0;
    },

    /**
     * Creates or replaces a purpose. Its basis is not changed: other rights would apply to what people have chosen already, so that another basis
     * is another purpose.
     */
    async put(
      purpose: ServicePurpose,
      how: How,
    ): Promise<
      | { readonly outcome: 'created' | 'replaced'; readonly row: Governed<ServicePurpose> }
      | { readonly outcome: 'other-basis' }
    > {
      const current = await table.row(purpose.id);
      if (current && current.legalBasis !== purpose.legalBasis) return { outcome: 'other-basis' };
      return table.put(purpose, how);
    },

    /** Takes a purpose out; what people chose about it stays on record. Those that the product itself asks about stay. */
    async remove(id: string, how: How): Promise<'removed' | 'not-found' | 'shipped'> {
      if (isShipped(id)) return 'shipped';
      return (await table.remove(id, how)) ? 'removed' : 'not-found';
    },
  };
}

export type ServicePurposes = ReturnType<typeof servicePurposes>;
