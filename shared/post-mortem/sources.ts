import { nothingErased, type PersonalDataSource, partitionSource, staffAndHost } from '../personal-data/index.ts';
import type { DocumentStore } from '../platform/cosmos/document-store.ts';
import { DEATH_NOTICE_KIND, type DeathNotice } from './death-notice.ts';
import { DIRECTIVES_TYPES, type DirectivesChangeDocument, type DirectivesDocument } from './directives.ts';

const PAGE = 100;

/** What is held of a person's directives, and of the reports of their death. */
export function postMortemSources(database: DocumentStore): readonly PersonalDataSource[] {
  const { governance } = database;
  return [
    partitionSource<DirectivesDocument | DirectivesChangeDocument>(database, {
      id: 'post-mortem-directives',
      title: { fr: 'Directives après le décès', en: 'Post-mortem directives' },
      category: 'directives',
      container: 'accounts',
      documentTypes: DIRECTIVES_TYPES,
      origin: 'provided',
      purposes: ['D9'],
      recipients: {
        fr: `${staffAndHost.fr} ; après le décès, la personne désignée`,
        en: `${staffAndHost.en}; after death, the designated person`,
      },
      retention: {
        fr: 'Autant que le compte ; modifiables et révocables à tout moment',
        en: 'As long as the account; changed and revoked at any time',
      },
      partitionOf: ({ accountId }) => accountId,
      show: (document) => ({
        inForce: document.type === 'post-mortem-directives' && document.directives !== undefined,
        version: document.version,
        act: document.directives ? 'recorded' : 'revoked',
        at: document.type === 'post-mortem-directives' ? document.recordedAt : document.at,
        ...(document.directives ? { directives: document.directives } : {}),
      }),
    }),
    {
      id: 'death-notices',
      title: { fr: 'Signalements de décès', en: 'Notices of death' },
      category: 'directives',
      store: { container: 'governance', documentTypes: ['death-notice'] },
      origin: 'derived',
      purposes: ['D9'],
      recipients: staffAndHost,
      retention: { fr: '5 ans après la décision', en: '5 years from the decision' },
      onErasure: {
        kind: 'keep',
        reason: {
          fr: 'Preuve de qui a demandé quoi au nom d’une personne décédée, et de la suite donnée ; le signalement ne la désigne que par un identifiant aléatoire.',
          en: 'Proof of who asked for what in the name of a person who died, and of what was done; the notice names them by a random id only.',
        },
        legalReference: 'Loi 78-17 art. 85 ; code civil art. 2224',
      },
      async *collect({ accountId }) {
        if (accountId === undefined) return;
        let after = '';
        for (;;) {
          const { items } = await governance.query<DeathNotice>({
            text: "SELECT * FROM c WHERE c.type = 'death-notice' AND c.accountId = @accountId AND c.sortKey > @after ORDER BY c.sortKey",
            parameters: { accountId, after },
            partition: DEATH_NOTICE_KIND,
            limit: PAGE,
          });
          // Who reported it is a third party, and stays out.
          for (const { receivedAt, status, reportedBy, requestedAction, decision, executedAt } of items) {
            yield {
              receivedAt,
              status,
              reportedByRelation: reportedBy.relation,
              requestedAction,
              ...(decision ? { decision: decision.action, decidedAt: decision.at } : {}),
              ...(executedAt ? { executedAt } : {}),
            };
          }
          const last = items.at(-1);
          if (!last) return;
          after = last.sortKey;
        }
      },
      erase: async () => nothingErased,
    },
  ];
}
