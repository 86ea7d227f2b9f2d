import { DAY, HOUR, plus, SECOND } from '../platform/clock.ts';
import type { Document, DocumentContainer } from '../platform/cosmos/document-store.ts';

export interface BudgetDocument extends Document {
  readonly type: 'mail-budget';
  readonly spent: readonly { readonly mail: string; readonly at: string }[];
}

/** What strangers can have sent to an address, each kind counted by itself: so many mails an hour, and a day. */
const limits = {
  registration: { anHour: 5, aDay: 10 },
  'password-reset': { anHour: 5, aDay: 10 },
  'rights-request': { anHour: 20, aDay: 20 },
} as const;

export type BudgetReason = keyof typeof limits;
export const budgetReasons = Object.keys(limits) as readonly BudgetReason[];

export const budgetId = (reason: BudgetReason, address: string) => `mail-budget:${reason}:${address}`;

/**
 * What strangers can make the product send to one address, so that nobody's mailbox is flooded through it (clause F2). One mail is counted
 * once, however often it is asked for. Where an answer must not tell whether an address is known, the budget is asked at delivery.
 */
export function mailBudget(runtime: DocumentContainer) {
  return {
    /**
     * Takes one mail from the budget of `address`, a keyed pseudonym, for `reason`; reasons do not use up each other's. Answers 0 when it may be
     * sent, else the seconds until the next may be.
     */
    async take(reason: BudgetReason, address: string, mail: string, now: Date): Promise<number> {
      const { anHour, aDay } = limits[reason];
      const id = budgetId(reason, address);
      for (;;) {
        const current = await runtime.read<BudgetDocument>(id, id);
        const since = (time: number) => (current?.spent ?? []).filter(({ at }) => at > plus(now, -time).toISOString());
        const spent = since(DAY);
        if (spent.some((each) => each.mail === mail)) return 0;
        const wait = Math.max(untilOneLess(spent, aDay, DAY, now), untilOneLess(since(HOUR), anHour, HOUR, now));
        if (wait > 0) return wait;
        const next: BudgetDocument = {
          id,
          type: 'mail-budget',
          spent: [...spent, { mail, at: now.toISOString() }],
          expiresAt: plus(now, DAY).toISOString(),
        };
        const { outcome } = current ? await runtime.replace(id, next, current._etag) : await runtime.create(id, next);
        if (outcome === 'written') return 0;
      }
    },
  };
}

/** Seconds until fewer than `most` of these lie within the last `time`; 0 when that is so now. */
function untilOneLess(spent: BudgetDocument['spent'], most: number, time: number, now: Date): number {
  const [oldest] = spent.slice(-most);
  if (!oldest || spent.length < most) return 0;
  return Math.max(1, Math.ceil((Date.parse(oldest.at) + time - now.getTime()) / SECOND));
}

export type MailBudget = ReturnType<typeof mailBudget>;
