export { type LegalDocuments, legalDocuments } from './legal-documents.ts';
export {
  type AcceptedKind,
  type AcceptedVersions,
  acceptedKinds,
  documentKinds,
  type PendingAcceptance,
} from './rules.ts';
