/**
 * Consent writes and state reads a second, beside @c15t/backend on SQLite (WAL), in one run: the same payload size, one and sixteen connections,
 * with next to nothing stored and with 50 000 people. The product runs as `npm start` runs it: functions, database and blobs each in a process of
 * their own, throttling on. c15t runs in one process with its database inside. Last, what the same host answers with one plain round trip to the
 * database process and nothing else: no endpoint of ours can be faster on this machine.
 *
 *     node bench/consents.ts            ROWS=10000 for a shorter run
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { Agent } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { startStack } from '../local/stack.ts';
import { type Measured, measure, send, type Target } from './load.ts';
import { installPeers, startPeer } from './peers.ts';
import { processorTime } from './processor-time.ts';

const ROWS = Number(process.env.ROWS ?? 50_000);
const FOR_MS = 6_000;
const SAMPLE = 200;
/** Choices that one source may send before the next takes over: below what is throttled. */
const A_SOURCE = 400;

/** One of the two backends, reduced to what is measured. */
interface Backend {
  readonly name: string;
  readonly write: (n: number) => Target;
  readonly written: number;
  /** Reads what stands for the person that an answered write spoke of. */
  readonly read: (answer: string) => Target;
}

let sources = 0;
/** A loopback address for the n-th call, a fresh one for every {@link A_SOURCE} calls of a phase. */
function phaseOfSources(): (n: number) => string {
  const first = sources;
  sources += 1_000;
  return (n) => {
    const index = (first + Math.floor(n / A_SOURCE)) % 60_000;
    return `127.0.${1 + (index >> 8)}.${1 + (index % 250)}`;
  };
}

const choices = ['audience-measurement', 'personalisation', 'content-suggestions', 'prospecting'];
const json = (body: object) => ({
  method: 'POST',
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify(body),
});

function product(url: string): Backend {
  const body = {
    noticeVersion: '1.0',
    language: 'fr',
    choices: Object.fromEntries(choices.map((purpose, index) => [purpose, index % 2 ? 'granted' : 'denied'])),
    mechanism: 'choose',
    client: { name: 'tarteaucitron', version: '1.34.0', configHash: `sha256-${'x'.repeat(44)}` },
  };
  return {
    name: 'product',
    written: 201,
    write: () => ({ url: `${url}/api/v1/consents`, ...json(body) }),
    read: (answer) => ({
      url: `${url}/api/v1/consents`,
      headers: { 'x-visitor-id': (JSON.parse(answer) as { visitorId: string }).visitorId },
    }),
  };
}

function c15t(url: string, bytes: number): Backend {
  // Base 58 has no 0.
  const subject = (n: number) => `sub_${String(10_000_000 + n).replaceAll('0', 'A')}`;
  let next = 0;
  const body = (padding: string) => {
    next += 1;
    return {
      type: 'cookie_banner',
      subjectId: subject(next),
      domain: 'extranet.example',
      givenAt: Date.now(),
      preferences: Object.fromEntries(choices.map((purpose, index) => [purpose, index % 2 === 1])),
      uiSource: 'banner',
      consentAction: 'custom',
      metadata: { configHash: padding },
    };
  };
  const padding = 'x'.repeat(Math.max(1, bytes - JSON.stringify(body('')).length));
  return {
    name: 'c15t',
    written: 200,
    write: () => ({ url: `${url}/subjects`, ...json(body(padding)) }),
    read: (answer) => ({ url: `${url}/subjects/${(JSON.parse(answer) as { subjectId: string }).subjectId}` }),
  };
}

/** With the processor time of one request in milliseconds. */
interface Timed extends Measured {
  readonly processorMs: number;
}

interface Figures {
  readonly stored: string;
  readonly connections: number;
  readonly kind: 'write' | 'read';
  /** Of the product, then of c15t. */
  readonly measured: readonly Timed[];
}

