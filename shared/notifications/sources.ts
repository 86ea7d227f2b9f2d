import {
  type DataSubject,
  type PersonalDataSource,
  partitionSource,
  scatteredSource,
  staffAndHost,
} from '../personal-data/index.ts';
import type { DocumentStore } from '../platform/cosmos/document-store.ts';
import { type BudgetDocument, budgetId, budgetReasons } from './mail-budget.ts';
import type { Notification } from './notification.ts';

const show = ({ id, template, createdAt, deliveredAt, expiresAt }: Notification) => ({
  id,
  kind: template,
  createdAt,
  ...(deliveredAt ? { deliveredAt } : {}),
  ...(expiresAt ? { expiresAt } : {}),
});

const budgetIds = ({ emailKey }: DataSubject) =>
  emailKey === undefined ? [] : budgetReasons.map((reason) => budgetId(reason, emailKey));

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
    {
      ...common,
      id: 'mail-budgets',
      title: { fr: 'Messages demandés pour votre adresse', en: 'Mails asked for to your address' },
      store: { container: 'runtime', documentTypes: ['mail-budget'] },
      origin: 'observed',
      retention: { fr: 'Un jour', en: 'One day' },
      onErasure: { kind: 'erase' },
      async *collect(subject) {
        for (const id of budgetIds(subject)) {
          const found = await database.runtime.read<BudgetDocument>(id, id);
          if (found) yield { at: found.spent.map(({ at }) => at) };
        }
      },
      async erase(subject) {
        const removed = await Promise.all(budgetIds(subject).map((id) => database.runtime.remove(id, id)));
        return { erased: removed.filter(({ outcome }) => outcome === 'written').length, more: false };
      },
    },
  ];
}
