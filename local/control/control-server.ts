import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { LOOPBACK, listen } from '../ports.ts';
import { oneLine } from '../start-failure.ts';

/** A refusal, told to the caller as `{"error": message}`. */
export class ControlError extends Error {
  override readonly name = 'ControlError';
  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

export interface ControlRequest {
  /** What the path pattern captured. */
  readonly values: readonly string[];
  readonly query: URLSearchParams;
  /** The parsed JSON body; undefined when there is none. */
  readonly body: unknown;
}

export interface ControlRoute {
  readonly path: RegExp;
  /** Answers what is sent as JSON, by method. */
  readonly methods: Readonly<Record<string, (request: ControlRequest) => unknown>>;
}

export interface ControlServer {
  readonly port: number;
  readonly url: string;
  /** Opens the routes; until then every request is a 503. */
  serve(routes: readonly ControlRoute[]): void;
  stop(): Promise<void>;
}

const MAX_BODY_BYTES = 64 * 1024;

/**
 * The HTTP server of the control port: JSON in, JSON out, on the loopback address. It can empty the stack and hands out
 * staff tokens, so no web page may reach it: requests from a browser's page and for another host name are refused.
 */
export async function startControlServer(port: number): Promise<ControlServer> {
  let routes: readonly ControlRoute[] | undefined;

  const server = createServer((request, response) => {
    answer(request, routes).then(
      (body) => send(response, 200, body),
      (error: unknown) => {
        const status = error instanceof ControlError ? error.status : 500;
        send(response, status, { error: oneLine(error) });
      },
    );
  });
  const found = await listen(server, port, 'CONTROL_PORT');
  return {
    port: found,
    url: `http://${LOOPBACK}:${found}`,
    serve: (served) => {
      routes = served;
    },
    stop: async () => {
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      await closed;
    },
  };
}

async function answer(request: IncomingMessage, routes: readonly ControlRoute[] | undefined): Promise<unknown> {
  refuseBrowsers(request);
  if (routes === undefined) throw new ControlError(503, 'The local stack is starting.');
  const { pathname, searchParams } = new URL(request.url ?? '/', `http://${LOOPBACK}`);
  for (const { path, methods } of routes) {
    const match = path.exec(pathname);
    if (match === null) continue;
    const handler = methods[request.method ?? 'GET'];
    if (handler === undefined) {
      throw new ControlError(405, `${request.method} is not served here: ${Object.keys(methods).join(', ')}.`);
    }
    return handler({ values: match.slice(1), query: searchParams, body: await readJson(request) });
  }
  throw new ControlError(404, `There is no ${pathname} on the control port; GET / lists what there is.`);
}

/** An `Origin` or `Sec-Fetch-Site` comes from a page; a foreign `Host` from a name that was made to point here. */
function refuseBrowsers({ headers }: IncomingMessage): void {
  const site = headers['sec-fetch-site'];
  if (headers.origin !== undefined || (site !== undefined && site !== 'none')) {
    throw new ControlError(403, 'The control port does not answer web pages.');
  }
  if (!/^(?:127\.0\.0\.1|localhost)(?::\d+)?$/i.test(headers.host ?? '')) {
    throw new ControlError(403, 'The control port answers as 127.0.0.1 and localhost alone.');
  }
}

async function readJson(request: IncomingMessage): Promise<unknown> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > MAX_BODY_BYTES) throw new ControlError(413, `A body holds ${MAX_BODY_BYTES} bytes at most.`);
    chunks.push(chunk);
  }
  if (size === 0) return undefined;
  try {
    return JSON.parse(Buffer.concat(chunks).toString('utf8'));
  } catch {
    throw new ControlError(400, 'The body is not JSON.');
  }
}

function send(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json; charset=utf-8', 'cache-control': 'no-store' });
  response.end(JSON.stringify(body));
}
