import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'vitest';
import { startStack } from '../../../local/stack.ts';
import { PASSWORD, tokenIn } from '../../support/product.ts';

/** What the pages talk to. */
export interface Backend {
  readonly url: string;
  /** Somebody with a confirmed account, who signs in with this. */
  person(): Promise<{ readonly email: string; readonly password: string }>;
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
  const post = (path: string, body: object) =>
    fetch(stack.url + path, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });

  return {
    url: stack.url,
    async person() {
      const email = 'browser@partner.example';
      const name = { givenName: 'Élodie', familyName: 'Nguyễn', company: 'Garage du Lac' };
      const accepted = { acceptedTerms: '1.0', acceptedCharter: '1.0' };
      await post('/api/v1/accounts', { email, password: PASSWORD, ...name, ...accepted });
      const mails = async () => (await (await fetch(`${stack.controlUrl}/mail?to=${email}`)).json()).messages;
      await expect.poll(mails, { timeout: 10_000 }).toHaveLength(1);
      const [mail] = await mails();
      expect((await post('/api/v1/accounts/verify', { token: tokenIn(mail) })).status).toBe(204);
      return { email, password: PASSWORD };
    },
    async stop() {
      await stack.stop();
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}
