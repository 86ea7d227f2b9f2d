import { type Clock, DAY, plus } from './clock.ts';
import type { Document, DocumentContainer } from './cosmos/document-store.ts';
import type { RunCounts } from './pending-work.ts';

/** What a timer's run did, for operators to read. */
export interface RunRecord extends RunCounts {
  readonly job: string;
  readonly startedAt: string;
  readonly finishedAt: string;
  /** Where the next run goes on, when this one reached its bound. */
  readonly continuation?: string;
}

export interface RunDocument extends Document {
  readonly type: 'job-run';
  readonly run: RunRecord;
  /** Runs in a row that failed in whole or in part, up to this one. */
  readonly failedRuns: number;
  readonly expiresAt: string;
}

const KEPT = 90 * DAY;
const idOf = (job: string) => `run:${job}`;

/** The latest run record of each job, kept as `run:{job}`. */
export function runRecords(runtime: DocumentContainer, clock: Clock) {
  return {
    async latest(job: string): Promise<RunRecord | undefined> {
      return (await runtime.read<RunDocument>(idOf(job), idOf(job)))?.run;
    },
    async save(run: RunRecord): Promise<void> {
      const before = run.failed > 0 ? await runtime.read<RunDocument>(idOf(run.job), idOf(run.job)) : undefined;
      const document: RunDocument = {
        id: idOf(run.job),
        type: 'job-run',
        run,
        failedRuns: run.failed > 0 ? (before?.failedRuns ?? 0) + 1 : 0,
        expiresAt: plus(clock.now(), KEPT).toISOString(),
      };
      await runtime.upsert(document.id, document);
    },
  };
}
