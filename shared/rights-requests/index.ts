export { documentKinds, type RightsRequest } from './case.ts';
export { caseSummary, personView } from './case-file.ts';
export {
  type CaseStatus,
  caseStatuses,
  channels,
  deskChannels,
  identityMethods,
  identityStates,
  rejectionGrounds,
  requestTypes,
} from './case-rules.ts';
export { deskSorts, type ListedCase } from './desk-list.ts';
export type { Submission } from './new-case.ts';
export type { ContentFault } from './proof-content/content-fault.ts';
export { type ProofMediaType, proofMediaTypes } from './proof-content/content-rules.ts';
export { profileFields } from './rectification.ts';
export { type CasePorts, type CaseServices, caseServices } from './services.ts';
