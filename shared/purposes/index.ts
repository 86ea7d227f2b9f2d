export {
  charterPurposes,
  consentPurposes,
  type LegalBasis,
  legalBases,
  type Purpose,
  purposeById,
  type ServicePurpose,
} from './purposes.ts';
export { needsConsent, type ServicePurposes, servicePurposes } from './service-purposes.ts';
