import { type Clock, plus, SECOND } from './clock.ts';
import type { Document, DocumentContainer } from './cosmos/document-store.ts';
import type { RunDocument, RunRecord } from './run-record.ts';
import type { TimerDefinition } from './timer.ts';

/** What an operator sees of a timer. */
export interface JobState {
  readonly job: string;
  readonly summary: string;
  /** NCRONTAB with seconds, UTC. */
  readonly schedule: string;
  readonly lastRun?: RunRecord;
  /** The latest instant at which the next run is expected. */
  readonly nextRunBy: string;
  /** Runs in a row that failed in whole or in part. */
  readonly failedRuns: number;
  /** It has not run for twice its period. */
  readonly late: boolean;
}

/** When the timers were first looked for: until a first run their time counts from there. Holds no personal data and stays. */
interface FirstSeen extends Document {
  readonly type: 'jobs-first-seen';
  readonly firstSeen: Readonly<Record<string, string>>;
}

const FIRST_SEEN_ID = 'jobs-first-seen';
/** How long the health check remembers what it read. */
const REMEMBERED = 15 * SECOND;
const MAX_JOBS = 100;

interface JobWatchPlatform {
  readonly runtime: DocumentContainer;
  readonly clock: Clock;
  readonly jobs: () => readonly TimerDefinition[];
}

/** Whether a timer that ran, or was first seen, at `since` has missed two of its periods. */
export function isLate(since: Date, period: number, now: Date): boolean {
  return now.getTime() - since.getTime() > 2 * period;
}

/** Watches the timers by their run records: nothing else needs to be told that one runs. */
export function jobWatch({ runtime, clock, jobs }: JobWatchPlatform) {
  let remembered: { readonly at: Date; readonly late: readonly string[] } | undefined;

  /** The instants from which timers without a run are counted; new ones begin now. */
  async function firstSeen(known: FirstSeen['firstSeen'], etag: string | undefined, now: Date) {
    const missing = jobs().filter(({ name }) => known[name] === undefined);
    if (missing.length === 0) return known;
    const added = Object.fromEntries(missing.map(({ name }) => [name, now.toISOString()]));
    const document: FirstSeen = { id: FIRST_SEEN_ID, type: 'jobs-first-seen', firstSeen: { ...known, ...added } };
    // Whoever comes second finds the other's instants at the next look; until then its own are as good.
    if (etag) await runtime.replace(FIRST_SEEN_ID, document, etag);
    else await runtime.create(FIRST_SEEN_ID, document);
    return document.firstSeen;
  }

  async function states(): Promise<readonly JobState[]> {
    const now = clock.now();
    const { items } = await runtime.query<RunDocument | FirstSeen>({
      text: "SELECT * FROM c WHERE c.type IN ('job-run', 'jobs-first-seen')",
      limit: MAX_JOBS,
    });
    const seen = items.find((item) => item.type === 'jobs-first-seen');
    const since = await firstSeen(seen?.firstSeen ?? {}, seen?._etag, now);
    const runs = new Map(items.flatMap((item) => (item.type === 'job-run' ? [[item.run.job, item] as const] : [])));
    return jobs().map(({ name, summary, schedule, period }) => {
      const last = runs.get(name);
      const from = new Date(last?.run.startedAt ?? since[name] ?? now);
      return {
        job: name,
        summary,
        schedule,
        ...(last ? { lastRun: last.run } : {}),
        nextRunBy: plus(from, period).toISOString(),
        failedRuns: last?.failedRuns ?? 0,
        late: isLate(from, period, now),
      };
    });
  }

  return {
    states,
    /** The names of the timers that are late; at most one query in fifteen seconds. */
    async lateJobs(): Promise<readonly string[]> {
      const now = clock.now();
      const age = remembered && now.getTime() - remembered.at.getTime();
      if (remembered && age !== undefined && age >= 0 && age < REMEMBERED) return remembered.late;
      const late = (await states()).filter((state) => state.late).map(({ job }) => job);
      remembered = { at: now, late };
      return late;
    },
  };
}

export type JobWatch = ReturnType<typeof jobWatch>;
