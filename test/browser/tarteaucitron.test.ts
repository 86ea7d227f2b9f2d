import type { BrowserContext, Page } from 'playwright-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { hasChromium, useBrowser } from './support/chromium.ts';
import { type Choices, kept, useExtranet, visitIn } from './support/extranet.ts';

const purposes: Readonly<Record<string, string>> = {
  audience: 'audience-measurement',
  suggestions: 'content-suggestions',
  personalisation: 'personalisation',
};

describe.skipIf(!hasChromium)('H7 tarteaucitron.js in a real browser', () => {
  const browser = useBrowser();
  const extranet = useExtranet();

  beforeAll(() => {
    extranet.page('/', pageWith({}));
    extranet.page('/without-dnt', pageWith({ handleBrowserDNTRequest: true }));
    extranet.page('/scrolling', pageWith({ highPrivacy: false, orientation: 'bottom' }));
  });

  function pageWith(parameters: object): string {
    const service = (key: string, type: string, needConsent: boolean) =>
      `tarteaucitron.services['${key}'] = { key: '${key}', type: '${type}', name: '${key}', uri: '/', needConsent: ${needConsent},
        cookies: [], js() { (window.loaded ||= []).push('${key}'); }, fallback() {} };
      (tarteaucitron.job = tarteaucitron.job || []).push('${key}');`;
    return `<!doctype html><html lang="fr"><head><title>Extranet</title>
      <script src="/npm/tarteaucitronjs/tarteaucitron.js"></script>
      <script>
        tarteaucitron.init(${JSON.stringify({ showIcon: true, googleConsentMode: false, ...parameters })});
        ${service('audience', 'analytic', true)}
        ${service('suggestions', 'ads', true)}
        ${service('personalisation', 'other', true)}
        ${service('basket', 'other', false)}
      </script>
      ${extranet.tag('tarteaucitron', 'data-purposes="audience=audience-measurement,suggestions=content-suggestions"')}
      </head><body style="height: 9000px"><h1>Extranet</h1></body></html>`;
  }

  async function visit(visitor: BrowserContext, path = '/', days = 0): Promise<Page> {
    const page = await visitIn(days, visitor, extranet.url(path));
    await loaded(page);
    return page;
  }

  /** tarteaucitron wires its buttons half a second after it has drawn them. */
  async function loaded(page: Page): Promise<void> {
    await page.waitForSelector('#tarteaucitronSaveButton', { state: 'attached' });
    await page.waitForTimeout(600);
  }

  async function openPanel(page: Page): Promise<void> {
    await page.evaluate('tarteaucitron.userInterface.openPanel()');
  }

  /** What tarteaucitron's own cookie says of the services that need consent, in the API's words. */
  async function cookie(page: Page): Promise<Choices> {
    const value = (await page.context().cookies()).find(({ name }) => name === 'tarteaucitron')?.value ?? '';
    const choices: Record<string, 'granted' | 'denied'> = {};
    for (const [, key = '', answer] of value.matchAll(/!(\w+)=(true|false)/g)) {
      const purpose = purposes[key];
      if (purpose) choices[purpose] = answer === 'true' ? 'granted' : 'denied';
    }
    return choices;
  }

  async function expectAgreement(page: Page): Promise<Choices> {
    const held = await extranet.held(page);
    expect(await cookie(page)).toEqual(held);
    return held;
  }

  const all = (answer: 'granted' | 'denied') => Object.fromEntries(Object.values(purposes).map((id) => [id, answer]));

  it('accepting all is one decision, and a first page load is none', async () => {
    const page = await visit(await browser.visitor());
    await extranet.expectNoPost();
    await page.click('#tarteaucitronPersonalize2');
    const { body, contentType, status } = await extranet.nextPost();
    expect(status).toBe(201);
    expect(contentType).toContain('text/plain');
    expect(body).toMatchObject({
      noticeVersion: '1.0',
      language: 'fr',
      choices: all('granted'),
      mechanism: 'accept-all',
    });
    expect(body.client).toMatchObject({ name: 'tarteaucitron', version: '1.34.0' });
    expect(await expectAgreement(page)).toEqual(all('granted'));
    await extranet.expectNoPost();
  });

  it('refusing all is one decision, and says nothing of the exempt service', async () => {
    const page = await visit(await browser.visitor());
    await page.click('#tarteaucitronAllDenied2');
    expect((await extranet.nextPost()).body).toMatchObject({ choices: all('denied'), mechanism: 'refuse-all' });
    expect(await expectAgreement(page)).toEqual(all('denied'));
    await extranet.expectNoPost();
  });

  it('reloading and visiting again posts nothing and asks nothing', async () => {
    const visitor = await browser.visitor();
    const page = await visit(visitor);
    await page.click('#tarteaucitronPersonalize2');
    await extranet.nextPost();
    await page.reload();
    await loaded(page);
    const second = await visit(visitor);
    expect(await second.isVisible('#tarteaucitronAlertBig')).toBe(false);
    expect(await second.isVisible('#tarteaucitron')).toBe(false);
    await expectAgreement(second);
    await extranet.expectNoPost();
  });

  it('one service switched on and then off is a choice and its withdrawal; the others stay unanswered', async () => {
    const page = await visit(await browser.visitor());
    await openPanel(page);
    await page.click('#audienceAllowed');
    const on = (await extranet.nextPost()).body;
    expect(on).toMatchObject({ choices: { 'audience-measurement': 'granted' }, mechanism: 'choose' });
    await expectAgreement(page);
    await page.click('#audienceDenied');
    const off = (await extranet.nextPost()).body;
    expect(off).toMatchObject({ choices: { 'audience-measurement': 'denied' }, mechanism: 'withdraw' });
    expect(off.visitorId).toBe((await kept(page)).visitorId);
    expect(await expectAgreement(page)).toEqual({ 'audience-measurement': 'denied' });
  });

  it('a withdrawal survives the reload that it causes', async () => {
    const page = await visit(await browser.visitor());
    await page.click('#tarteaucitronPersonalize2');
    await extranet.nextPost();
    await openPanel(page);
    extranet.holdBack(1_000);
    const reloaded = page.waitForEvent('load');
    await page.evaluate(() => {
      document.getElementById('audienceDenied')?.click();
      document.getElementById('tarteaucitronClosePanel')?.click();
    });
    await reloaded;
    const { body } = await extranet.nextPost();
    expect(body.choices).toEqual({ 'audience-measurement': 'denied' });
    expect(body.mechanism).toBe('withdraw');
    extranet.holdBack(0);
    await loaded(page);
    expect(await expectAgreement(page)).toMatchObject({ 'audience-measurement': 'denied', personalisation: 'granted' });
    await extranet.expectNoPost();
  });

  it('two acts and leaving at once: both arrive, and the last one stands', async () => {
    const page = await visit(await browser.visitor());
    await openPanel(page);
    extranet.holdBack(1_000);
    const reloaded = page.waitForEvent('load');
    await page.click('#audienceAllowed');
    await page.evaluate(() => {
      document.getElementById('audienceDenied')?.click();
      location.reload();
    });
    await reloaded;
    extranet.holdBack(0);
    expect((await extranet.nextPost()).body.choices).toEqual({ 'audience-measurement': 'granted' });
    const last = await extranet.nextPost();
    expect(last.contentType).toContain('text/plain');
    expect(last.body.choices).toEqual({ 'audience-measurement': 'denied' });
    expect(await expectAgreement(page)).toEqual({ 'audience-measurement': 'denied' });
    await extranet.expectNoPost();
  });

  it('a decision under way in one tab is not posted by another', async () => {
    const visitor = await browser.visitor();
    const page = await visit(visitor);
    extranet.holdBack(1_500);
    await page.click('#tarteaucitronPersonalize2');
    const other = await visit(visitor);
    await extranet.nextPost();
    extranet.holdBack(0);
    await expectAgreement(other);
    await other.waitForTimeout(4_000);
    await extranet.expectNoPost();
  });

  it('a repeated choice posts nothing', async () => {
    const page = await visit(await browser.visitor());
    await page.click('#tarteaucitronPersonalize2');
    await extranet.nextPost();
    await openPanel(page);
    await page.click('#audienceAllowed');
    await page.click('#tarteaucitronAllAllowed');
    await page.click('#tarteaucitronSaveButton');
    await extranet.expectNoPost();
    await expectAgreement(page);
  });

  it('what Do-Not-Track refused is not what a person refused', async () => {
    const visitor = await browser.visitor();
    await visitor.addInitScript(() => Object.defineProperty(navigator, 'doNotTrack', { get: () => '1' }));
    const page = await visit(visitor, '/without-dnt');
    expect(await cookie(page)).toEqual(all('denied'));
    await extranet.expectNoPost();
    await openPanel(page);
    await page.click('#audienceAllowed');
    expect((await extranet.nextPost()).body.choices).toEqual({ 'audience-measurement': 'granted' });
  });

  it('scrolling is no consent, whatever tarteaucitron makes of it', async () => {
    const page = await visit(await browser.visitor(), '/scrolling');
    await page.mouse.wheel(0, 5_000);
    await expect.poll(() => cookie(page)).toEqual(all('granted'));
    await extranet.expectNoPost();
  });

  it('a decision that the API could not take is posted from the next page, once', async () => {
    const page = await visit(await browser.visitor());
    extranet.breakWith(503);
    await page.click('#tarteaucitronPersonalize2');
    await extranet.nextAttempt();
    expect((await kept(page)).queue).toBeDefined();
    extranet.breakWith(undefined);
    await page.waitForTimeout(3_000);
    await page.reload();
    expect((await extranet.nextPost()).body).toMatchObject({ choices: all('granted'), mechanism: 'accept-all' });
    await expectAgreement(page);
    await page.reload();
    await loaded(page);
    await extranet.expectNoPost();
  });

  it('six months later the module opens by itself, and the same answer counts anew', async () => {
    const visitor = await browser.visitor();
    const page = await visit(visitor);
    await page.click('#tarteaucitronPersonalize2');
    await extranet.nextPost();
    expect(await (await visit(visitor, '/', 150)).isVisible('#tarteaucitron')).toBe(false);
    const later = await visit(visitor, '/', 190);
    expect(await later.isVisible('#tarteaucitron')).toBe(true);
    await extranet.expectNoPost();
    await later.click('#tarteaucitronSaveButton');
    expect((await extranet.nextPost()).body).toMatchObject({ choices: all('granted') });
    await expectAgreement(later);
  });

  it('after thirteen months nothing is kept and the question is put as to a newcomer', async () => {
    const visitor = await browser.visitor();
    const page = await visit(visitor);
    await page.click('#tarteaucitronPersonalize2');
    await extranet.nextPost();
    await expectAgreement(page);
    const first = (await kept(page)).visitorId;
    const later = await visit(visitor, '/', 400);
    expect(await later.isVisible('#tarteaucitron')).toBe(true);
    expect(await cookie(later)).toEqual({});
    expect(await later.evaluate('window.loaded')).toEqual(['basket']);
    expect((await kept(later)).visitorId).toBeUndefined();
    await later.click('#tarteaucitronAllDenied');
    expect((await extranet.nextPost()).body.visitorId).not.toBe(first);
    expect(await expectAgreement(later)).toEqual(all('denied'));
  });

  it('G8 what was withdrawn elsewhere stops here too, and is not posted again', async () => {
    const visitor = await browser.visitor();
    const page = await visit(visitor);
    await page.click('#tarteaucitronPersonalize2');
    await extranet.nextPost();
    await expectAgreement(page);
    await extranet.withdrawElsewhere(page);
    const next = await visit(visitor);
    await expect.poll(() => cookie(next)).toEqual(all('denied'));
    await extranet.expectNoPost();
  });

  it('what somebody chooses who is signed in by cookie is the account’s at once', async () => {
    const page = await visit(await browser.visitor());
    const credentials = await extranet.person();
    const fromPage = (path: string, body?: object) =>
      page.evaluate(
        async ([url, sent]) => {
          const options = { method: 'POST', headers: { 'content-type': 'application/json' }, body: sent ?? null };
          const answer = await fetch(url, { credentials: 'include', ...(sent === undefined ? {} : options) });
          return { status: answer.status, body: await answer.json() };
        },
        [extranet.api + path, body && JSON.stringify(body)] as [string, string | undefined],
      );
    expect((await fromPage('/api/v1/auth/login', { ...credentials, transport: 'cookie' })).status).toBe(200);
    await extranet.nextPost();
    await page.click('#tarteaucitronPersonalize2');
    expect((await extranet.nextPost()).status).toBe(201);
    expect((await fromPage('/api/v1/me/consents')).body.choices).toEqual(all('granted'));
    await openPanel(page);
    await page.click('#tarteaucitronAllDenied');
    expect((await extranet.nextPost()).status).toBe(201);
    expect((await fromPage('/api/v1/me/consents')).body.choices).toEqual(all('denied'));
    await expectAgreement(page);
  });
});
