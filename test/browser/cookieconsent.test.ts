import type { BrowserContext, Page } from 'playwright-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { hasChromium, useBrowser } from './support/chromium.ts';
import { type Choices, kept, useExtranet, visitIn } from './support/extranet.ts';

const ACCEPT_ALL = '.cm [data-role="all"]';
const REFUSE_ALL = '.cm [data-role="necessary"]';
const SAVE = '.pm [data-role="save"]';

describe.skipIf(!hasChromium)('H7 vanilla-cookieconsent in a real browser', () => {
  const browser = useBrowser();
  const extranet = useExtranet();

  beforeAll(() => {
    const words = {
      consentModal: {
        title: 'Cookies',
        description: 'Vous choisissez.',
        acceptAllBtn: 'Tout accepter',
        acceptNecessaryBtn: 'Tout refuser',
        showPreferencesBtn: 'Choisir',
      },
      preferencesModal: {
        title: 'Gestion des services',
        acceptAllBtn: 'Tout accepter',
        acceptNecessaryBtn: 'Tout refuser',
        savePreferencesBtn: 'Enregistrer',
        sections: [
          { title: 'Nécessaires', linkedCategory: 'necessary' },
          { title: 'Mesure', linkedCategory: 'analytics' },
          { title: 'Contenus', linkedCategory: 'content' },
        ],
      },
    };
    const config = {
      // The browser of these tests says that it is driven by a program.
      hideFromBots: false,
      categories: {
        necessary: { enabled: true, readOnly: true },
        analytics: {},
        content: { services: { videos: { label: 'Vidéos' }, personalisation: { label: 'Personnalisation' } } },
      },
      language: { default: 'fr', translations: { fr: words } },
    };
    const purposes = 'analytics=audience-measurement,videos=content-suggestions,personalisation=personalisation';
    extranet.page(
      '/',
      `<!doctype html><html lang="en-GB"><head><title>Extranet</title>
        <link rel="stylesheet" href="/npm/vanilla-cookieconsent/dist/cookieconsent.css">
        <script src="/npm/vanilla-cookieconsent/dist/cookieconsent.umd.js"></script>
        ${extranet.tag('cookieconsent', `data-purposes="${purposes}"`)}
        </head><body><h1>Extranet</h1>
        <script type="text/plain" data-category="analytics">(window.loaded ||= []).push('analytics')</script>
        <script>CookieConsent.run(${JSON.stringify(config)})</script>
        </body></html>`,
    );
  });

  async function visit(visitor: BrowserContext, days = 0): Promise<Page> {
    const page = await visitIn(days, visitor, extranet.url('/'));
    await ready(page);
    return page;
  }

  async function ready(page: Page): Promise<void> {
    await page.waitForFunction('window._ccRun');
    await page.waitForTimeout(400);
  }

  /** What the module's own cookie says of the categories and services that need consent, in the API's words. */
  async function cookie(page: Page): Promise<Choices> {
    const value = (await page.context().cookies()).find(({ name }) => name === 'cc_cookie')?.value;
    if (value === undefined) return {};
    const { categories, services } = JSON.parse(decodeURIComponent(value));
    const answer = (isAllowed: boolean) => (isAllowed ? 'granted' : 'denied');
    return {
      'audience-measurement': answer(categories.includes('analytics')),
      'content-suggestions': answer(services.content.includes('videos')),
      personalisation: answer(services.content.includes('personalisation')),
    };
  }

  async function expectAgreement(page: Page): Promise<Choices> {
    const held = await extranet.held(page);
    expect(await cookie(page)).toEqual(held);
    return held;
  }

  async function toggle(page: Page, label: string): Promise<void> {
    await page.evaluate('CookieConsent.showPreferences()');
    await page.evaluate((name) => document.querySelector<HTMLInputElement>(`input[value="${name}"]`)?.click(), label);
    await page.click(SAVE);
  }

  const all = (answer: 'granted' | 'denied') => ({
    'audience-measurement': answer,
    'content-suggestions': answer,
    personalisation: answer,
  });

  it('accepting all is one decision, and a page load is none', async () => {
    const page = await visit(await browser.visitor());
    await extranet.expectNoPost();
    await page.click(ACCEPT_ALL);
    const { body, status } = await extranet.nextPost();
    expect(status).toBe(201);
    expect(body).toMatchObject({
      noticeVersion: '1.0',
      language: 'en',
      choices: all('granted'),
      mechanism: 'accept-all',
    });
    expect(body.client.name).toBe('cookieconsent');
    await expectAgreement(page);
    await extranet.expectNoPost();
  });

  it('refusing all is one decision, and says nothing of the necessary category', async () => {
    const page = await visit(await browser.visitor());
    await page.click(REFUSE_ALL);
    expect((await extranet.nextPost()).body).toMatchObject({ choices: all('denied'), mechanism: 'refuse-all' });
    expect(await expectAgreement(page)).toEqual(all('denied'));
    await extranet.expectNoPost();
  });

  it('reloading and visiting again posts nothing and asks nothing', async () => {
    const visitor = await browser.visitor();
    const page = await visit(visitor);
    await page.click(ACCEPT_ALL);
    await extranet.nextPost();
    await page.reload();
    await ready(page);
    const second = await visit(visitor);
    expect(await second.isVisible('.cm')).toBe(false);
    expect(await second.evaluate('window.loaded')).toEqual(['analytics']);
    await expectAgreement(second);
    await extranet.expectNoPost();
  });

  it('one service switched on and then off is a choice and its withdrawal', async () => {
    const page = await visit(await browser.visitor());
    await toggle(page, 'videos');
    const on = (await extranet.nextPost()).body;
    expect(on).toMatchObject({
      choices: { ...all('denied'), 'content-suggestions': 'granted' },
      mechanism: 'choose',
    });
    await expectAgreement(page);
    await toggle(page, 'videos');
    const off = (await extranet.nextPost()).body;
    expect(off).toMatchObject({ choices: { 'content-suggestions': 'denied' }, mechanism: 'withdraw' });
    expect(off.choices).not.toHaveProperty('personalisation');
    expect(off.visitorId).toBe((await kept(page)).visitorId);
    expect(await expectAgreement(page)).toEqual(all('denied'));
  });

  it('a withdrawal survives a reload at once', async () => {
    const page = await visit(await browser.visitor());
    await page.click(ACCEPT_ALL);
    await extranet.nextPost();
    await expectAgreement(page);
    extranet.holdBack(1_000);
    const reloaded = page.waitForEvent('load');
    await page.evaluate(`CookieConsent.acceptCategory([]); location.reload()`);
    await reloaded;
    expect((await extranet.nextPost()).body).toMatchObject({ choices: all('denied'), mechanism: 'withdraw' });
    extranet.holdBack(0);
    expect(await expectAgreement(page)).toEqual(all('denied'));
    await extranet.expectNoPost();
  });

  it('a repeated choice posts nothing', async () => {
    const page = await visit(await browser.visitor());
    await page.click(ACCEPT_ALL);
    await extranet.nextPost();
    await page.evaluate('CookieConsent.showPreferences()');
    await page.click(SAVE);
    await page.evaluate('CookieConsent.showPreferences()');
    await page.click('.pm [data-role="all"]');
    await extranet.expectNoPost();
  });

  it('six months later the module shows by itself, and the same answer counts anew', async () => {
    const visitor = await browser.visitor();
    const page = await visit(visitor);
    await page.click(ACCEPT_ALL);
    await extranet.nextPost();
    await expectAgreement(page);
    expect(await (await visit(visitor, 150)).isVisible('.cm')).toBe(false);
    const later = await visit(visitor, 190);
    expect(await later.isVisible('.cm')).toBe(true);
    await extranet.expectNoPost();
    await later.click(ACCEPT_ALL);
    expect((await extranet.nextPost()).body).toMatchObject({ choices: all('granted'), mechanism: 'accept-all' });
    await expectAgreement(later);
  });

  it('after thirteen months nothing is kept and the question is put as to a newcomer', async () => {
    const visitor = await browser.visitor();
    const page = await visit(visitor);
    await page.click(ACCEPT_ALL);
    await extranet.nextPost();
    await expectAgreement(page);
    const first = (await kept(page)).visitorId;
    const later = await visit(visitor, 400);
    expect(await later.isVisible('.cm')).toBe(true);
    expect(await cookie(later)).toEqual({});
    expect(await later.evaluate('window.loaded')).toBeUndefined();
    await later.click(REFUSE_ALL);
    expect((await extranet.nextPost()).body.visitorId).not.toBe(first);
    expect(await expectAgreement(later)).toEqual(all('denied'));
  });

  it('G8 what was withdrawn elsewhere stops here too, and is not posted again', async () => {
    const visitor = await browser.visitor();
    const page = await visit(visitor);
    await page.click(ACCEPT_ALL);
    await extranet.nextPost();
    await expectAgreement(page);
    await extranet.withdrawElsewhere(page);
    const next = await visit(visitor);
    await expect.poll(() => cookie(next)).toEqual(all('denied'));
    await extranet.expectNoPost();
  });
});
