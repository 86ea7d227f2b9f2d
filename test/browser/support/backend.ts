import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startStack } from '../../../local/stack.ts';

/** What the pages talk to. */
export interface Backend {
  readonly url: string;
  stop(): Promise<void>;
}

/** The whole product with data of its own, open to the pages of `origin`. */
export async function startBackend(origin: string): Promise<Backend> {
  const dataDir = mkdtempSync(join(tmpdir(), 'extranet-browser-'));
  const free = { port: 0, controlPort: 0 };
  const stack = await startStack({
    ...free,
    dataDir,
    quiet: true,
    timers: false,
    environment: { ALLOWED_ORIGINS: origin },
  });
  return {
    url: stack.url,
    async stop() {
      await stack.stop();
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}
