import type { Page } from 'playwright-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { hasChromium, useBrowser } from './support/chromium.ts';
import { type Choices, useExtranet } from './support/extranet.ts';

const purposes = ['audience-measurement', 'personalisation', 'content-suggestions', 'prospecting'];

describe.skipIf(!hasChromium)('H7 klaro in a real browser', () => {
  const browser = useBrowser();
  const extranet = useExtranet();

  beforeAll(() =>
    extranet.page(
      '/',
      `<!doctype html><html lang="fr"><head><title>Extranet</title></head><body><h1>Extranet</h1>
        <script src="/npm/klaro/dist/klaro.js" data-klaro-id="extranet" data-klaro-api-url="${extranet.api}"></script>
        </body></html>`,
    ),
  );

  async function visit(): Promise<Page> {
    const page = await (await browser.visitor()).newPage();
    await page.goto(extranet.url('/'));
    await page.waitForSelector('.klaro .cm-btn-success');
    const shown = await extranet.nextPost();
    expect(shown).toMatchObject({ status: 200, body: { consent_data: { type: 'show' } } });
    return page;
  }

  /** What klaro's own cookie says of the purposes that need consent, in the API's words. */
  async function cookie(page: Page): Promise<Choices> {
    const value = (await page.context().cookies()).find(({ name }) => name === 'klaro')?.value ?? '%7B%7D';
    const consents = JSON.parse(decodeURIComponent(value)) as Record<string, boolean>;
    return Object.fromEntries(
      Object.entries(consents)
        .filter(([name]) => purposes.includes(name))
        .map(([name, isAllowed]) => [name, isAllowed ? 'granted' : 'denied']),
    );
  }

  const all = (answer: 'granted' | 'denied') => Object.fromEntries(purposes.map((id) => [id, answer]));

  it('shows the notice in force, in the reader’s language, refusing as easy as accepting', async () => {
    const page = await visit();
    expect(await page.isVisible('.klaro .cn-decline')).toBe(true);
    expect(await page.textContent('.klaro')).toContain('Mesure d’audience');
  });

  it.each([
    ['accepting', '.klaro .cm-btn-success', 'granted'],
    ['refusing', '.klaro .cn-decline', 'denied'],
  ] as const)('%s all is recorded, and a second visit records and asks nothing', async (_act, button, answer) => {
    const page = await visit();
    await page.click(button);
    const { status, answer: recorded } = await extranet.nextPost();
    expect(status).toBe(201);
    expect(await cookie(page)).toEqual(all(answer));
    expect(await extranet.heldBy(recorded.visitorId)).toEqual(all(answer));
    await page.reload();
    await extranet.expectNoPost();
    expect(await page.isVisible('.klaro .cm-btn-success')).toBe(false);
  });

  it('one service switched on and then off is recorded both times; saving the same again is not', async () => {
    const page = await visit();
    const toggle = async () => {
      await page.evaluate('klaro.show(undefined, true)');
      await page.evaluate(() => document.getElementById('service-item-personalisation')?.click());
      await page.click('.klaro .cm-btn-accept, .klaro .cm-modal .cm-btn-success');
    };
    await toggle();
    const on = await extranet.nextPost();
    expect(await extranet.heldBy(on.answer.visitorId)).toEqual({ ...all('denied'), personalisation: 'granted' });
    expect(await cookie(page)).toEqual({ ...all('denied'), personalisation: 'granted' });
    await toggle();
    const off = await extranet.nextPost();
    expect(await extranet.heldBy(off.answer.visitorId)).toEqual(all('denied'));
    expect(await cookie(page)).toEqual(all('denied'));
    await extranet.expectNoPost();
  });
});
