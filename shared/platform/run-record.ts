import { type Clock, DAY, plus, secondsUntil } from './clock.ts';
import type { Document, DocumentContainer } from './cosmos/document-store.ts';
import type { Logger } from './logger.ts';
import type { RunCounts } from './pending-work.ts';

/** What a timer's run did, for operators to read. */
export interface RunRecord extends RunCounts {
  readonly job: string;
  readonly startedAt: string;
  readonly finishedAt: string;
  readonly continuation?: string;
}

interface RunDocument extends Document {
  readonly type: 'job-run';
  readonly run: RunRecord;
}

const KEPT = 90 * DAY;

/** Runs a job and leaves its record as `run:{job}`. A job that throws leaves a record too, and throws on. */
export async function recordRun(
  job: string,
  { clock, logger, runtime }: { clock: Clock; logger: Logger; runtime: DocumentContainer },
  run: () => Promise<RunCounts>,
): Promise<void> {
  const startedAt = clock.now().toISOString();
  let counts: RunCounts = { examined: 0, changed: 0, failed: 1 };
  try {
    counts = await run();
  } finally {
    const now = clock.now();
    const record: RunRecord = { job, startedAt, finishedAt: now.toISOString(), ...counts };
    logger.info('job-run', { job, examined: counts.examined, changed: counts.changed, failed: counts.failed });
    const document: RunDocument = {
      id: `run:${job}`,
      type: 'job-run',
      run: record,
      ttl: secondsUntil(now, plus(now, KEPT)),
    };
    await runtime.upsert(document.id, document);
  }
}
