export { type Account, loginIdOf, type Profile, withEndedSessions } from './account.ts';
export { type AccountStore, accountStore } from './account-store.ts';
export { type AccountUseCases, accountUseCases } from './accounts.ts';
export { mailedToken, readMailedToken } from './one-time-token.ts';
export { type ProcessingChoices, processingChoices } from './processing-choices.ts';
export { type Registration, registration } from './registration.ts';
export { settleReservations } from './reservations.ts';
export { accountSources, completeSubject } from './sources.ts';
