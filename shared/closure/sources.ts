import { type PersonalDataSource, partitionSource, staffAndHost } from '../personal-data/index.ts';
import type { DocumentStore } from '../platform/cosmos/document-store.ts';
import type { ClosingSpace } from './closing-space.ts';

/** What is held of a closure that is under way. */
export function closureSources(database: DocumentStore): readonly PersonalDataSource[] {
  return [
    partitionSource<ClosingSpace>(database, {
      id: 'closure',
      title: { fr: 'Fermeture de l’espace', en: 'Closure of the space' },
      category: 'account',
      container: 'accounts',
      documentTypes: ['closing-space'],
      origin: 'provided',
      purposes: ['D9'],
      recipients: staffAndHost,
      retention: {
        fr: 'Sept jours, puis l’effacement de l’espace',
        en: 'Seven days, then the space is erased',
      },
      partitionOf: ({ accountId }) => accountId,
      show: ({ because, closedAt, undoUntil, reason }) => ({
        because,
        closedAt,
        ...(undoUntil ? { undoUntil } : {}),
        ...(reason ? { reason } : {}),
      }),
    }),
  ];
}
