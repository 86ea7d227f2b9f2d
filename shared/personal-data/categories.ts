import type { Language } from '../platform/language.ts';

/** The categories of personal data: what authorisations, disclosures, exports and the record of processing speak of (clause C3). */
export const dataCategories = [
  'identity',
  'contact',
  'account',
  'sessions',
  'preferences',
  'form-drafts',
  'activity',
  'consents',
  'acceptances',
  'requests',
  'identity-proofs',
  'correspondence',
  'directives',
  'disclosures',
] as const;
export type DataCategory = (typeof dataCategories)[number];

/** What a person calls them. */
export const categoryTitles: Readonly<Record<DataCategory, Readonly<Record<Language, string>>>> = {
  identity: { fr: 'Identité', en: 'Identity' },
  contact: { fr: 'Coordonnées', en: 'Contact details' },
  account: { fr: 'Compte', en: 'Account' },
  sessions: { fr: 'Connexions', en: 'Sign-ins' },
  preferences: { fr: 'Préférences', en: 'Preferences' },
  'form-drafts': { fr: 'Saisies mémorisées', en: 'Remembered form input' },
  activity: { fr: 'Activité', en: 'Activity' },
  consents: { fr: 'Consentements', en: 'Consents' },
  acceptances: { fr: 'Acceptations', en: 'Acceptances' },
  requests: { fr: 'Demandes', en: 'Requests' },
  'identity-proofs': { fr: 'Justificatifs d’identité', en: 'Identity documents' },
  correspondence: { fr: 'Correspondance', en: 'Correspondence' },
  directives: { fr: 'Directives après le décès', en: 'Directives after death' },
  disclosures: { fr: 'Communications à des tiers', en: 'Disclosures to third parties' },
};
