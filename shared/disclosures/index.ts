export { DISCLOSURE_KIND, type ShownDisclosure, shown as shownDisclosure } from './disclosure.ts';
export { type DisclosureVerdict, disclosureGrounds } from './disclosure-rules.ts';
export {
  type DisclosureRegister,
  disclosureRegister,
} from './disclosures.ts';
export {
  type RecipientNotices,
  recipientNotices,
} from './recipient-notices.ts';
export { disclosureSource } from './source.ts';
