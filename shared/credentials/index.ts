export { CREDENTIAL_ID, type Credential, newCredential } from './credential.ts';
export { type FailureCounter, failureCounter } from './failure-counter.ts';
export { hashPassword, isOutdated, passwordMatches } from './password-hash.ts';
export { type PasswordFault, passwordFault } from './password-policy.ts';
export { acceptedStep, enrol, hashRecoveryCode, newRecoveryCodes, withoutRecoveryCode } from './second-factor.ts';
export { type SourceThrottle, sourceThrottle } from './source-throttle.ts';
export { type Failures, retryAfterSeconds, withFailure } from './throttle-rules.ts';
