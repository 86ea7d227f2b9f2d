export { DISCLOSURE_KIND, type Disclosure, type ShownDisclosure, shown as shownDisclosure } from './disclosure.ts';
export { type DisclosureVerdict, disclosureGrounds } from './disclosure-rules.ts';
export {
  type ConsentStands,
  type DisclosureOutcome,
  type DisclosureRegister,
  type DisclosureRequest,
  disclosureRegister,
} from './disclosures.ts';
export {
  type KnownRecipient,
  type RecipientNotices,
  recipientNotices,
  type ToldRecipients,
} from './recipient-notices.ts';
export { disclosureSource } from './source.ts';
