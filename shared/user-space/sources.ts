import { asLongAsTheAccount, type PersonalDataSource, partitionSource, staffAndHost } from '../personal-data/index.ts';
import type { DocumentStore } from '../platform/cosmos/document-store.ts';
import type { FormDraftDocument, PreferencesDocument } from './user-space.ts';

/** What a person keeps in the space. */
export function userSpaceSources(database: DocumentStore): readonly PersonalDataSource[] {
  return [
    partitionSource<PreferencesDocument>(database, {
      id: 'preferences',
      title: { fr: 'Préférences', en: 'Preferences' },
      category: 'preferences',
      container: 'accounts',
      documentTypes: ['preferences'],
      origin: 'provided',
      purposes: ['D2', 'D3', 'D9'],
      recipients: staffAndHost,
      retention: asLongAsTheAccount,
      partitionOf: ({ accountId }) => accountId,
      show: ({ preferences }) => ({ ...preferences }),
    }),
    partitionSource<FormDraftDocument>(database, {
      id: 'form-drafts',
      title: { fr: 'Saisies mémorisées', en: 'Remembered form input' },
      category: 'form-drafts',
      container: 'accounts',
      documentTypes: ['form-draft'],
      origin: 'provided',
      purposes: ['D1', 'D9'],
      recipients: staffAndHost,
      retention: {
        fr: '90 jours après la dernière modification',
        en: '90 days after the last change',
      },
      partitionOf: ({ accountId }) => accountId,
      show: ({ formId, fields, updatedAt, expiresAt }) => ({ formId, fields, updatedAt, expiresAt }),
    }),
  ];
}
