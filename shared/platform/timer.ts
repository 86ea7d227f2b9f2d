import type { Clock } from './clock.ts';
import type { DocumentContainer } from './cosmos/document-store.ts';
import { underLease } from './lease.ts';
import type { Logger } from './logger.ts';
import type { RunCounts } from './pending-work.ts';
import { runRecords } from './run-record.ts';

/** The result of one bounded run; `continuation` is handed to the next when there was more to do. */
export interface RunResult extends RunCounts {
  readonly continuation?: string;
}

/** One timer, as data: it registers the function, feeds the jobs list, the health check and the alerts. */
export interface TimerDefinition {
  /** Name of the Azure function; kebab-case, unique. */
  readonly name: string;
  /** NCRONTAB with seconds; Azure runs it in UTC. */
  readonly schedule: string;
  /** The longest pause between two runs in milliseconds; twice that without a run is a fault that health shows. */
  readonly period: number;
  /** What it does, for the operator. */
  readonly summary: string;
  /** Only one run at a time, by a lease that ends. Leave out where each piece of work is claimed by itself. */
  readonly exclusive?: true;
  /** One run, bounded well below the function's time limit. May be called again at any time, and after a death at any line. */
  readonly run: (continuation: string | undefined) => Promise<RunResult>;
}

interface TimerPlatform {
  readonly clock: Clock;
  readonly logger: Logger;
  readonly runtime: DocumentContainer;
}

const LEASE_TRIES = 20;
const LEASE_PAUSE_MS = 250;

/** Runs a timer and leaves its run record. A run that throws leaves a record too, with its continuation unmoved, and throws on. */
export async function runTimer(timer: TimerDefinition, { clock, logger, runtime }: TimerPlatform): Promise<void> {
  const records = runRecords(runtime, clock);

  async function run(): Promise<true> {
    const startedAt = clock.now().toISOString();
    const before = (await records.latest(timer.name))?.continuation;
    let result: RunResult = { examined: 0, changed: 0, failed: 1, ...(before ? { continuation: before } : {}) };
    try {
      result = await timer.run(before);
    } finally {
      const { examined, changed, failed, continuation } = result;
      logger.info('job-run', { job: timer.name, examined, changed, failed, more: continuation !== undefined });
      await records.save({
        job: timer.name,
        startedAt,
        finishedAt: clock.now().toISOString(),
        examined,
        changed,
        failed,
        ...(continuation ? { continuation } : {}),
      });
    }
    return true;
  }

  if (!timer.exclusive) {
    await run();
    return;
  }
  // Another run is usually about to end: wait a little, so that whoever asked for a run gets one.
  for (let tried = 0; tried < LEASE_TRIES; tried += 1) {
    if (await underLease(`job:${timer.name}`, { runtime, clock }, run)) return;
    await new Promise((resume) => setTimeout(resume, LEASE_PAUSE_MS));
  }
  logger.warn('job-skipped', { job: timer.name });
}
