import { nothingErased, type PersonalDataSource } from '../personal-data/index.ts';
import type { DocumentContainer } from '../platform/cosmos/document-store.ts';
import { disclosuresOf } from './disclosures.ts';

/** The disclosures of a person's data: shown to them, and kept when they are erased, because the controller answers for each (art. 5(2)). */
export function disclosureSource(governance: DocumentContainer): PersonalDataSource {
  return {
    id: 'disclosures',
    title: { fr: 'Communications à des tiers', en: 'Disclosures to third parties' },
    category: 'disclosures',
    store: { container: 'governance', documentTypes: ['disclosure'] },
    origin: 'derived',
    purposes: ['D9'],
    recipients: { fr: 'Délégué à la protection des données', en: 'Data protection officer' },
    retention: { fr: '5 ans à compter de la communication', en: '5 years from the disclosure' },
    onErasure: {
      kind: 'keep',
      reason: {
        fr: 'Le responsable de traitement doit pouvoir rendre compte de chaque communication et informer ses destinataires.',
        en: 'The controller must be able to account for each disclosure and to inform its recipients.',
      },
      legalReference: 'RGPD/GDPR art. 5(2), 19',
    },
    async *collect({ accountId }) {
      if (!accountId) return;
      for await (const { at, recipient, categories, ground, reference, notices } of disclosuresOf(
        governance,
        accountId,
      )) {
        yield {
          at,
          recipient,
          categories,
          ground,
          reference,
          notices: notices.map((notice) => ({ act: notice.act, at: notice.at, state: notice.state })),
        };
      }
    },
    erase: async () => nothingErased,
  };
}
