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
