import { type Clock, HOUR, MINUTE, plus } from '../platform/clock.ts';
import type { DocumentStore } from '../platform/cosmos/document-store.ts';
import type { RunResult } from '../platform/timer.ts';
import { AUDIT_KEPT, type AuditEntry } from './audit-log.ts';
import { advanceSealHead, readSealHead, type SealHead } from './seal-head.ts';
import {
  dayAfter,
  dayOf,
  firstDifference,
  isIntact,
  leafOf,
  type Seal,
  type SealedLeaf,
  sealOf,
  startOf,
} from './seal-rules.ts';
import type { SealStore } from './seal-store.ts';

/** What verification found. `entries` counts the entries that the intact seals commit to. */
export interface Verification {
  readonly ok: boolean;
  readonly sealedDays: number;
  readonly entries: number;
  readonly firstBreak?: Break;
}

/** Where the log stops being what was sealed: at an entry, or at the seal of a day. */
interface Break {
  readonly day: string;
  readonly entryId?: string;
  readonly kind: 'altered' | 'added' | 'removed' | 'seal';
}

/** A day is sealed this long after its end: a request that began before midnight has been answered by then (230 s at the most). */
const SETTLED = 5 * MINUTE;
/** Days in one run: more than a year can be made up for at once. */
const DAYS_A_RUN = 500;
const PAGE = 1_000;
/** Past its entries' term by this much, a day has nothing left to be compared. */
const MARGIN = 48 * HOUR;

/**
 * The seals of the audit log (clauses C3, F1). Each closed day gets a Merkle root over its entries, linked to the seal of the day before and
 * written once: whoever alters, adds or removes an entry afterwards, be it in the database itself, is found out, and the entry is named.
 */
export function auditSeals(
  { audit, governance }: Pick<DocumentStore, 'audit' | 'governance'>,
  seals: SealStore,
  clock: Clock,
) {
  async function leavesOf(day: string): Promise<readonly SealedLeaf[]> {
    const leaves: SealedLeaf[] = [];
    let continuation: string | undefined;
    do {
      const page = await audit.query<AuditEntry>({
        text: "SELECT * FROM c WHERE c.type = 'audit-entry'",
        partition: day,
        limit: PAGE,
        ...(continuation ? { continuation } : {}),
      });
      leaves.push(...page.items.map(leafOf));
      continuation = page.continuation;
    } while (continuation);
    return leaves;
  }

  async function firstDay(): Promise<string | undefined> {
    const { items } = await audit.query<{ readonly day: string }>({
      text: "SELECT c.day FROM c WHERE c.type = 'audit-entry' ORDER BY c.day",
      limit: 1,
    });
    return items[0]?.day;
  }

  async function lastSeal(): Promise<Seal | undefined> {
    const day = (await seals.days()).at(-1);
    const seal = day === undefined ? undefined : await seals.read(day);
    // Nothing is linked to a broken seal: verification names it, and an operator decides.
    if (seal === 'unreadable') throw new Error('the last seal of the audit log cannot be read');
    return seal;
  }

  /** An entry within its term that lies in a day before the first sealed one: nothing was there when sealing began. */
  async function entryBefore(day: string, asOf: Date) {
    const { items } = await audit.query<{ readonly day: string; readonly id: string }>({
      text: "SELECT c.day, c.id FROM c WHERE c.type = 'audit-entry' AND c.day < @day AND c.expiresAt > @asOf ORDER BY c.sortKey",
      parameters: { day, asOf: asOf.toISOString() },
      limit: 1,
    });
    return items[0];
  }

  /** The clock here, or that of the last seal if it was ahead: what had ended by then may be gone. */
  async function latestOf(now: Date, lastDay: string | undefined): Promise<Date> {
    const last = lastDay === undefined ? undefined : await seals.read(lastDay);
    const sealedAt = last === undefined || last === 'unreadable' ? Number.NaN : Date.parse(last.header.sealedAt);
    return sealedAt > now.getTime() ? new Date(sealedAt) : now;
  }

  return {
    /**
     * Seals every closed day that is not sealed yet, however late; days without an entry too, so that no day can vanish. Safe to run twice at once:
     * a seal is created or found, never replaced.
     */
    async sealClosedDays(): Promise<RunResult> {
      const now = clock.now();
      const open = dayOf(plus(now, -SETTLED));
      let previous = await lastSeal();
      let day = previous ? dayAfter(previous.header.day) : await firstDay();
      let examined = 0;
      let changed = 0;
      while (day !== undefined && day < open && examined < DAYS_A_RUN) {
        const seal = sealOf(day, await leavesOf(day), previous?.hash, now);
        examined += 1;
        if ((await seals.write(seal)) === 'written') {
          changed += 1;
          previous = seal;
        } else {
          const theirs = await seals.read(day);
          if (theirs === undefined || theirs === 'unreadable')
            throw new Error('a seal of the audit log cannot be read');
          previous = theirs;
        }
        day = dayAfter(day);
      }
      if (previous) await advanceSealHead(governance, previous.header.day, previous.hash);
      return { examined, changed, failed: 0, ...(day !== undefined && day < open ? { continuation: day } : {}) };
    },

    /**
     * Recomputes every seal, its link to the one before, and the entries of each day that are still within their term; names the first that was
     * altered, added or removed, or the day whose seal is broken or missing. Memory holds one day at a time.
     */
    async verify(): Promise<Verification> {
      const days = await seals.days();
      const head = await readSealHead(governance);
      const sealedDays = days.length;
      let entries = 0;
      let before: Seal | undefined;
      const broken = (firstBreak: Break): Verification => ({ ok: false, sealedDays, entries, firstBreak });
      const asOf = await latestOf(clock.now(), days.at(-1));

      for (const day of days) {
        const seal = await seals.read(day);
        if (seal === undefined || seal === 'unreadable' || !isIntact(seal, before)) {
          return broken({ day: before ? dayAfter(before.header.day) : day, kind: 'seal' });
        }
        const early = before === undefined ? await entryBefore(day, asOf) : undefined;
        if (early) return broken({ day: early.day, entryId: early.id, kind: 'added' });
        if (startOf(day).getTime() + AUDIT_KEPT + MARGIN > asOf.getTime()) {
          const difference = firstDifference(seal.leaves, await leavesOf(day), { keptMs: AUDIT_KEPT, asOf });
          if (difference) return broken({ day, ...difference });
        }
        entries += seal.header.entries;
        before = seal;
      }
      if (head && !reaches(before, head)) {
        return broken({ day: before ? dayAfter(before.header.day) : head.day, kind: 'seal' });
      }
      return { ok: true, sealedDays, entries };
    },
  };
}

/** Whether the chain goes at least as far as the database remembers, over the seal that it remembers. */
function reaches(last: Seal | undefined, head: Pick<SealHead, 'day' | 'hash'>): boolean {
  if (last === undefined || last.header.day < head.day) return false;
  return last.header.day > head.day || last.hash === head.hash;
}

export type AuditSeals = ReturnType<typeof auditSeals>;
