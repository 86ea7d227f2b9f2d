import type { PersonalDataSource } from '../personal-data/index.ts';
import type { DocumentContainer } from '../platform/cosmos/document-store.ts';
import { type ActivityEvent, activitySubject } from './activity.ts';

/** The raw activity of a person, for exports, erasure and the record of processing. */
export function activitySource(activity: DocumentContainer, loginKey: Buffer): PersonalDataSource {
  return {
    id: 'activity',
    title: { fr: 'Activité sur l’extranet', en: 'Activity in the extranet' },
    category: 'activity',
    store: { container: 'activity', documentTypes: ['activity-event'] },
    origin: 'observed',
    purposes: ['audience-measurement'],
    recipients: { fr: 'aucun', en: 'none' },
    retention: {
      fr: '90 jours ; ensuite seuls des comptages anonymes subsistent',
      en: '90 days; after that only anonymous counts remain',
    },
    onErasure: { kind: 'erase' },
    async *collect({ accountId }) {
      if (!accountId) return;
      const partition = activitySubject(loginKey, accountId);
      let continuation: string | undefined;
      do {
        const page = await activity.query<ActivityEvent>({
          text: "SELECT * FROM c WHERE c.type = 'activity-event' ORDER BY c.at",
          partition,
          ...(continuation ? { continuation } : {}),
        });
        for (const { kind, path, at, company, expiresAt } of page.items) yield { at, kind, path, company, expiresAt };
        continuation = page.continuation;
      } while (continuation);
    },
    async erase({ accountId }, limit) {
      if (!accountId) return { erased: 0, more: false };
      const partition = activitySubject(loginKey, accountId);
      const { items } = await activity.query<Pick<ActivityEvent, 'id'>>({
        text: 'SELECT c.id FROM c',
        partition,
        limit: limit + 1,
      });
      let erased = 0;
      for (const { id } of items.slice(0, limit))
        if ((await activity.remove(partition, id)).outcome === 'written') erased += 1;
      return { erased, more: items.length > limit };
    },
  };
}
