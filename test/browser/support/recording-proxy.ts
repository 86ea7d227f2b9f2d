import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';

/** A decision as it crossed the wire. */
export interface Post {
  readonly contentType: string;
  // biome-ignore lint/suspicious/noExplicitAny: a test looks into bodies of every shape
  readonly body: any;
  /** Status of the answer that came from behind; undefined while there is none. */
  status?: number;
  /** The answer itself. */
  // biome-ignore lint/suspicious/noExplicitAny: a test looks into answers of every shape
  answer?: any;
}

/** What stands between the pages and the API: it writes down each decision, and can be slow or broken. */
export interface RecordingProxy {
  readonly url: string;
  /** Every POST that got here, oldest first. */
  readonly posts: readonly Post[];
  /** Holds every request back so long, in ms. */
  holdBack(ms: number): void;
  /** While set, POSTs are answered with this status and go no further. */
  breakWith(status: number | undefined): void;
  stop(): Promise<void>;
}

export async function startRecordingProxy(target: string): Promise<RecordingProxy> {
  const posts: Post[] = [];
  let held = 0;
  let broken: number | undefined;

  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await text(request);
    const { 'content-type': contentType = '', origin = '' } = request.headers;
    const post: Post | undefined = request.method === 'POST' ? { contentType, body: JSON.parse(body) } : undefined;
    if (post) posts.push(post);
    if (held > 0) await new Promise((go) => setTimeout(go, held));
    if (post && broken !== undefined) {
      response.writeHead(broken, { 'access-control-allow-origin': origin, 'access-control-allow-credentials': 'true' });
      response.end();
      return;
    }
    const headers = new Headers();
    for (const [name, value] of Object.entries(request.headers)) {
      if (!['host', 'connection', 'content-length', 'accept-encoding'].includes(name)) headers.set(name, String(value));
    }
    const answer = await fetch(target + request.url, {
      method: request.method ?? 'GET',
      headers,
      ...(body === '' ? {} : { body }),
    });
    const bytes = Buffer.from(await answer.arrayBuffer());
    if (post) {
      post.answer = JSON.parse(bytes.toString());
      post.status = answer.status;
    }
    const answered = Object.fromEntries(answer.headers);
    delete answered['content-length'];
    response.writeHead(answer.status, { ...answered, 'set-cookie': answer.headers.getSetCookie() });
    response.end(bytes);
  }

  const server = createServer((request, response) => {
    serve(request, response).catch(() => response.destroy());
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    posts,
    holdBack: (ms) => {
      held = ms;
    },
    breakWith: (status) => {
      broken = status;
    },
    async stop() {
      server.closeAllConnections();
      await new Promise((closed) => server.close(closed));
    },
  };
}