/** What a backend holds so far, and the people whom reads ask for. */
function loaded(backend: Backend, pid: number | undefined) {
  const agent = new Agent({ keepAlive: true });
  let stored = 0;
  let people: string[] = [];

  async function timed(run: () => Promise<Measured>): Promise<Timed> {
    const before = processorTime(pid);
    const measured = await run();
    return { ...measured, processorMs: (processorTime(pid) - before) / measured.count };
  }

  return {
    get stored() {
      return stored;
    },
    async write(load: { connections: number; forMs: number; requests?: number }): Promise<Timed> {
      const addressOf = phaseOfSources();
      const target = (n: number) => ({ ...backend.write(n), localAddress: addressOf(n) });
      const measured = await timed(() => measure(target, load, backend.written));
      stored += measured.count;
      return measured;
    },
    async sample(): Promise<void> {
      const addressOf = phaseOfSources();
      people = [];
      for (let n = 0; n < SAMPLE; n += 1)
        people.push((await send(agent, { ...backend.write(n), localAddress: addressOf(n) })).body);
      stored += SAMPLE;
    },
    read: (connections: number): Promise<Timed> =>
      timed(() => measure((n) => backend.read(people[n % SAMPLE] ?? ''), { connections, forMs: FOR_MS }, 200)),
    close: () => agent.destroy(),
  };
}

/** Each figure of both, one right after the other, so that whatever else the machine does falls on both. */
async function phase(backends: readonly ReturnType<typeof loaded>[], stored: string): Promise<readonly Figures[]> {
  const figures: Figures[] = [];
  for (const backend of backends) await backend.sample();
  for (const connections of [1, 16]) {
    const written: Timed[] = [];
    for (const backend of backends) written.push(await backend.write({ connections, forMs: FOR_MS }));
    figures.push({ stored, connections, kind: 'write', measured: written });
    const read: Timed[] = [];
    for (const backend of backends) read.push(await backend.read(connections));
    figures.push({ stored, connections, kind: 'read', measured: read });
  }
  return figures;
}

/** Answers a second of a function that is nothing but a round trip, by connections. */
async function bare(folder: string): Promise<ReadonlyMap<number, number>> {
  const entry = fileURLToPath(new URL('bare-function.ts', import.meta.url));
  const free = { port: 0, controlPort: 0, quiet: true, timers: false };
  const bareStack = await startStack({ ...free, dataDir: join(folder, 'bare'), entry });
  try {
    const perSecond = new Map<number, number>();
    for (const connections of [1, 16]) {
      const measured = await measure(() => ({ url: `${bareStack.url}/bare` }), { connections, forMs: FOR_MS }, 200);
      perSecond.set(connections, measured.perSecond);
    }
    return perSecond;
  } finally {
    await bareStack.stop();
  }
}

installPeers();
const folder = mkdtempSync(join(tmpdir(), 'extranet-consents-'));
const stack = await startStack({
  port: 0,
  controlPort: 0,
  dataDir: join(folder, 'product'),
  quiet: true,
  timers: false,
});
const peer = await startPeer('c15t', folder);
try {
  const ours = product(stack.url);
  const theirs = c15t(peer.url, ours.write(0).body?.length ?? 0);
  console.log(`payload: product ${ours.write(0).body?.length} bytes, c15t ${theirs.write(0).body?.length} bytes`);
  const backends = [loaded(ours, stack.functionsPid()), loaded(theirs, peer.pid)];
  const fresh = await phase(backends, 'fresh');
  console.log(`filling both up to ${ROWS} …`);
  for (const backend of backends)
    await backend.write({ connections: 16, forMs: 60 * 60_000, requests: Math.max(0, ROWS - backend.stored) });
  const full = await phase(backends, `${Math.round(ROWS / 1_000)}k`);
  for (const backend of backends) backend.close();
  await stack.stop();
  const floor = await bare(folder);

  console.log('\n(processor: ms a request of the functions process, or of c15t with its database)');
  console.log('stored   connections  kind    product/s   p99 ms  processor    c15t/s   p99 ms  processor   ratio');
  for (const { stored, connections, kind, measured } of [...fresh, ...full]) {
    const [own, other] = measured;
    if (!own || !other) continue;
    const cells = [
      stored.padEnd(8),
      String(connections).padStart(11),
      ` ${kind.padEnd(5)}`,
      own.perSecond.toFixed(0).padStart(11),
      own.p99.toFixed(1).padStart(8),
      own.processorMs.toFixed(2).padStart(10),
      other.perSecond.toFixed(0).padStart(9),
      other.p99.toFixed(1).padStart(8),
      other.processorMs.toFixed(2).padStart(10),
      `${(own.perSecond / other.perSecond).toFixed(2)}×`.padStart(7),
    ];
    console.log(cells.join(' '));
  }
  for (const [connections, perSecond] of floor)
    console.log(`one bare round trip through the host, ${connections} connection(s): ${perSecond.toFixed(0)}/s`);
} finally {
  await peer.stop();
  await stack.stop();
  rmSync(folder, { recursive: true, force: true });
}
