export { ACCESS_TOKEN_LIFETIME, accessTokens } from './access-token.ts';
export { type Denied, type IdentityProof, identityProof, type Proof } from './identity-proof.ts';
export { type PasswordUseCases, passwordUseCases } from './passwords.ts';
export { readRefreshToken } from './refresh-token.ts';
export { type SecondFactorUseCases, secondFactorUseCases } from './second-factors.ts';
export type { Session } from './session.ts';
export { type SessionUseCases, sessionUseCases, type Tokens } from './sessions.ts';
export { sessionSources } from './sources.ts';
