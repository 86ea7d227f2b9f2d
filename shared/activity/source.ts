import { type PersonalDataSource, partitionSource } from '../personal-data/index.ts';
import type { DocumentStore } from '../platform/cosmos/document-store.ts';
import { type ActivityEvent, activitySubject } from './activity.ts';

/** The raw activity of a person, for exports, erasure and the record of processing. */
export function activitySource(database: DocumentStore, loginKey: Buffer): PersonalDataSource {
  return partitionSource<ActivityEvent>(database, {
    id: 'activity',
    title: { fr: 'Activité sur l’extranet', en: 'Activity in the extranet' },
    category: 'activity',
    container: 'activity',
    documentTypes: ['activity-event'],
    origin: 'observed',
    purposes: ['audience-measurement'],
    recipients: { fr: 'aucun', en: 'none' },
    retention: {
      fr: '90 jours ; ensuite seuls des comptages anonymes subsistent',
      en: '90 days; after that only anonymous counts remain',
    },
    partitionOf: ({ accountId }) => (accountId === undefined ? undefined : activitySubject(loginKey, accountId)),
    orderedBy: 'at',
    show: ({ kind, path, at, company, expiresAt }) => ({ at, kind, path, company, expiresAt }),
  });
}
