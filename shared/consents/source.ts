import type { DataSubject, PersonalDataSource } from '../personal-data/index.ts';
import type { DocumentContainer } from '../platform/cosmos/document-store.ts';
import { type ConsentDecision, partitionOf } from './consent-record.ts';
import type { ConsentStore } from './consent-store.ts';

/**
 * The consents of a person: those of the account, among them what joined it from devices, and the records of those devices. The account's state
 * goes last, since it alone knows the devices.
 */
export function consentSource(
  { consents, store }: { readonly consents: DocumentContainer; readonly store: ConsentStore },
  loginKey: Buffer,
): PersonalDataSource {
  /** Devices first, the account last. */
  async function partitionsOf({ accountId }: DataSubject): Promise<readonly string[]> {
    if (!accountId) return [];
    const account = partitionOf(loginKey, 'account', accountId);
    const devices = (await store.state(account))?.devices ?? [];
    return [...devices.map(({ partition }) => partition), account];
  }

  async function eraseIn(partition: string, limit: number): Promise<{ erased: number; more: boolean }> {
    const { items } = await consents.query<Pick<ConsentDecision, 'id'>>({
      text: 'SELECT c.id FROM c WHERE c.sequence > 0',
      partition,
      limit: limit + 1,
    });
    let erased = 0;
    for (const { id } of items.slice(0, limit))
      if ((await consents.remove(partition, id)).outcome === 'written') erased += 1;
    return { erased, more: items.length > limit };
  }

  return {
    id: 'consents',
    title: { fr: 'Consentements', en: 'Consents' },
    category: 'consents',
    store: { container: 'consents', documentTypes: ['consent-decision', 'consent-state'] },
    origin: 'provided',
    purposes: ['D1', 'audience-measurement', 'personalisation', 'content-suggestions', 'prospecting'],
    recipients: { fr: 'aucun', en: 'none' },
    retention: { fr: '13 mois à compter de chaque choix', en: '13 months from each choice' },
    onErasure: { kind: 'erase' },
    async *collect(subject) {
      for (const partition of await partitionsOf(subject)) {
        let before: number | undefined;
        do {
          const page = await store.decisions(partition, PAGE, before);
          for (const { id, decidedAt, askAgainAt, endsAt, choices, proof, signals, joinedAt } of page.items)
            yield {
              id,
              decidedAt,
              askAgainAt,
              expiresAt: endsAt,
              choices,
              proof,
              signals,
              ...(joinedAt ? { joinedAt } : {}),
            };
          before = page.next;
        } while (before !== undefined);
      }
    },
    async erase(subject, limit) {
      let erased = 0;
      for (const partition of await partitionsOf(subject)) {
        const part = await eraseIn(partition, limit - erased);
        erased += part.erased;
        if (part.more || erased >= limit) return { erased, more: true };
        if ((await store.remove(partition)) === 'removed') erased += 1;
      }
      return { erased, more: false };
    },
  };
}

const PAGE = 100;
