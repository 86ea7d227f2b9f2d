export interface HealthChecks {
  readonly database: 'ok' | 'down';
  readonly storage: 'ok' | 'down';
}

export interface Health {
  check(): Promise<HealthChecks>;
}

const PATIENCE_MS = 3_000;

/** Asks database and storage whether they answer; each has three seconds. */
export function healthOf(parts: { readonly [K in keyof HealthChecks]: () => Promise<unknown> }): Health {
  const state = async (ask: () => Promise<unknown>): Promise<'ok' | 'down'> => {
    let timer: NodeJS.Timeout | undefined;
    const patience = new Promise<'down'>((resolve) => {
      timer = setTimeout(() => resolve('down'), PATIENCE_MS);
    });
    const answer = ask().then(
      () => 'ok' as const,
      () => 'down' as const,
    );
    const result = await Promise.race([answer, patience]);
    clearTimeout(timer);
    return result;
  };
  return {
    async check() {
      const [database, storage] = await Promise.all([state(parts.database), state(parts.storage)]);
      return { database, storage };
    },
  };
}
