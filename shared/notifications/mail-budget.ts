import { DAY, HOUR, plus } from '../platform/clock.ts';
import type { Document, DocumentContainer } from '../platform/cosmos/document-store.ts';

export interface BudgetDocument extends Document {
  readonly type: 'mail-budget';
  readonly spent: readonly { readonly mail: string; readonly at: string }[];
}

/** What strangers can have sent to an address, each kind counted by itself. */
export const budgetReasons = ['registration', 'password-reset'] as const;
export type BudgetReason = (typeof budgetReasons)[number];

/** Mails that people who are not signed in can cause to one address, for one reason. */
const MOST_AN_HOUR = 5;
const MOST_A_DAY = 10;

export const budgetId = (reason: BudgetReason, address: string) => `mail-budget:${reason}:${address}`;

/**
 * What strangers can make the product send to one address: so many mails an hour and a day, so that nobody's mailbox is flooded through
 * it (clause F2). It is asked at delivery, after the answer was given, so that no answer tells of it. One mail is counted once, however
 * often its delivery is tried.
 */
export function mailBudget(runtime: DocumentContainer) {
  return {
    /**
     * Takes one mail from the budget of `address`, a keyed pseudonym, for `reason`; reasons do not use up each other's. `false`: it must not
     * be sent.
     */
    async take(reason: BudgetReason, address: string, mail: string, now: Date): Promise<boolean> {
      const id = budgetId(reason, address);
      for (;;) {
        const current = await runtime.read<BudgetDocument>(id, id);
        const spent = (current?.spent ?? []).filter(({ at }) => at > plus(now, -DAY).toISOString());
        if (spent.some((each) => each.mail === mail)) return true;
        const lastHour = spent.filter(({ at }) => at > plus(now, -HOUR).toISOString());
        if (spent.length >= MOST_A_DAY || lastHour.length >= MOST_AN_HOUR) return false;
        const next: BudgetDocument = {
          id,
          type: 'mail-budget',
          spent: [...spent, { mail, at: now.toISOString() }],
          expiresAt: plus(now, DAY).toISOString(),
        };
        const { outcome } = current ? await runtime.replace(id, next, current._etag) : await runtime.create(id, next);
        if (outcome === 'written') return true;
      }
    },
  };
}

export type MailBudget = ReturnType<typeof mailBudget>;
