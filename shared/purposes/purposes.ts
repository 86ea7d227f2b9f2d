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

/** A purpose as « Gestion des services » lists it (clauses C4, H2, H4, H7): one that needs a choice, or one that is exempt. */
export interface ServicePurpose extends Purpose {
  readonly description: Words;
  /** The purpose of the charter that it belongs to. */
  readonly charterPurpose: `D${number}`;
  /** Categories of personal data that it uses. */
  readonly categories: readonly string[];
  /** Who receives them (clauses C4, H2). */
  readonly recipients: Words;
  /** How long they are kept, as a duration (ISO 8601). */
  readonly retention: string;
}

/** A purpose that needs a choice of its own (clauses C6, H4, H7). */
export interface ConsentPurpose extends ServicePurpose {
  readonly legalBasis: 'consent';
}

const CONTROLLER_ALONE: Words = {
  fr: 'le responsable de traitement, et lui seul',
  en: 'the controller alone',
};

/** The consent purposes that the product ships with; staff may add to them. */
export const consentPurposes = [
  {
    id: 'audience-measurement',
    legalBasis: 'consent',
    charterPurpose: 'D8',
    categories: ['activity'],
    recipients: CONTROLLER_ALONE,
    retention: 'P90D',
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
    categories: ['preferences', 'activity'],
    recipients: CONTROLLER_ALONE,
    retention: 'P13M',
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
    categories: ['preferences', 'activity'],
    recipients: CONTROLLER_ALONE,
    retention: 'P13M',
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
    categories: ['identity', 'contact'],
    recipients: CONTROLLER_ALONE,
    retention: 'P13M',
    title: { fr: 'Prospection', en: 'Prospecting' },
    description: {
      fr: 'Vous adresser des offres commerciales.',
      en: 'Send you commercial offers.',
    },
  },
] as const satisfies readonly ConsentPurpose[];

/** What needs no choice, and cannot be consented to or refused (clauses H4, H5). */
export const exemptPurposes = [
  {
    id: 'essential',
    legalBasis: 'contract',
    charterPurpose: 'D1',
    categories: ['account', 'sessions', 'consents'],
    recipients: CONTROLLER_ALONE,
    retention: 'P13M',
    title: { fr: 'Accès et sécurité', en: 'Access and security' },
    description: {
      fr: 'Vous donner accès à votre espace, le protéger, et retenir vos choix.',
      en: 'Let you reach your space, protect it, and remember your choices.',
    },
  },
  {
    id: 'navigation',
    legalBasis: 'contract',
    charterPurpose: 'D3',
    categories: ['preferences', 'form-drafts'],
    recipients: CONTROLLER_ALONE,
    retention: 'P90D',
    title: { fr: 'Confort de navigation', en: 'Comfort of navigation' },
    description: {
      fr: 'Retenir votre affichage et vos saisies dans les formulaires. Votre navigateur peut le refuser, au prix d’un moindre confort.',
      en: 'Remember your display and your form input. Your browser can refuse it, at the price of comfort.',
    },
  },
] as const satisfies readonly ServicePurpose[];

/** Every purpose that the product ships with, by id. */
export function purposeById(id: string): Purpose | undefined {
  return [...charterPurposes, ...consentPurposes].find((purpose) => purpose.id === id);
}
