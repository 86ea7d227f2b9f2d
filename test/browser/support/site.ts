import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname } from 'node:path';
import { fileURLToPath } from 'node:url';

const packages = fileURLToPath(new URL('../node_modules', import.meta.url));
const types: Readonly<Record<string, string>> = {
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.svg': 'image/svg+xml',
};

/** The extranet's front end: pages by path, and the published packages under `/npm/`. */
export interface Site {
  readonly url: string;
  /** Puts a page on the site. */
  page(path: string, html: string): void;
  stop(): Promise<void>;
}

export async function startSite(): Promise<Site> {
  const pages = new Map<string, string>();
  const server = createServer(async (request, response) => {
    const { pathname } = new URL(request.url ?? '/', 'http://site');
    const page = pages.get(pathname);
    if (page !== undefined) {
      response.writeHead(200, { 'content-type': 'text/html; charset=utf-8' }).end(page);
      return;
    }
    const file = pathname.startsWith('/npm/') && !pathname.includes('..') ? pathname.slice(5) : undefined;
    const content = file === undefined ? undefined : await readFile(`${packages}/${file}`).catch(() => undefined);
    if (content === undefined) response.writeHead(404).end();
    else response.writeHead(200, { 'content-type': types[extname(pathname)] ?? 'text/plain' }).end(content);
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    page: (path, html) => {
      pages.set(path, html);
    },
    async stop() {
      server.closeAllConnections();
      await new Promise((closed) => server.close(closed));
    },
  };
}
