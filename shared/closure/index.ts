export { type Closure, closure } from './closure.ts';
export { erasureWork } from './erasure-work.ts';
export { type InactiveAccounts, inactiveAccounts } from './inactive-accounts.ts';
export { closureSources } from './sources.ts';
export { stopProcessing } from './stop-processing.ts';
