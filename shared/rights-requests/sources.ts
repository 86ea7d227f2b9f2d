import {
  asLongAsTheAccount,
  type DataSubject,
  eraseEach,
  nothingErased,
  type Packages,
  type PersonalDataSource,
  partitionSource,
  staffAndHost,
  type Words,
} from '../personal-data/index.ts';
import type { DocumentStore, Stored } from '../platform/cosmos/document-store.ts';
import { type ArchivedCase, archivePseudonym, type CaseArchive } from './archive.ts';
import { CASE_ID, type CaseDocument, type RightsRequest } from './case.ts';
import { caseFile, personView } from './case-file.ts';
import { isClosed, statusAfter } from './case-rules.ts';
import type { CaseStore } from './case-store.ts';
import type { IdentityProofs } from './identity-proofs.ts';
import type { SupplementaryStatement } from './rectification.ts';

interface SourcesPlatform {
  readonly database: DocumentStore;
  readonly store: CaseStore;
  readonly archive: CaseArchive;
  readonly identityProofs: IdentityProofs;
  readonly packages: Packages | undefined;
  readonly loginKey: Buffer;
  readonly now: () => Date;
}

/** Documents that make up a case, besides correspondence, identity documents and mails. */
const CASE_TYPES = [
  'rights-request',
  'case-letter',
  'case-history',
  'case-note',
  'case-effect',
  'case-execution',
  'case-clock',
  'case-archiving',
  'restriction-lifting',
  'one-time-code',
] as const;
const PAGE = 100;
const REMOVED_IN_ONE_BATCH = 90;

const closedCase: Words = {
  fr: '30 jours après la clôture de la demande ; une copie réduite, sans nom ni adresse, 5 ans aux archives',
  en: '30 days after the request is closed; a reduced copy, without name or address, 5 years in the archive',
};

