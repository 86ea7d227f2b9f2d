export { type ConsentSubject, partitionOf } from './consent-record.ts';
export { consentStore } from './consent-store.ts';
export { type ConsentUseCases, type ConsentView, consentUseCases } from './consents.ts';
export { servedNotices } from './notices.ts';
