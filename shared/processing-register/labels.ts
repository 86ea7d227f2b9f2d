import type { DataCategory } from '../personal-data/index.ts';
import type { LegalBasis } from '../purposes/index.ts';
import type { RegisteredData } from './processing-register.ts';

/** The words of the French documents. */
export const basisNames: Readonly<Record<LegalBasis, string>> = {
  contract: 'Exécution du contrat (art. 6(1)(b))',
  consent: 'Consentement (art. 6(1)(a))',
  'legitimate-interest': 'Intérêt légitime (art. 6(1)(f))',
  'legal-obligation': 'Obligation légale (art. 6(1)(c))',
};

export const categoryNames: Readonly<Record<DataCategory, string>> = {
  identity: 'identité',
  contact: 'coordonnées',
  account: 'compte',
  sessions: 'sessions',
  preferences: 'préférences',
  'form-drafts': 'brouillons de formulaires',
  activity: 'activité',
  consents: 'consentements',
  acceptances: 'acceptations',
  requests: 'demandes',
  'identity-proofs': 'pièces d’identité',
  correspondence: 'correspondance',
  directives: 'directives après le décès',
  disclosures: 'communications à des tiers',
};

export const originNames: Readonly<Record<RegisteredData['origin'], string>> = {
  provided: 'fournies',
  observed: 'observées',
  derived: 'produites',
};

export function erasureWords({ kind, reason, legalReference }: RegisteredData['onErasure']): string {
  if (kind === 'erase') return 'Effacées';
  if (kind === 'anonymise') return `Anonymisées : ${reason}`;
  return `Conservées : ${reason} (${legalReference})`;
}
