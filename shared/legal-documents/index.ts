export { type LegalDocuments, legalDocuments } from './legal-documents.ts';
export {
  type AcceptedKind,
  type AcceptedVersions,
  acceptedKinds,
  documentKinds,
  type PendingAcceptance,
  type VersionSummary,
} from './rules.ts';
