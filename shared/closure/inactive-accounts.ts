import type { Account, AccountStore } from '../accounts/index.ts';
import type { Credential } from '../credentials/index.ts';
import { newNotification } from '../notifications/index.ts';
import { monthsAfter } from '../platform/calendar-months.ts';
import { DAY, plus } from '../platform/clock.ts';
import type { DocumentContainer, Stored } from '../platform/cosmos/document-store.ts';
import type { RunCounts } from '../platform/pending-work.ts';
import type { Closure } from './closure.ts';
import { erasureOfUnused, nextStep, TOLD_AFTER_MONTHS } from './inactivity-rules.ts';

const PAGE = 50;

interface InactivityPlatform {
  readonly accounts: DocumentContainer;
  readonly store: AccountStore;
  readonly closure: Pick<Closure, 'closeUnused'>;
  readonly dataKey: Buffer;
  readonly siteUrl: string;
  readonly nudge: (accountId: string, notificationId: string) => void;
}

/** The later of the last sign-in and, to the day, the last renewal of a session. */
function lastUseOf(account: Account, credential: Credential): Date {
  const { lastSignInAt } = credential;
  return new Date(Math.max(Date.parse(lastSignInAt), Date.parse(account.lastRenewedAt ?? lastSignInAt)));
}

/** Accounts that nobody uses (clause E1): their holders are told at 23 months, once, and the accounts erased at 24. Signing in keeps them. */
export function inactiveAccounts({ accounts, store, closure, dataKey, siteUrl, nudge }: InactivityPlatform) {
  async function tell(found: Stored<Account>, lastUsedAt: Date, now: Date): Promise<boolean> {
    const { _etag, ...account } = found;
    const unusedNotice = { lastUsedAt: lastUsedAt.toISOString(), toldAt: now.toISOString() };
    const parameters = {
      lastUsedAt: lastUsedAt.toISOString(),
      erasedAt: erasureOfUnused(lastUsedAt, now).toISOString(),
      signInLink: `${siteUrl}/sign-in`,
    };
    const notification = newNotification(dataKey, 'space-unused', { parameters }, now);
    const told: Account = { ...account, unusedNotice };
    const { outcome } = await store.write(account.accountId, [
      { replace: told, etag: _etag },
      { create: notification },
    ]);
    if (outcome === 'written') nudge(account.accountId, notification.id);
    return outcome === 'written';
  }

  /** One account. A restricted one is left alone: its data are stored, and nothing else is done with them (art. 18). */
  async function reviewOne(accountId: string, now: Date): Promise<boolean> {
    const found = await store.accountWithCredential(accountId);
    if (found?.account.status !== 'active' || found.account.restriction) return false;
    const lastUsedAt = lastUseOf(found.account, found.credential);
    const step = nextStep(lastUsedAt, found.account.unusedNotice, now);
    if (step === 'tell') return tell(found.account, lastUsedAt, now);
    return step === 'erase' && closure.closeUnused(found, now);
  }

  return {
    /** Reviews `limit` accounts at the most, behind the account `after`; `continuation` is where the next run goes on. */
    async review(
      limit: number,
      after: string | undefined,
      now: Date,
    ): Promise<RunCounts & { readonly continuation?: string }> {
      const counts: RunCounts = { examined: 0, changed: 0, failed: 0 };
      // Months end on different days: who is a few days early is looked at, and left for later by the rule.
      const cutoff = plus(monthsAfter(now, -TOLD_AFTER_MONTHS), 4 * DAY).toISOString();
      let position = after ?? '';
      for (;;) {
        const { items } = await accounts.query<{ readonly accountId: string }>({
          text: "SELECT c.accountId FROM c WHERE c.type = 'credential' AND c.lastSignInAt <= @cutoff AND c.accountId > @position ORDER BY c.accountId",
          parameters: { cutoff, position },
          limit: PAGE,
        });
        for (const { accountId } of items) {
          if (counts.examined >= limit) return { ...counts, continuation: position };
          position = accountId;
          counts.examined += 1;
          try {
            if (await reviewOne(accountId, now)) counts.changed += 1;
          } catch {
            counts.failed += 1; // the others have their turn; this one is looked at again tomorrow
          }
        }
        if (items.length === 0) return counts;
      }
    },
  };
}

export type InactiveAccounts = ReturnType<typeof inactiveAccounts>;
