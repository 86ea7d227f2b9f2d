export type { ConsentDecision, ConsentSubject } from './consent-record.ts';
export { consentStore } from './consent-store.ts';
export {
  type ConsentUseCases,
  type ConsentView,
  consentUseCases,
  type GivenChoice,
  type Recorded,
} from './consents.ts';
export { type ConsentExpiry, consentExpiry } from './expiry.ts';
export { carryOutJoining, JOINING, joiningWork } from './joining-work.ts';
export { type ServedNotices, servedNotices } from './notices.ts';
export { type Receipt, receiptOf } from './receipt.ts';
export { receiptDocument } from './receipt-document.ts';
export { receiptPage } from './receipt-page.ts';
export { answers } from './rules.ts';
export { consentSource } from './source.ts';
