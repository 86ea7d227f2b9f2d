import type { Account, AccountStore } from '../accounts/index.ts';
import { consentPurposes, purposeById } from '../purposes/index.ts';
import { type Permission, type ProcessingState, permission } from './rules.ts';

/** The consents of an account that stand at `now`, by purpose id. */
export type GrantedConsents = (accountId: string, now: Date) => Promise<readonly string[]>;

/** What the gate knows of an account. */
export function processingState(account: Account | undefined, granted: readonly string[]): ProcessingState {
  return {
    account: account?.status === 'active' || account?.status === 'closing' ? account.status : 'other',
    restricted: account?.restriction !== undefined,
    objections: account?.objections ?? [],
    granted,
  };
}

/**
 * The one question that every use of a person's data asks first. It knows consent, objection, restriction and closure, reads the store each
 * time, and keeps nothing: a withdrawal stops what hangs on it at once.
 */
export function processingGate(platform: { readonly store: AccountStore; readonly grantedConsents: GrantedConsents }) {
  const { store, grantedConsents } = platform;
  return {
    async ask(accountId: string, purposeId: string, now: Date): Promise<Permission> {
      const purpose = purposeById(purposeId);
      if (!purpose) throw new Error('no such purpose');
      const consentedBy = consentPurposes.find(({ charterPurpose }) => charterPurpose === purposeId)?.id;
      const needsConsent = purpose.legalBasis === 'consent';
      const [account, granted] = await Promise.all([
        store.account(accountId),
        needsConsent ? grantedConsents(accountId, now) : [],
      ]);
      return permission(processingState(account, granted), { ...purpose, ...(consentedBy ? { consentedBy } : {}) });
    },
  };
}

export type ProcessingGate = ReturnType<typeof processingGate>;
