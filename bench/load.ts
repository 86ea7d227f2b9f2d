import { Agent, request } from 'node:http';

/** One request to repeat. */
export interface Target {
  readonly url: string;
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  /** The loopback address to call from: sources are throttled one by one. */
  readonly localAddress?: string;
}

export interface Load {
  readonly connections: number;
  /** Ends after so many milliseconds, or after `requests`, whichever comes first. */
  readonly forMs: number;
  readonly requests?: number;
}

export interface Measured {
  readonly perSecond: number;
  /** Milliseconds. */
  readonly p50: number;
  readonly p99: number;
  readonly count: number;
}

interface Answer {
  readonly status: number;
  readonly body: string;
  readonly cookies: readonly string[];
  readonly ms: number;
}

/** Sends one request over the agent's connections, and tells how long the whole answer took. */
export function send(agent: Agent, { url, method = 'GET', headers = {}, body, localAddress }: Target): Promise<Answer> {
  const start = performance.now();
  return new Promise((resolve, reject) => {
    const sent = request(url, {
      agent,
      method,
      ...(localAddress ? { localAddress } : {}),
      headers: {
        ...(body === undefined
          ? {}
          : { 'content-type': 'application/json', 'content-length': String(Buffer.byteLength(body)) }),
        ...headers,
      },
    });
    sent.on('error', reject).on('response', (response) => {
      const chunks: Buffer[] = [];
      response
        .on('data', (chunk: Buffer) => chunks.push(chunk))
        .on('error', reject)
        .on('end', () =>
          resolve({
            status: response.statusCode ?? 0,
            body: Buffer.concat(chunks).toString(),
            cookies: response.headers['set-cookie'] ?? [],
            ms: performance.now() - start,
          }),
        );
    });
    sent.end(body);
  });
}

/**
 * Requests a second and latency of one target, a fixed number of connections each sending its next request when the last is answered.
 * Every answer has to have the expected status: a fast refusal is no figure.
 */
export async function measure(
  target: (n: number) => Target,
  { connections, forMs, requests = Number.POSITIVE_INFINITY }: Load,
  expected: number,
): Promise<Measured> {
  const agent = new Agent({ keepAlive: true, maxSockets: connections });
  const taken: number[] = [];
  let sent = 0;
  const start = performance.now();
  const connection = async (): Promise<void> => {
    while (performance.now() - start < forMs && sent < requests) {
      const n = sent;
      sent += 1;
      const { status, ms, body } = await send(agent, target(n));
      if (status !== expected) throw new Error(`expected ${expected}, was answered ${status}: ${body.slice(0, 300)}`);
      taken.push(ms);
    }
  };
  await Promise.all(Array.from({ length: connections }, connection));
  const elapsed = performance.now() - start;
  agent.destroy();
  return {
    perSecond: (taken.length / elapsed) * 1000,
    p50: percentile(taken, 0.5),
    p99: percentile(taken, 0.99),
    count: taken.length,
  };
}

export function percentile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}
