import { existsSync } from 'node:fs';
import { type Browser, type BrowserContext, chromium } from 'playwright-core';
import { afterAll, afterEach, beforeAll } from 'vitest';

const PLACES = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];
const named = process.env.CHROMIUM;
const executablePath = (named ? [named] : PLACES).find((path) => existsSync(path));

/** Whether there is a browser to prove anything with; said loudly where there is none. */
export const hasChromium = executablePath !== undefined;

if (!hasChromium) {
  const lines = [
    'NO CHROMIUM ON THIS MACHINE: the consent clients are NOT proved in a browser.',
    'Install it (apt-get install chromium) or name it in CHROMIUM, then run: npm run test:browser',
  ];
  console.error(`\n${'!'.repeat(100)}\n${lines.map((line) => `!! ${line}`).join('\n')}\n${'!'.repeat(100)}\n`);
}

/** One browser for a test file; each test takes visitors of its own, who share nothing. */
export function useBrowser() {
  let browser: Browser;
  const visitors: BrowserContext[] = [];

  beforeAll(async () => {
    browser = await chromium.launch({
      ...(executablePath ? { executablePath } : {}),
      args: [
        '--headless',
        '--no-sandbox',
        '--disable-gpu',
        '--disable-quic',
        '--no-first-run',
        '--disable-background-networking',
        '--disable-component-update',
        '--disable-sync',
      ],
    });
  });
  afterEach(async () => {
    for (const visitor of visitors.splice(0)) await visitor.close();
  });
  afterAll(() => browser?.close());

  return {
    /** Somebody with a browser profile of their own. */
    async visitor(): Promise<BrowserContext> {
      const visitor = await browser.newContext({ locale: 'fr-FR', viewport: { width: 1280, height: 900 } });
      visitors.push(visitor);
      return visitor;
    },
  };
}
