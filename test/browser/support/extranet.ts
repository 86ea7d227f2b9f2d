import type { BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, expect } from 'vitest';
import { consentClientScript } from '../../../shared/consents/clients/index.ts';
import { type Backend, startBackend } from './backend.ts';
import { type Post, type RecordingProxy, startRecordingProxy } from './recording-proxy.ts';
import { type Site, startSite } from './site.ts';

export type Choices = Readonly<Record<string, 'granted' | 'denied'>>;

const NOTHING_COMES = 700;
const DAY = 24 * 3600 * 1000;

/** The extranet's site, the API behind it, and what crosses between them. */
export function useExtranet() {
  let site: Site;
  let backend: Backend;
  let proxy: RecordingProxy;
  let seen = 0;

  beforeAll(async () => {
    site = await startSite();
    backend = await startBackend(site.url);
    proxy = await startRecordingProxy(backend.url);
  });
  beforeEach(() => {
    seen = proxy.posts.length;
    proxy.holdBack(0);
    proxy.breakWith(undefined);
  });
  afterAll(async () => {
    await proxy?.stop();
    await backend?.stop();
    await site?.stop();
  });

  /** What the backend holds for a visitor. */
  async function heldBy(visitorId: string): Promise<Choices> {
    const answer = await fetch(`${backend.url}/api/v1/consents`, { headers: { 'x-visitor-id': visitorId } });
    return ((await answer.json()) as { choices: Choices }).choices;
  }

  return {
    page: (path: string, html: string) => site.page(path, html),
    url: (path: string) => site.url + path,
    get api() {
      return proxy.url;
    },
    person: () => backend.person(),
    holdBack: (ms: number) => proxy.holdBack(ms),
    breakWith: (status: number | undefined) => proxy.breakWith(status),

    /** The tag by which a page includes one of our scripts, as docs/consent-clients.md has it. */
    tag(client: 'tarteaucitron' | 'cookieconsent', data: string): string {
      const { integrity, version } = consentClientScript(client);
      const src = `${proxy.url}/api/v1/consent-clients/${client}.js?v=${version}`;
      return `<script src="${src}" integrity="${integrity}" crossorigin="anonymous" data-api="${proxy.url}" ${data}></script>`;
    },

    /** The next decision to be posted and answered. Fails when none comes. */
    async nextPost(): Promise<Post> {
      await expect.poll(() => proxy.posts[seen]?.status, { timeout: 10_000 }).toBeDefined();
      const post = proxy.posts[seen];
      seen += 1;
      if (!post) throw new Error('no post');
      return post;
    },

    /** Nothing more was posted than has been looked at, and nothing is about to be. */
    async expectNoPost(): Promise<void> {
      await new Promise((go) => setTimeout(go, NOTHING_COMES));
      expect(proxy.posts.slice(seen)).toEqual([]);
    },

    /** A POST that gets here, answered or not. */
    async nextAttempt(): Promise<Post> {
      await expect.poll(() => proxy.posts.length, { timeout: 10_000 }).toBeGreaterThan(seen);
      seen += 1;
      return proxy.posts[seen - 1] as Post;
    },

    /** What the backend holds for the visitor that the page's script has kept, once the script knows of no decision under way. */
    async held(page: Page): Promise<Choices> {
      await expect.poll(async () => (await kept(page)).queue, { timeout: 10_000 }).toBeUndefined();
      return heldBy((await kept(page)).visitorId ?? '');
    },

    heldBy,

    /** The person withdraws everything elsewhere. */
    async withdrawElsewhere(page: Page): Promise<void> {
      const headers = { 'x-visitor-id': (await kept(page)).visitorId ?? '' };
      expect((await fetch(`${backend.url}/api/v1/consents`, { method: 'DELETE', headers })).status).toBe(200);
    },
  };
}

/** What our script keeps in the browser. */
export async function kept(page: Page): Promise<{ visitorId?: string; queue?: unknown }> {
  return page.evaluate(() => JSON.parse(localStorage.getItem('extranet-consents') ?? '{}'));
}

/** A visit so many days from now, in a tab of its own. */
export async function visitIn(days: number, visitor: BrowserContext, url: string): Promise<Page> {
  const page = await visitor.newPage();
  if (days > 0) await page.clock.setSystemTime(Date.now() + days * DAY);
  await page.goto(url);
  return page;
}
