import { type DataSubject, nothingErased, type PersonalDataSource } from '../personal-data/index.ts';
import type { AuditEntry, AuditLog } from './audit-log.ts';
import type { AuditTrail } from './audit-trail.ts';

/** One access by a member of staff as the person concerned sees it: when, in what role, for what; never who (GDPR art. 15). */
export interface Access {
  readonly at: string;
  readonly action: string;
  readonly role: string;
  readonly mission?: string;
  readonly categories?: readonly string[];
}

function accessOf({ at, action, actor, mission, categories }: AuditEntry): Access {
  return {
    at,
    action,
    role: actor.kind === 'staff' ? (actor.roles[0] ?? 'staff') : actor.kind,
    ...(mission ? { mission } : {}),
    ...(categories ? { categories } : {}),
  };
}

/** Who of the staff looked at a person's data (clause C3), for that person. */
export function accessLog(trail: AuditTrail, audit: Pick<AuditLog, 'pseudonym'>) {
  return {
    /** One page, newest first, of the accesses to an account. */
    async page(accountId: string, page: { readonly before?: string | undefined; readonly limit: number }) {
      const { items, last } = await trail.page({ subject: audit.pseudonym(accountId), staffOnly: true }, page);
      return { items: items.map(accessOf), ...(last ? { last } : {}) };
    },
  };
}

export type AccessLog = ReturnType<typeof accessLog>;

const PAGE = 100;

/** The access log in the inventory: shown in an access answer, kept through an erasure, because entries must outlive what they are about. */
export function accessLogSource(trail: AuditTrail, audit: Pick<AuditLog, 'pseudonym'>): PersonalDataSource {
  return {
    id: 'access-log',
    title: { fr: 'Consultations de vos données par nos agents', en: 'Accesses to your data by our staff' },
    category: 'account',
    store: { container: 'audit', documentTypes: ['audit-entry'] },
    origin: 'derived',
    purposes: ['D9'],
    recipients: { fr: 'Le délégué à la protection des données et les auditeurs', en: 'The DPO and auditors' },
    retention: { fr: '12 mois après chaque consultation', en: '12 months after each access' },
    onErasure: {
      kind: 'keep',
      reason: {
        fr: 'La preuve de qui a consulté des données doit survivre à leur effacement ; elle ne désigne la personne que par un pseudonyme à clé et disparaît après 12 mois.',
        en: 'The proof of who looked at data has to outlive their erasure; it names the person by a keyed pseudonym only, and ends after 12 months.',
      },
      legalReference: 'RGPD art. 5(2), 17(3)(b), 32',
    },
    async *collect({ accountId, emailKey }: DataSubject) {
      for (const known of [accountId, emailKey]) {
        if (known === undefined) continue;
        let before: string | undefined;
        do {
          const filter = { subject: audit.pseudonym(known), staffOnly: true } as const;
          const { items, last } = await trail.page(filter, { before, limit: PAGE });
          for (const entry of items) yield { ...accessOf(entry) };
          before = last;
        } while (before !== undefined);
      }
    },
    erase: async () => nothingErased,
  };
}
