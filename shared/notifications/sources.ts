import { type PersonalDataSource, partitionSource, scatteredSource, staffAndHost } from '../personal-data/index.ts';
import type { DocumentStore } from '../platform/cosmos/document-store.ts';
import type { Notification } from './notification.ts';

const show = ({ id, template, createdAt, deliveredAt, expiresAt }: Notification) => ({
  id,
  kind: template,
  createdAt,
  ...(deliveredAt ? { deliveredAt } : {}),
  ...(expiresAt ? { expiresAt } : {}),
});

/** The mails to a person, waiting or sent: of a sent one only the envelope is kept. */
export function notificationSources(database: DocumentStore): readonly PersonalDataSource[] {
  const common = {
    category: 'correspondence',
    documentTypes: ['notification'],
    origin: 'derived',
    purposes: ['D5', 'D6'],
    recipients: staffAndHost,
    retention: {
      fr: 'Le contenu jusqu’à l’envoi, l’enveloppe 30 jours',
      en: 'The content until delivery, the envelope 30 days',
    },
  } as const;
  return [
    partitionSource<Notification>(database, {
      ...common,
      id: 'mails',
      title: { fr: 'Messages envoyés', en: 'Mails sent' },
      container: 'accounts',
      partitionOf: ({ accountId }) => accountId,
      show,
    }),
    scatteredSource<Notification>(database, {
      ...common,
      id: 'contact-mails',
      title: { fr: 'Messages liés à vos questions', en: 'Mails about your questions' },
      container: 'runtime',
      show,
    }),
  ];
}
