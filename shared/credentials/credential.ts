import type { Document } from '../platform/cosmos/document-store.ts';
import type { PasswordHash } from './password-hash.ts';
import type { Failures } from './throttle-rules.ts';

export const CREDENTIAL_ID = 'credential';

/** What a person signs in with. It lives beside the account, so that a change of password and the end of its sessions are one write. */
export interface Credential extends Document {
  readonly id: typeof CREDENTIAL_ID;
  readonly type: 'credential';
  readonly passwordHash: PasswordHash;
  readonly passwordChangedAt: string;
  /** When the person last signed in; before a first time, when they registered. An account is unused from then on. */
  readonly lastSignInAt: string;
  readonly failures: Failures;
  /** Keyed pseudonyms of the devices seen, so that a new one can be told. */
  readonly devices: readonly string[];
  readonly secondFactor?: {
    readonly state: 'enrolling' | 'active';
    readonly sealedSecret: string;
    /** The newest time step that was accepted. */
    readonly lastStep: number;
    readonly recoveryHashes: readonly string[];
  };
}

export function newCredential(passwordHash: PasswordHash, now: Date): Credential {
  return {
    id: CREDENTIAL_ID,
    type: 'credential',
    passwordHash,
    passwordChangedAt: now.toISOString(),
    lastSignInAt: now.toISOString(),
    failures: [],
    devices: [],
  };
}
