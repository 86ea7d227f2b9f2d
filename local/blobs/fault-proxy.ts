import { Agent, createServer, type IncomingMessage, request, type ServerResponse } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import type { FaultSwitch } from '../faults/fault.ts';
import { LOOPBACK, listen } from '../ports.ts';

export interface FaultProxy {
  readonly port: number;
  stop(): Promise<void>;
}

/** Storage's error codes, by which its clients tell one refusal from another. */
const ERROR_CODES: Readonly<Record<number, string>> = {
  403: 'AuthorizationFailure',
  429: 'TooManyRequests',
  500: 'InternalError',
  503: 'ServerBusy',
};

/** Stands before the blob storage and lets a share of the requests meet a fault; the others pass unchanged. */
export async function startFaultProxy(targetPort: number, faults: FaultSwitch): Promise<FaultProxy> {
  // A connection that is kept may be closed by the other side at the very moment of its next use: only faults that are asked for may break one.
  const agent = new Agent({ keepAlive: false });

  async function handle(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    const fault = faults.draw();
    if (fault !== undefined) await delay(fault.latencyMs);
    const { status } = fault ?? {};
    if (status === undefined) forward(incoming, response, (answer) => pass(answer, response));
    else if ((fault?.phase ?? 'before') === 'before') strike(incoming, response, status);
    else if (status === 'reset' && fault?.phase === 'during') {
      forward(incoming, response, (answer) => breakOff(answer, response));
    } else forward(incoming, response, (answer) => answer.resume().on('end', () => strike(incoming, response, status)));
  }

  function forward(
    incoming: IncomingMessage,
    response: ServerResponse,
    onAnswer: (answer: IncomingMessage) => void,
  ): void {
    const { method, url, headers } = incoming;
    const outgoing = request({ agent, host: LOOPBACK, port: targetPort, method, path: url, headers }, onAnswer);
    outgoing.on('error', () => response.destroy());
    response.on('close', () => {
      if (!response.writableFinished) outgoing.destroy();
    });
    incoming.pipe(outgoing);
  }

  const server = createServer((incoming, response) => void handle(incoming, response));
  server.keepAliveTimeout = 60_000;
  const port = await listen(server, 0);
  return {
    port,
    stop: async () => {
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      agent.destroy();
      await closed;
    },
  };
}

function pass(answer: IncomingMessage, response: ServerResponse): void {
  response.writeHead(answer.statusCode ?? 502, answer.statusMessage, answer.headers);
  answer.pipe(response);
}

/** Passes the head of the answer and what comes first of its body, and cuts the connection. */
function breakOff(answer: IncomingMessage, response: ServerResponse): void {
  response.writeHead(answer.statusCode ?? 502, answer.statusMessage, answer.headers);
  answer
    .once('data', (chunk: Buffer) => response.write(chunk.subarray(0, chunk.length / 2), () => response.destroy()))
    .once('end', () => response.destroy());
}

/** Answers as storage does, or not at all; the connection ends, since the request's body may not have been read. */
function strike({ method }: IncomingMessage, response: ServerResponse, status: number | 'reset'): void {
  if (status === 'reset') {
    response.destroy();
    return;
  }
  const code = ERROR_CODES[status] ?? 'InjectedFault';
  const body = `<?xml version="1.0" encoding="utf-8"?><Error><Code>${code}</Code><Message>Injected fault.</Message></Error>`;
  response.writeHead(status, { 'content-type': 'application/xml', 'x-ms-error-code': code, connection: 'close' });
  response.end(method === 'HEAD' ? undefined : body);
}
