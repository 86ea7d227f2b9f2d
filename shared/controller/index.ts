import type { Controller } from '../platform/config.ts';
import type { Language } from '../platform/language.ts';

/** The lawful bases of GDPR art. 6(1) that the services rest on. */
export type LegalBasis = 'contract' | 'consent' | 'legitimate-interest' | 'legal-obligation';

interface Purpose {
  /** The charter's own number. */
  readonly id: `D${number}`;
  readonly legalBasis: LegalBasis;
  readonly fr: string;
  readonly en: string;
}

/** The purposes of the charter, each with its basis: the rights that apply depend on it (clauses B2, D1-D9). */
const purposes: readonly Purpose[] = [
  { id: 'D1', legalBasis: 'contract', fr: 'Fournir les services', en: 'Provide the services' },
  { id: 'D2', legalBasis: 'consent', fr: 'Personnaliser la visite', en: 'Personalise the visit' },
  {
    id: 'D3',
    legalBasis: 'contract',
    fr: 'Adapter la présentation à l’utilisateur et à son appareil',
    en: 'Suit the presentation to user and device',
  },
  {
    id: 'D4',
    legalBasis: 'consent',
    fr: 'Signaler des contenus susceptibles d’intéresser',
    en: 'Point out content likely to interest',
  },
  {
    id: 'D5',
    legalBasis: 'contract',
    fr: 'Informer des services et de leurs évolutions',
    en: 'Tell about the services and their changes',
  },
  {
    id: 'D6',
    legalBasis: 'contract',
    fr: 'Répondre aux questions liées à l’utilisation',
    en: 'Write about questions and interactions',
  },
  { id: 'D7', legalBasis: 'contract', fr: 'Assistance technique', en: 'Technical support' },
  {
    id: 'D8',
    legalBasis: 'legitimate-interest',
    fr: 'Concevoir de nouvelles fonctionnalités',
    en: 'Develop new features and services',
  },
  { id: 'D9', legalBasis: 'contract', fr: 'Gérer l’espace de l’utilisateur', en: 'Manage the user’s space' },
];

/** Without these the service cannot be given (clause C2). */
const mandatoryFields = [
  'email',
  'password',
  'givenName',
  'familyName',
  'company',
  'acceptedTerms',
  'acceptedCharter',
] as const;
const optionalFields = ['jobTitle', 'phone', 'language'] as const;

const words = {
  fr: {
    mandatory: 'Sans ces champs, le service ne peut pas être fourni.',
    recourse: 'Vous pouvez introduire une réclamation auprès de la CNIL.',
  },
  en: {
    mandatory: 'Without these fields the service cannot be given.',
    recourse: 'You may lodge a complaint with the CNIL, the French supervisory authority.',
  },
} as const;

/** Who is responsible, for what, on what basis, what must be given, and where to complain (B1, B2, C2, G11). */
export function controllerInformation(controller: Controller, language: Language) {
  return {
    ...controller,
    purposes: purposes.map(({ id, legalBasis, ...titles }) => ({ id, title: titles[language], legalBasis })),
    mandatoryFields: {
      registration: [...mandatoryFields],
      optional: [...optionalFields],
      notice: words[language].mandatory,
    },
    recourse: {
      authority: 'CNIL',
      address: '3 place de Fontenoy, TSA 80715, 75334 Paris Cedex 07',
      url: 'https://www.cnil.fr/fr/plaintes',
      notice: words[language].recourse,
    },
  };
}
