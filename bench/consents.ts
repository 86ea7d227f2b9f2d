/**
 * Consent writes and state reads a second, beside @c15t/backend on SQLite (WAL), in one run: the same payload size, one and sixteen connections,
 * with next to nothing stored and with 50 000 people. The product runs as `npm start` runs it: functions, database and blobs each in a process of
 * their own, throttling on. c15t runs in one process with its database inside.
 *
 *     node bench/consents.ts            ROWS=10000 for a shorter run
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { Agent } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startStack } from '../local/stack.ts';
import { type Measured, measure, send, type Target } from './load.ts';
import { installPeers, startPeer } from './peers.ts';

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

interface Figures {
  readonly phase: string;
  readonly connections: number;
  readonly kind: 'write' | 'read';
  readonly measured: Measured;
}

async function run(backend: Backend): Promise<readonly Figures[]> {
  const figures: Figures[] = [];
  const agent = new Agent({ keepAlive: true });
  let stored = 0;

  async function write(load: { connections: number; forMs: number; requests?: number }): Promise<Measured> {
    const addressOf = phaseOfSources();
    const target = (n: number) => ({ ...backend.write(n), localAddress: addressOf(n) });
    const measured = await measure(target, load, backend.written);
    stored += measured.count;
    return measured;
  }

  async function phase(name: string): Promise<void> {
    const addressOf = phaseOfSources();
    const people: string[] = [];
    for (let n = 0; n < SAMPLE; n += 1)
      people.push((await send(agent, { ...backend.write(n), localAddress: addressOf(n) })).body);
    stored += SAMPLE;
    for (const connections of [1, 16]) {
      figures.push({ phase: name, connections, kind: 'write', measured: await write({ connections, forMs: FOR_MS }) });
      const read = (n: number) => backend.read(people[n % SAMPLE] ?? '');
      const measured = await measure(read, { connections, forMs: FOR_MS }, 200);
      figures.push({ phase: name, connections, kind: 'read', measured });
    }
  }

  await phase('fresh');
  console.log(`${backend.name}: filling up to ${ROWS} …`);
  await write({ connections: 16, forMs: 30 * 60_000, requests: Math.max(0, ROWS - stored) });
  await phase(`${Math.round(stored / 1_000)}k`);
  agent.destroy();
  return figures;
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
  const measured = [await run(ours), await run(theirs)];
  console.log('\nstored   connections  kind    product/s   p99 ms    c15t/s   p99 ms   ratio');
  measured[0]?.forEach((own, index) => {
    const other = measured[1]?.[index];
    if (!other) return;
    const cells = [
      own.phase.padEnd(8),
      String(own.connections).padStart(11),
      ` ${own.kind.padEnd(5)}`,
      own.measured.perSecond.toFixed(0).padStart(11),
      own.measured.p99.toFixed(1).padStart(8),
      other.measured.perSecond.toFixed(0).padStart(9),
      other.measured.p99.toFixed(1).padStart(8),
      `${(own.measured.perSecond / other.measured.perSecond).toFixed(2)}×`.padStart(7),
    ];
    console.log(cells.join(' '));
  });
} finally {
  await peer.stop();
  await stack.stop();
  rmSync(folder, { recursive: true, force: true });
}
