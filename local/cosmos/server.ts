import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { LocalClock } from '../clock.ts';
import { type CosmosAnswer, CosmosError, errorAnswer } from './answer.ts';
import { isSigned } from './authorization.ts';
import { createHold } from './hold.ts';
import { cosmosService } from './service.ts';
import { openStore } from './store.ts';
import { createWaitingWrites } from './waiting-writes.ts';

export interface CosmosServerOptions {
  /** 0 for any free port. */
  readonly port: number;
  readonly dataDir: string;
  /** The account key, in base64. */
  readonly key: string;
  readonly clock: LocalClock;
}

interface Faults {
  readonly rate: number;
  /** Over after it has struck so many times; never over without. */
  readonly times?: number;
  readonly status?: number | 'reset';
  readonly latencyMs?: number;
  /** `after`: the operation is carried out and its answer lost; `during`: a reset comes when half of the answer has arrived. */
  readonly phase?: 'before' | 'after' | 'during';
}

/** One operation as it went through: for tests that count round trips and request units. */
interface Served {
  readonly kind: 'read' | 'query' | 'plan' | 'write' | 'batch';
  readonly method: string;
  readonly path: string;
  readonly status: number;
  readonly requestCharge: number;
}

const MAX_BODY_BYTES = 4 * 1024 * 1024;
const PURGE_EVERY_MS = 30_000;
/** After so long without a write the log is carried over: who looks into the files finds nothing that was erased. */
const RESTS_AFTER_MS = 250;
const REMEMBERED = 10_000;

/** Serves the Cosmos DB stand-in on 127.0.0.1. Rejects when the port is in use or the data folder cannot be used. */
export async function startCosmosServer({ port, dataDir, key, clock }: CosmosServerOptions) {
  const store = openStore(dataDir, clock);
  const serve = cosmosService(store);
  const secret = Buffer.from(key, 'base64');
  let faults: Faults | undefined;
  let served: Served[] = [];
  const hold = createHold();
  const waitingWrites = createWaitingWrites();
  const resting = setTimeout(() => store.settle(), RESTS_AFTER_MS).unref();

  const server = createServer((request, response) => {
    handle(request, response).catch((error: unknown) => {
      if (response.destroyed) return;
      const known = error instanceof CosmosError ? error : new CosmosError(500, 'The stand-in failed.');
      if (!(error instanceof CosmosError)) console.error(error instanceof Error ? error.message : error);
      send(response, errorAnswer(known));
    });
  });
  server.keepAliveTimeout = 60_000;

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const path = pathOf(request);
    const header = (name: string) => {
      const value = request.headers[name];
      return Array.isArray(value) ? value[0] : value;
    };
    const method = request.method ?? 'GET';
    const text = await bodyOf(request);
    if (path.startsWith('/_local/')) {
      if (header('x-local-key') !== key) throw new CosmosError(401, 'The local key is wrong.');
      return send(response, { status: 200, body: control(method, path, text) });
    }
    if (!isSigned(secret, method, path, header('x-ms-date'), header('authorization'))) {
      throw new CosmosError(401, 'The input authorization token cannot serve the request.');
    }
    const struck = drawn();
    if (struck?.latencyMs) await new Promise((resume) => setTimeout(resume, struck.latencyMs));
    await waitingWrites.passed(method, path);
    if (hold.isHeld()) return;
    if (struck?.status !== undefined && (struck.phase ?? 'before') === 'before') return strike(response, struck.status);
    const answer = answerOf(() =>
      serve({
        method,
        path,
        header,
        body: text === '' ? undefined : parsed(text),
        bytes: Buffer.byteLength(text),
      }),
    );
    const kind = kindOf(method, header);
    served.push({ kind, method, path, status: answer.status, requestCharge: answer.charge ?? 1 });
    if (served.length > REMEMBERED) served = served.slice(-REMEMBERED / 2);
    if (kind === 'write' || kind === 'batch') {
      hold.written();
      resting.refresh();
    }
    if (hold.isHeld()) return;
    if (struck?.status === 'reset' && struck.phase === 'during') return breakOff(response, answer);
    if (struck?.status !== undefined) return strike(response, struck.status);
    send(response, answer);
  }

  /** The fault, when it strikes the request at hand. */
  function drawn(): Faults | undefined {
    const fault = faults;
    if (fault === undefined || Math.random() >= fault.rate) return undefined;
    const { times } = fault;
    if (times !== undefined) faults = times > 1 ? { ...fault, times: times - 1 } : undefined;
    return fault;
  }

  function control(method: string, path: string, text: string): unknown {
    const body = text === '' ? {} : (parsed(text) as Record<string, unknown>);
    switch (`${method} ${path}`) {
      case 'PUT /_local/clock':
        clock.setOffset(Number(body.offsetMs));
        // What has ended by the moved clock is not left on disk until the next round.
        store.purge();
        store.settle();
        return { offsetMs: clock.offsetMs };
      case 'GET /_local/clock':
        return { offsetMs: clock.offsetMs };
      case 'PUT /_local/faults':
        faults = body as unknown as Faults;
        return faults;
      case 'DELETE /_local/faults':
        faults = undefined;
        return {};
      case 'POST /_local/reset':
        store.reset();
        return {};
      case 'PUT /_local/hold':
        hold.after(Number(body.afterWrites));
        return { held: hold.isHeld() };
      case 'GET /_local/hold':
        return { held: hold.isHeld() };
      case 'DELETE /_local/hold':
        hold.release();
        return { held: false };
      case 'PUT /_local/waiting':
        waitingWrites.keep(String(body.idPrefix));
        return {};
      case 'GET /_local/waiting':
        return { waiting: waitingWrites.count() };
      case 'DELETE /_local/waiting':
        waitingWrites.letGo();
        return {};
      case 'GET /_local/requests':
        return { requests: served };
      case 'DELETE /_local/requests':
        served = [];
        return {};
      default:
        throw new CosmosError(404, 'No such control endpoint.');
    }
  }

  const purging = setInterval(() => {
    store.purge();
    store.settle();
  }, PURGE_EVERY_MS).unref();
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(port, '127.0.0.1', resolve);
  });
  const { port: bound } = server.address() as AddressInfo;
  return {
    port: bound,
    url: `http://127.0.0.1:${bound}`,
    async close() {
      clearInterval(purging);
      clearTimeout(resting);
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      store.close();
    },
  };
}

