export interface HealthChecks {
  readonly database: 'ok' | 'down';
  readonly storage: 'ok' | 'down';
}

/** The timers: `late` when one has not run for twice its period, `unknown` while the database is down. */
export interface JobsCheck {
  readonly jobs: 'ok' | 'late' | 'unknown';
  readonly lateJobs?: readonly string[];
}

export interface Health {
  check(): Promise<HealthChecks & JobsCheck>;
}

const PATIENCE_MS = 3_000;

/** Asks database and storage whether they answer, and the timers whether they run; each has three seconds. */
export function healthOf(
  parts: { readonly [K in keyof HealthChecks]: () => Promise<unknown> },
  lateJobs: () => Promise<readonly string[]>,
): Health {
  /** The answer within the time that it has; `undefined` when it fails or does not come. */
  async function patiently<T>(ask: () => Promise<T>): Promise<T | undefined> {
    let timer: NodeJS.Timeout | undefined;
    const patience = new Promise<undefined>((resolve) => {
      timer = setTimeout(() => resolve(undefined), PATIENCE_MS);
    });
    const answer = ask().catch(() => undefined);
    const result = await Promise.race([answer, patience]);
    clearTimeout(timer);
    return result;
  }
  const state = async (ask: () => Promise<unknown>) =>
    (await patiently(() => ask().then(() => 'ok' as const))) ?? ('down' as const);

  return {
    async check() {
      const [database, storage, late] = await Promise.all([
        state(parts.database),
        state(parts.storage),
        patiently(lateJobs),
      ]);
      if (late === undefined) return { database, storage, jobs: 'unknown' };
      return late.length === 0
        ? { database, storage, jobs: 'ok' }
        : { database, storage, jobs: 'late', lateJobs: late };
    },
  };
}
