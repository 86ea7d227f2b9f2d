export { accessTokens } from './access-token.ts';
export { type Denied, identityProof } from './identity-proof.ts';
export { type PasswordUseCases, passwordUseCases } from './passwords.ts';
export { readRefreshToken } from './refresh-token.ts';
export { type SecondFactorUseCases, secondFactorUseCases } from './second-factors.ts';
export type { Session } from './session.ts';
export { type SessionUseCases, sessionUseCases, type Tokens } from './sessions.ts';
