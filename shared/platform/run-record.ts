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

interface RunDocument extends Document {
  readonly type: 'job-run';
  readonly run: RunRecord;
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
      const document: RunDocument = {
        id: idOf(run.job),
        type: 'job-run',
        run,
        expiresAt: plus(clock.now(), KEPT).toISOString(),
      };
      await runtime.upsert(document.id, document);
    },
  };
}

export type RunRecords = ReturnType<typeof runRecords>;
