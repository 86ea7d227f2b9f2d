import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openPlatform, type Platform } from '../../functions/platform.ts';
import { composeTopics } from '../../functions/register.ts';
import { functionsEnvironment } from '../../local/environment.ts';
import { readOrCreateKeys } from '../../local/keys.ts';
import type { Stack } from '../../local/stack.ts';
import { systemClock } from '../../shared/platform/clock.ts';
import { readConfig } from '../../shared/platform/config.ts';
import { jobWatch } from '../../shared/platform/job-watch.ts';
import { createLogger } from '../../shared/platform/logger.ts';
import { pendingWork } from '../../shared/platform/pending-work.ts';

const NOWHERE = 'http://127.0.0.1:1';

/** The product's topics in this very process, on the stores of a running stack: for what no endpoint shows. */
export function composedOn(stack: Stack, change: (platform: Platform) => Platform = (platform) => platform) {
  const clock = { now: () => new Date(Date.now() + offset) };
  let offset = 0;
  const platform = openPlatform(readConfig(stack.environment), {
    clock,
    logger: createLogger(() => undefined),
    nudge: () => undefined,
    runSlowWork: async () => ({ examined: 0, changed: 0, failed: 0 }),
  });
  const changed = change(platform);
  return {
    ...composeTopics(changed, idleMachinery(changed)),
    platform: changed,
    /** Follows the stack's clock. */
    setNow(now: Date) {
      offset = now.getTime() - Date.now();
    },
  };
}

/** What the topics are composed on, connected to nothing: for tests that only look at what is declared. */
function offlinePlatform(): Platform {
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
  return openPlatform(readConfig(environment), {
    clock: systemClock,
    logger: createLogger(() => undefined),
    nudge: () => undefined,
    runSlowWork: async () => ({ examined: 0, changed: 0, failed: 0 }),
  });
}

/** No timer runs and no work waits. */
function idleMachinery({ database, clock, logger }: Platform) {
  return {
    watch: jobWatch({ runtime: database.runtime, clock, jobs: () => [] }),
    work: () => pendingWork([], {}, { clock, logger }),
  };
}

/** Every topic, composed offline. */
export function offlineTopics() {
  const platform = offlinePlatform();
  return composeTopics(platform, idleMachinery(platform));
}
