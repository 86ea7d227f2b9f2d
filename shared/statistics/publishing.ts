import type { Account } from '../accounts/index.ts';
import { type Clock, DAY, MINUTE, plus } from '../platform/clock.ts';
import type { Document, DocumentContainer, Stored } from '../platform/cosmos/document-store.ts';
import type { AccountId } from '../platform/ids.ts';
import { seal, unseal } from '../platform/keys/sealing.ts';
import type { RunResult } from '../platform/timer.ts';
import type { ProcessingGate } from '../processing-gate/index.ts';
import { addPerson, addTally, type CountedEvent, type Tally } from './counting-rules.ts';
import { type Month, monthAfter, monthOf, startOf } from './months-rules.ts';
import type { PublishedStatistics } from './published-statistics.ts';
import { type CountedCell, publishable } from './suppression-rules.ts';

/** A person's activity in a span of time, `to` not included. */
export type EventsOf = (accountId: AccountId, from: Date, to: Date) => AsyncIterable<CountedEvent>;

interface PublishingPlatform {
  readonly accounts: DocumentContainer;
  readonly runtime: DocumentContainer;
  readonly published: PublishedStatistics;
  readonly gate: ProcessingGate;
  readonly eventsOf: EventsOf;
  readonly dataKey: Buffer;
  readonly clock: Clock;
}

/** Counts between two runs: not anonymous yet, therefore sealed and soon gone. */
interface DraftDocument extends Document {
  readonly type: 'statistics-draft';
  readonly sealed: string;
  readonly expiresAt: string;
}

/** Where a run goes on. */
interface Position {
  readonly month: Month;
  /** The last account that was counted. */
  readonly after: string;
  /** Drafts that were kept. */
  readonly drafts: number;
}

/** Both must be permitted: the consent to be measured, and the charter's purpose, which can be objected to and restricted. */
const PURPOSES = ['audience-measurement', 'D8'] as const;
/** Raw activity is kept this long: a month of which a part is gone is not published any more. */
const RAW_KEPT = 90 * DAY;
const BUDGET = 4 * MINUTE;
const PAGE = 100;
const AT_ONCE = 10;
/** Cells held before they are set aside, so that memory and drafts stay small. */
const MAX_CELLS = 4_000;
const DRAFT_KEPT = 7 * DAY;

/**
 * Publishes the statistics of each month that is over, once: what is reported or objected to later changes no number that somebody may have
 * noted down, so that the difference of two readings tells nothing (clause C5). People who are restricted, object, have withdrawn or are
 * gone are left out. Bounded, and goes on where it stopped.
 */
export function statisticsPublishing(platform: PublishingPlatform) {
  const { accounts, runtime, published, gate, eventsOf, dataKey, clock } = platform;
  const draftId = (month: Month, number: number) => `statistics-draft:${month}:${number}`;

  async function keepDraft(month: Month, number: number, tally: Tally): Promise<void> {
    const id = draftId(month, number);
    const draft: DraftDocument = {
      id,
      type: 'statistics-draft',
      sealed: seal(dataKey, id, JSON.stringify([...tally.values()])),
      expiresAt: plus(clock.now(), DRAFT_KEPT).toISOString(),
    };
    await runtime.upsert(id, draft);
  }

  /** All counts of a month: what was set aside, and the rest. `undefined` when a part has ended: then it is counted anew. */
  async function collected(month: Month, drafts: number, rest: Tally): Promise<Tally | undefined> {
    const all: Tally = new Map(rest);
    for (let number = 0; number < drafts; number += 1) {
      const id = draftId(month, number);
      const draft = await runtime.read<DraftDocument>(id, id);
      if (!draft) return undefined;
      addTally(all, JSON.parse(unseal(dataKey, id, draft.sealed)) as CountedCell[]);
    }
    return all;
  }

  async function count(account: Stored<Account>, month: Month, tally: Tally): Promise<void> {
    const permissions = await gate.askAll(account, PURPOSES, clock.now());
    if (permissions.some((permission) => permission !== 'permitted')) return;
    const events: CountedEvent[] = [];
    for await (const event of eventsOf(account.accountId, startOf(month), startOf(monthAfter(month))))
      events.push(event);
    if (events.length > 0) addPerson(tally, events);
  }

  const recentMonths = () => [3, 2, 1].map((back) => monthAfter(monthOf(clock.now()), -back));

  /** The oldest month that is over, all there, and not published. */
  async function nextMonth(): Promise<Month | undefined> {
    const now = clock.now();
    for (const month of recentMonths()) {
      if (startOf(month) >= plus(now, -RAW_KEPT) && !(await published.isPublished(month))) return month;
    }
    return undefined;
  }

  /** Counts on from a position; where the time is over before everybody is counted, tells from where to go on. */
  async function countMonth(start: Position, counts: RunResult, end: Date): Promise<Position | undefined> {
    const { month } = start;
    let { after, drafts } = start;
    let tally: Tally = new Map();
    for (;;) {
      const { items } = await accounts.query<Account>({
        text: "SELECT * FROM c WHERE c.type = 'account' AND c.accountId > @after ORDER BY c.accountId",
        parameters: { after },
        limit: PAGE,
      });
      for (let first = 0; first < items.length; first += AT_ONCE) {
        await Promise.all(items.slice(first, first + AT_ONCE).map((account) => count(account, month, tally)));
      }
      counts.examined += items.length;
      const last = items.at(-1);
      if (!last) break;
      after = last.accountId;
      const isOver = clock.now() >= end;
      if (isOver || tally.size > MAX_CELLS) {
        await keepDraft(month, drafts, tally);
        drafts += 1;
        tally = new Map();
      }
      if (isOver) return { month, after, drafts };
    }
    const all = await collected(month, drafts, tally);
    if (!all) return { month, after: '', drafts: 0 };
    const cells = publishable([...all.values()]);
    if (await published.publish(month, cells, clock.now())) counts.changed += cells.length;
    for (let number = 0; number < drafts; number += 1) {
      await runtime.remove(draftId(month, number), draftId(month, number));
    }
    return undefined;
  }

  return async (continuation: string | undefined): Promise<RunResult> => {
    const counts: RunResult = { examined: 0, changed: 0, failed: 0 };
    const end = plus(clock.now(), BUDGET);
    for (const month of recentMonths()) await published.clearLeftovers(month);
    let position = continuation === undefined ? undefined : (JSON.parse(continuation) as Position);
    // What was counted for a month that has been published meanwhile, or that lies too far back, is of no more use.
    if (position && position.month !== (await nextMonth())) position = undefined;
    for (;;) {
      const month = position?.month ?? (await nextMonth());
      if (month === undefined) return counts;
      const left = await countMonth(position ?? { month, after: '', drafts: 0 }, counts, end);
      if (left) return { ...counts, continuation: JSON.stringify(left) };
      position = undefined;
    }
  };
}
