import type { IncomingMessage, ServerResponse } from 'node:http';
import type { TypedData } from './core-types.ts';
import { errorText, type FunctionApp, logMessage, type RegisteredFunction } from './function-app.ts';
import { MAX_REQUEST_BODY_BYTES, readBody, toHttpData } from './http-request.ts';
import { sendEmpty, sendResponse } from './http-response.ts';
import { type InvocationOutcome, invoke, logInvocation } from './invocation.ts';
import type { HttpRoute, RouteTable } from './route-table.ts';
import type { RouteValues } from './route-template.ts';
import type { TimerScheduler } from './timer-scheduler.ts';

/** Answers one request; rejects when it could not be answered, as when the client went away. */
export type Endpoint = (request: IncomingMessage, response: ServerResponse) => Promise<void>;

/** The functions of `routes`, the admin endpoint of the timers, and a 404 for all else. */
export function createEndpoint(
  app: FunctionApp,
  routes: RouteTable,
  scheduler: TimerScheduler,
  adminKey: string | undefined,
): Endpoint {
  return async (request, response) => {
    const { method = 'GET', url = '/' } = request;
    const queryStart = url.indexOf('?');
    const path = queryStart < 0 ? url : url.slice(0, queryStart);
    const found = routes.find(method, path);
    if (found !== undefined) {
      if (!found.route.anonymous && !isAuthorized(request, adminKey)) return sendEmpty(response, 401);
      return answerFunction(app, request, response, found.route, found.values);
    }
    const [, timerName] = /^\/admin\/functions\/([\w-]+)\/?$/i.exec(path) ?? [];
    if (timerName !== undefined && method === 'POST') {
      return answerAdmin(app, request, response, scheduler, timerName, adminKey);
    }
    // The home page, switched off as by AzureWebJobsDisableHomepage.
    sendEmpty(response, path === '/' ? 204 : 404);
  };
}

/** Host names, IPv4 and bracketed IPv6 addresses, with or without a port. */
const HOST = /^(?:[a-z0-9._-]+|\[[0-9a-f:.]+\])(?::\d+)?$/i;

async function answerFunction(
  app: FunctionApp,
  request: IncomingMessage,
  response: ServerResponse,
  { fn }: HttpRoute,
  values: RouteValues,
): Promise<void> {
  const startedAt = performance.now();
  const { host = '' } = request.headers;
  if (!HOST.test(host)) return sendEmpty(response, 400);

  const length = Number(request.headers['content-length'] ?? 0);
  let body: Buffer | undefined;
  if (length > MAX_REQUEST_BODY_BYTES) {
    response.setHeader('connection', 'close');
    return sendEmpty(response, 413);
  }
  if (length > 0) {
    body = await readBody(request);
  } else if (request.headers['transfer-encoding'] !== undefined) {
    request.resume();
    logMessage(app, 'warning', 'system', `The chunked body of a request to '${fn.name}' was dropped, as Azure does.`);
  }

  const data: TypedData = { http: toHttpData(request, host, values, body) };
  const { traceparent, tracestate } = request.headers;
  const outcome = await invoke(app, fn, data, asText(traceparent), asText(tracestate));
  const status = sendOutcome(app, response, fn, outcome);
  logInvocation(app, fn, outcome, startedAt, status);
}

function asText(header: string | string[] | undefined): string | undefined {
  return Array.isArray(header) ? header.join(',') : header;
}

/** A function that threw, or answered what is no response, gets an empty 500. */
function sendOutcome(
  app: FunctionApp,
  response: ServerResponse,
  fn: RegisteredFunction,
  outcome: InvocationOutcome,
): number {
  if (outcome.ok) {
    try {
      return sendResponse(response, outcome.response.returnValue);
    } catch (error) {
      logMessage(app, 'error', 'system', `The response of '${fn.name}' cannot be sent: ${errorText(error)}`);
    }
  }
  sendEmpty(response, 500);
  return 500;
}

function isAuthorized(request: IncomingMessage, adminKey: string | undefined): boolean {
  if (adminKey === undefined) return true;
  const [, query = ''] = (request.url ?? '').split('?', 2);
  return request.headers['x-functions-key'] === adminKey || new URLSearchParams(query).get('code') === adminKey;
}

/** `POST /admin/functions/{name}` with `{"input": ""}`: starts the timer and answers at once. */
async function answerAdmin(
  app: FunctionApp,
  request: IncomingMessage,
  response: ServerResponse,
  scheduler: TimerScheduler,
  name: string,
  adminKey: string | undefined,
): Promise<void> {
  if (!isAuthorized(request, adminKey)) return sendEmpty(response, 401);
  const body = await readBody(request);
  if (body === undefined) return sendEmpty(response, 413);
  const fn = app.functions.get(name.toLowerCase());
  if (fn === undefined) return sendEmpty(response, 404);
  if (fn.trigger !== 'timer' || !isJsonObject(body.toString())) return sendEmpty(response, 400);
  // The caller does not learn how it ends; the log does.
  scheduler.run(fn.name).catch(() => undefined);
  sendEmpty(response, 202);
}

function isJsonObject(text: string): boolean {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value);
  } catch {
    return false;
  }
}