function kindOf(method: string, header: (name: string) => string | undefined): Served['kind'] {
  if (method === 'GET') return 'read';
  if (header('x-ms-cosmos-is-query-plan-request')) return 'plan';
  if (header('x-ms-documentdb-isquery')) return 'query';
  return header('x-ms-cosmos-is-batch-request') ? 'batch' : 'write';
}

function answerOf(run: () => CosmosAnswer): CosmosAnswer {
  try {
    return run();
  } catch (error) {
    if (error instanceof CosmosError) return errorAnswer(error);
    throw error;
  }
}

function strike(response: ServerResponse, status: number | 'reset'): void {
  if (status === 'reset') {
    response.destroy();
    return;
  }
  const answer = errorAnswer(new CosmosError(status, 'A fault was asked for.'));
  send(response, { ...answer, headers: { 'x-ms-retry-after-ms': '10' } });
}

function send(response: ServerResponse, answer: CosmosAnswer): void {
  response.end(begin(response, answer));
}

/** Sends half of the answer and cuts the connection. */
function breakOff(response: ServerResponse, answer: CosmosAnswer): void {
  const bytes = begin(response, answer) ?? Buffer.alloc(0);
  response.write(bytes.subarray(0, bytes.length / 2), () => response.destroy());
}

/** Sends the head of an answer; what it returns is the body that is to follow. */
function begin(response: ServerResponse, { status, body, headers = {}, charge = 1 }: CosmosAnswer): Buffer | undefined {
  const bytes = body === undefined ? undefined : Buffer.from(JSON.stringify(body));
  response.writeHead(status, {
    ...headers,
    'x-ms-request-charge': String(charge),
    'x-ms-session-token': '0:-1#1',
    'x-ms-version': '2020-07-15',
    ...(bytes ? { 'content-type': 'application/json', 'content-length': bytes.length } : {}),
  });
  return bytes;
}

function pathOf(request: IncomingMessage): string {
  const path = (request.url ?? '/').split('?')[0] ?? '/';
  try {
    decodeURIComponent(path);
    return path;
  } catch {
    throw new CosmosError(400, 'The path is malformed.');
  }
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request) {
    size += (chunk as Buffer).length;
    if (size > MAX_BODY_BYTES) throw new CosmosError(413, 'Request size is too large');
    chunks.push(chunk as Buffer);
  }
  return Buffer.concat(chunks).toString('utf8');
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new CosmosError(400, 'The body is not valid JSON.');
  }
}
