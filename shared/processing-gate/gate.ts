import type { Account, AccountStore } from '../accounts/index.ts';
import { consentPurposes, type Purpose } from '../purposes/index.ts';
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

interface GatePlatform {
  readonly store: AccountStore;
  readonly grantedConsents: GrantedConsents;
  /** The purposes as they are now; staff may have added some. */
  readonly purposes: { find(id: string): Promise<Purpose | undefined> };
}

/**
 * The one question that every use of a person's data asks first. It knows consent, objection, restriction and closure, reads the store each
 * time, and keeps nothing: a withdrawal stops what hangs on it at once.
 */
export function processingGate({ store, grantedConsents, purposes }: GatePlatform) {
  const consentedBy = (purposeId: string) =>
    consentPurposes.find(({ charterPurpose }) => charterPurpose === purposeId)?.id;

  /** The permissions for several purposes of an account that the caller has just read, in the order of the purposes. */
  async function askAll(
    account: Account | undefined,
    purposeIds: readonly string[],
    now: Date,
  ): Promise<readonly Permission[]> {
    const asked = await Promise.all(
      purposeIds.map(async (id) => {
        const purpose = await purposes.find(id);
        if (!purpose) throw new Error('no such purpose');
        return purpose;
      }),
    );
    const needsConsent = asked.some(({ legalBasis }) => legalBasis === 'consent');
    const granted = account && needsConsent ? await grantedConsents(account.accountId, now) : [];
    const state = processingState(account, granted);
    return asked.map((purpose) => {
      const consent = consentedBy(purpose.id);
      return permission(state, { ...purpose, ...(consent ? { consentedBy: consent } : {}) });
    });
  }

  return {
    askAll,
    async ask(accountId: string, purposeId: string, now: Date): Promise<Permission> {
      const [answer] = await askAll(await store.account(accountId), [purposeId], now);
      if (answer === undefined) throw new Error('no such purpose');
      return answer;
    },
  };
}

export type ProcessingGate = ReturnType<typeof processingGate>;
