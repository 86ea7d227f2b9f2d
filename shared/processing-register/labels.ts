import type { LegalBasis } from '../purposes/index.ts';
import type { RegisteredData } from './processing-register.ts';

/** The words of the French documents. */
export const basisNames: Readonly<Record<LegalBasis, string>> = {
  contract: 'Exécution du contrat (art. 6(1)(b))',
  consent: 'Consentement (art. 6(1)(a))',
  'legitimate-interest': 'Intérêt légitime (art. 6(1)(f))',
  'legal-obligation': 'Obligation légale (art. 6(1)(c))',
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
