import type { Language } from '../platform/language.ts';

/** The lawful bases of GDPR art. 6(1) that the services rest on. */
export const legalBases = ['contract', 'consent', 'legitimate-interest', 'legal-obligation'] as const;
export type LegalBasis = (typeof legalBases)[number];

type Words = Readonly<Record<Language, string>>;

/** What data are used for, and on what basis: the rights that apply depend on it (clauses B2, D1-D9). */
export interface Purpose {
  readonly id: string;
  readonly legalBasis: LegalBasis;
  readonly title: Words;
}

/** The purposes of the charter, under its own numbers. */
export const charterPurposes = [
  { id: 'D1', legalBasis: 'contract', title: { fr: 'Fournir les services', en: 'Provide the services' } },
  { id: 'D2', legalBasis: 'consent', title: { fr: 'Personnaliser la visite', en: 'Personalise the visit' } },
  {
    id: 'D3',
    legalBasis: 'contract',
    title: {
      fr: 'Adapter la présentation à l’utilisateur et à son appareil',
      en: 'Suit the presentation to user and device',
    },
  },
  {
    id: 'D4',
    legalBasis: 'consent',
    title: { fr: 'Signaler des contenus susceptibles d’intéresser', en: 'Point out content likely to interest' },
  },
  {
    id: 'D5',
    legalBasis: 'contract',
    title: {
      fr: 'Informer des services et de leurs évolutions',
      en: 'Tell about the services and their changes',
    },
  },
  {
    id: 'D6',
    legalBasis: 'contract',
    title: { fr: 'Répondre aux questions liées à l’utilisation', en: 'Write about questions and interactions' },
  },
  { id: 'D7', legalBasis: 'contract', title: { fr: 'Assistance technique', en: 'Technical support' } },
  {
    id: 'D8',
    legalBasis: 'legitimate-interest',
    title: { fr: 'Concevoir de nouvelles fonctionnalités', en: 'Develop new features and services' },
  },
  { id: 'D9', legalBasis: 'contract', title: { fr: 'Gérer l’espace de l’utilisateur', en: 'Manage the user’s space' } },
] as const satisfies readonly Purpose[];

/** A purpose that needs a choice of its own, made in « Gestion des services » (clauses C6, H4, H7). */
export interface ConsentPurpose extends Purpose {
  readonly legalBasis: 'consent';
  readonly description: Words;
  /** The purpose of the charter that the choice is about. */
  readonly charterPurpose: `D${number}`;
}

/** The consent purposes that the product ships with; staff may add to them. */
export const consentPurposes = [
  {
    id: 'audience-measurement',
    legalBasis: 'consent',
    charterPurpose: 'D8',
    title: { fr: 'Mesure d’audience', en: 'Audience measurement' },
    description: {
      fr: 'Compter les pages vues et les visites pour améliorer l’extranet.',
      en: 'Count page views and visits to improve the extranet.',
    },
  },
  {
    id: 'personalisation',
    legalBasis: 'consent',
    charterPurpose: 'D2',
    title: { fr: 'Personnalisation', en: 'Personalisation' },
    description: {
      fr: 'Adapter la visite à vos choix et à vos centres d’intérêt.',
      en: 'Suit the visit to your choices and interests.',
    },
  },
  {
    id: 'content-suggestions',
    legalBasis: 'consent',
    charterPurpose: 'D4',
    title: { fr: 'Suggestions de contenus', en: 'Content suggestions' },
    description: {
      fr: 'Vous signaler des contenus susceptibles de vous intéresser.',
      en: 'Point out content that is likely to interest you.',
    },
  },
  {
    id: 'prospecting',
    legalBasis: 'consent',
    charterPurpose: 'D5',
    title: { fr: 'Prospection', en: 'Prospecting' },
    description: {
      fr: 'Vous adresser des offres commerciales.',
      en: 'Send you commercial offers.',
    },
  },
] as const satisfies readonly ConsentPurpose[];

/** Every purpose that the product ships with, by id. */
export function purposeById(id: string): Purpose | undefined {
  return [...charterPurposes, ...consentPurposes].find((purpose) => purpose.id === id);
}