/** What the topic holds of people, how it is found, and how it goes (clauses E1, G1, G3). */
export function caseSources(platform: SourcesPlatform): readonly PersonalDataSource[] {
  const { database, store, archive, identityProofs, packages, loginKey, now } = platform;
  const { container } = store;

  /** The cases of a person, page by page: by the account, or by the pseudonym of the e-mail, from before there was an account. */
  async function* casesOf({ accountId, emailKey }: DataSubject): AsyncGenerator<Stored<RightsRequest>> {
    const known = accountId ?? emailKey;
    if (known === undefined) return;
    for (let after = ''; ; ) {
      const { items } = await container.query<RightsRequest>({
        text: 'SELECT * FROM c WHERE (c.subject = @known OR c.emailKey = @emailKey) AND c.receivedKey > @after ORDER BY c.receivedKey',
        parameters: { known, emailKey: emailKey ?? known, after },
        limit: PAGE,
      });
      yield* items;
      const last = items.at(-1);
      if (!last) return;
      after = last.receivedKey;
    }
  }

  async function* otherCasesOf(subject: DataSubject) {
    for await (const request of casesOf(subject)) if (!isErasure(request)) yield request;
  }

  const isErasure = ({ requestType }: RightsRequest) => requestType === 'erasure';

  async function shown({ requestId }: RightsRequest) {
    const file = caseFile(await store.file(requestId), now());
    if (!file) return undefined;
    const { id: _id, messages: _elsewhere, identityProofs: _too, ...view } = personView(file);
    return { ...view, notes: file.notes.map(({ at, text }) => ({ at, text })) };
  }

  async function* shownCases(subject: DataSubject, kind: 'erasure' | 'other') {
    for await (const request of casesOf(subject)) {
      if (isErasure(request) !== (kind === 'erasure')) continue;
      const record = await shown(request);
      if (record) yield record;
    }
  }

  /** Ends a case of somebody who is being erased: closed, archived without their name, and gone; the case itself last. */
  async function eraseCase({ requestId }: RightsRequest): Promise<void> {
    const at = now();
    const closed = await store.change<'closed'>(requestId, at, (current) => {
      const status = statusAfter(current, 'cancel-by-erasure', at);
      if (!status) return 'closed';
      const next: RightsRequest = { ...current, status, closedAt: at.toISOString() };
      return { next, actor: { kind: 'system' }, action: 'cancelled-by-erasure' };
    });
    if (closed.outcome === 'not-found') return;
    const documents = await store.file(requestId);
    const request = documents.find((document): document is Stored<RightsRequest> => document.id === CASE_ID);
    if (!request) return;
    if (isClosed(request.status)) await archive.keep(request, documents, at);
    if (request.packageId) await packages?.remove(request.packageId);
    for (const document of documents) {
      if (document.type === 'identity-proof') await identityProofs.remove(requestId, document.id);
    }
    const rest = documents.filter(({ id, type }) => id !== CASE_ID && type !== 'identity-proof');
    for (let from = 0; from < rest.length; from += REMOVED_IN_ONE_BATCH) {
      const part = rest.slice(from, from + REMOVED_IN_ONE_BATCH);
      const { outcome } = await container.batch(
        requestId,
        part.map(({ id }) => ({ remove: id })),
      );
      // One of them has gone by itself meanwhile: a batch is all or nothing, so that each goes alone.
      if (outcome !== 'written') for (const { id } of part) await container.remove(requestId, id);
    }
    await container.remove(requestId, CASE_ID);
  }

  /** The documents of one type in all cases of a person, each with its case. */
  async function* partsOf<Type extends CaseDocument['type']>(subject: DataSubject, type: Type) {
    for await (const { requestId } of casesOf(subject)) {
      for (const document of await store.file(requestId))
        if (document.type === type) yield { ...(document as Stored<Extract<CaseDocument, { type: Type }>>), requestId };
    }
  }

  return [
    {
      id: 'rights-requests',
      title: { fr: 'Demandes d’exercice de droits', en: 'Requests to exercise rights' },
      category: 'requests',
      store: { container: 'rights-requests', documentTypes: CASE_TYPES },
      origin: 'provided',
      purposes: ['D6'],
      recipients: staffAndHost,
      retention: closedCase,
      onErasure: { kind: 'erase' },
      collect: (subject) => shownCases(subject, 'other'),
      erase: (subject, limit) => eraseEach(otherCasesOf(subject), limit, eraseCase),
      async *holders(after = '') {
        for (let position = after; ; ) {
          const { items } = await container.query<Pick<RightsRequest, 'accountId' | 'emailKey' | 'receivedKey'>>({
            text: 'SELECT c.accountId, c.emailKey, c.receivedKey FROM c WHERE c.receivedKey > @position ORDER BY c.receivedKey',
            parameters: { position },
            limit: PAGE,
          });
          for (const { accountId, emailKey, receivedKey } of items) {
            const subject = { ...(accountId ? { accountId } : {}), ...(emailKey ? { emailKey } : {}) };
            if (accountId ?? emailKey) yield { subject, position: receivedKey };
            position = receivedKey;
          }
          if (items.length === 0) return;
        }
      },
    },
    {
      id: 'erasure-requests',
      title: { fr: 'Demandes d’effacement', en: 'Requests for erasure' },
      category: 'requests',
      store: { container: 'rights-requests', documentTypes: CASE_TYPES },
      origin: 'provided',
      purposes: ['D6'],
      recipients: staffAndHost,
      retention: closedCase,
      onErasure: {
        kind: 'keep',
        reason: {
          fr: 'La demande d’effacement est menée à son terme et il doit pouvoir en être rendu compte ; nom et adresse en sont retirés une fois l’effacement fait.',
          en: 'The request for erasure has to be carried through and accounted for; name and address leave it once the erasure is done.',
        },
        legalReference: 'RGPD/GDPR art. 5(2), 17(3)(b)',
      },
      collect: (subject) => shownCases(subject, 'erasure'),
      erase: async () => nothingErased,
    },
    {
      id: 'case-messages',
      title: { fr: 'Correspondance sur les demandes', en: 'Correspondence about requests' },
      category: 'correspondence',
      store: { container: 'rights-requests', documentTypes: ['case-message'] },
      origin: 'provided',
      purposes: ['D6'],
      recipients: staffAndHost,
      retention: closedCase,
      onErasure: { kind: 'erase' },
      async *collect(subject) {
        for await (const { requestId, reference } of casesOf(subject)) {
          for (const { at, from, text } of caseFile(await store.file(requestId), now())?.messages ?? [])
            yield { request: reference, at, from, text };
        }
      },
      erase: (subject, limit) =>
        eraseEach(partsOf(subject, 'case-message'), limit, ({ requestId, id }) => container.remove(requestId, id)),
    },
    {
      id: 'identity-proofs',
      title: { fr: 'Justificatifs d’identité', en: 'Identity documents' },
      category: 'identity-proofs',
      store: {
        container: 'rights-requests',
        documentTypes: ['identity-proof'],
        blobContainer: 'identity-proofs',
      },
      origin: 'provided',
      purposes: ['D6'],
      recipients: staffAndHost,
      retention: {
        fr: 'Jusqu’à la décision sur l’identité ou sur la demande, au plus 30 jours',
        en: 'Until the decision on identity or on the request, at most 30 days',
      },
      onErasure: { kind: 'erase' },
      async *collect(subject) {
        for await (const { kind, mediaType, size, sha256, uploadedAt } of partsOf(subject, 'identity-proof'))
          yield { kind, mediaType, size, sha256, uploadedAt };
      },
      erase: (subject, limit) =>
        eraseEach(partsOf(subject, 'identity-proof'), limit, ({ requestId, id }) =>
          identityProofs.remove(requestId, id),
        ),
    },
    {
      id: 'case-archive',
      title: { fr: 'Archives des demandes closes', en: 'Archive of closed requests' },
      category: 'requests',
      store: { container: 'case-archive', documentTypes: ['archived-case'] },
      origin: 'derived',
      purposes: ['D6'],
      recipients: {
        fr: 'Délégué à la protection des données et auditeurs',
        en: 'Data protection officer and auditors',
      },
      retention: { fr: '5 ans après la clôture', en: '5 years after the request was closed' },
      onErasure: {
        kind: 'keep',
        reason: {
          fr: 'Il doit pouvoir être montré que les demandes reçoivent une réponse ; ni nom, ni adresse, ni contenu.',
          en: 'It must be possible to show that requests are answered; no name, address or content.',
        },
        legalReference: 'RGPD/GDPR art. 5(2), 17(3)(e)',
      },
      async *collect({ accountId, emailKey }) {
        for (const key of [accountId, emailKey]) {
          if (key === undefined) continue;
          const { items } = await archive.container.query<ArchivedCase>({
            text: 'SELECT * FROM c WHERE c.subject = @subject',
            parameters: { subject: archivePseudonym(loginKey, key) },
            limit: 1_000,
          });
          for (const { reference, requestType, channel, status, receivedAt, closedAt, ground, history } of items)
            yield {
              reference,
              type: requestType,
              channel,
              status,
              receivedAt,
              closedAt,
              ...(ground ? { ground } : {}),
              history,
            };
        }
      },
      erase: async () => nothingErased,
    },
    partitionSource<SupplementaryStatement>(database, {
      id: 'supplementary-statements',
      title: { fr: 'Déclarations complémentaires', en: 'Supplementary statements' },
      category: 'identity',
      container: 'accounts',
      documentTypes: ['supplementary-statement'],
      origin: 'provided',
      purposes: ['D9'],
      recipients: staffAndHost,
      retention: asLongAsTheAccount,
      partitionOf: ({ accountId }) => accountId,
      show: ({ at, text }) => ({ at, text }),
    }),
  ];
}
