import { DAY, plus } from '../platform/clock.ts';
import type { Document, DocumentContainer } from '../platform/cosmos/document-store.ts';

interface Budget extends Document {
  readonly type: 'request-budget';
  readonly spent: readonly string[];
  readonly expiresAt: string;
}

/** Requests without a sign-in for one address in 24 hours: each sends it a mail that its owner may not have asked for. */
const MAX_A_DAY = 20;

/** Keeps strangers from flooding an address with our mails. Counted by conditional writes, under the pseudonym of the address. */
export function mailBudget(runtime: DocumentContainer) {
  return {
    /** Takes one mail from the budget of an address, or tells in how many seconds there is one again. */
    async spend(emailKey: string, now: Date): Promise<number | 'spent'> {
      const id = `request-budget:${emailKey}`;
      for (;;) {
        const current = await runtime.read<Budget>(id, id);
        const since = plus(now, -DAY).toISOString();
        const spent = (current?.spent ?? []).filter((at) => at > since && at <= now.toISOString());
        const [oldest] = spent;
        if (oldest !== undefined && spent.length >= MAX_A_DAY)
          return Math.ceil((Date.parse(oldest) + DAY - now.getTime()) / 1_000);
        const next: Budget = {
          id,
          type: 'request-budget',
          spent: [...spent, now.toISOString()],
          expiresAt: plus(now, DAY).toISOString(),
        };
        const { outcome } = current ? await runtime.replace(id, next, current._etag) : await runtime.create(id, next);
        if (outcome === 'written') return 'spent';
      }
    },
  };
}

export type MailBudget = ReturnType<typeof mailBudget>;
