import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Platform } from '../../functions/platform.ts';
import { assemble } from '../../functions/product.ts';
import { functionsEnvironment } from '../../local/environment.ts';
import { readOrCreateKeys } from '../../local/keys.ts';
import type { Stack } from '../../local/stack.ts';
import { type Clock, systemClock } from '../../shared/platform/clock.ts';
import { readConfig } from '../../shared/platform/config.ts';
import { createLogger } from '../../shared/platform/logger.ts';
import { runTimer } from '../../shared/platform/timer.ts';

const NOWHERE = 'http://127.0.0.1:1';
const logger = createLogger(() => undefined);

/** The product in this very process, on the stores of a running stack: for what no endpoint shows. */
export function composedOn(stack: Stack, clock: Clock = systemClock, ...changes: ((platform: Platform) => Platform)[]) {
  const change = (platform: Platform) => changes.reduce((changed, next) => next(changed), platform);
  const assembled = assemble(readConfig(stack.environment), { clock, logger }, change);
  const { runtime } = assembled.platform.database;
  return {
    ...assembled,
    /** Runs a timer as the host would. */
    async runTimer(name: string): Promise<void> {
      const timer = assembled.timers.find((candidate) => candidate.name === name);
      if (!timer) throw new Error(`no timer is called ${name}`);
      await runTimer(timer, { clock, logger, runtime });
    },
  };
}

export type Composed = ReturnType<typeof composedOn>;

/** The product connected to nothing: for tests that only look at what is declared. */
export function composedOffline() {
  const folder = mkdtempSync(join(tmpdir(), 'offline-'));
  const keys = readOrCreateKeys(join(folder, 'keys.json'));
  rmSync(folder, { recursive: true });
  const environment = functionsEnvironment({
    keys,
    functionsPort: 1,
    cosmosEndpoint: NOWHERE,
    blobEndpoint: `${NOWHERE}/extranet`,
    smtpPort: 1,
    staffIssuer: NOWHERE,
  });
  return assemble(readConfig(environment), { clock: systemClock, logger });
}
