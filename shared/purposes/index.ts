export {
  type ConsentPurpose,
  charterPurposes,
  consentPurposes,
  type LegalBasis,
  legalBases,
  type Purpose,
  purposeById,
} from './purposes.ts';
