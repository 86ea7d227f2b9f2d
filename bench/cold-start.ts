/**
 * What a person waits for when no instance is warm: a fresh process, every function registered, and its first answer; beside a
 * bundle of one empty function. Also what memory that takes, and which packages the import reads, by size.
 *
 *     node bench/cold-start.ts [RUNS]
 */
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { Metafile } from 'esbuild';
import { type Stack, startStack } from '../local/stack.ts';
import { buildPackage, bundle } from '../scripts/package.ts';

const RUNS = Number(process.argv[2] ?? 9);
const HEAVIEST = 8;
const EMPTY_FUNCTION =
  "import { app } from '@azure/functions'; app.http('empty', { methods: ['GET'], route: 'empty', handler: () => ({ status: 204 }) });";
const FRESH_PROCESS = fileURLToPath(new URL('./fresh-process.mjs', import.meta.url));
const EMAIL = 'cold.start@partner.example';
const PASSWORD = 'quartz-embargo-nimbus-42';

/** What a fresh process prints; the times are absent when it has no such route. */
interface Fresh {
  readonly functions: number;
  readonly status: number;
  readonly importMs: number;
  readonly answerMs: number;
  readonly processorMs: number;
  readonly importedRss: number;
  readonly answeredRss: number;
}

interface FirstRequest {
  readonly name: string;
  readonly entry: string;
  readonly method: string;
  readonly path: string;
  readonly body?: unknown;
}

const folder = mkdtempSync(join(tmpdir(), 'extranet-cold-start-'));
let stack: Stack | undefined;
try {
  const product = join(folder, 'product', 'index.js');
  const { metafile } = await buildPackage(join(folder, 'product'));
  const root = fileURLToPath(new URL('..', import.meta.url));
  await bundle(
    { stdin: { contents: EMPTY_FUNCTION, resolveDir: root, sourcefile: 'empty.js' } },
    join(folder, 'empty'),
  );
  writeFileSync(join(folder, 'empty', 'package.json'), '{ "type": "module" }');

  stack = await startStack({ port: 0, controlPort: 0, dataDir: join(folder, 'data'), quiet: true, timers: false });
  await registerPerson(stack);
  const empty = { name: 'one empty function', entry: join(folder, 'empty', 'stdin.js'), method: 'GET', path: '/empty' };
  const requests: readonly FirstRequest[] = [
    empty,
    { name: 'health', entry: product, method: 'GET', path: '/api/health' },
    {
      ...{ name: 'sign-in', entry: product, method: 'POST', path: '/api/v1/auth/login' },
      body: { email: EMAIL, password: PASSWORD },
    },
    {
      ...{ name: 'consent write', entry: product, method: 'POST', path: '/api/v1/consents' },
      body: {
        noticeVersion: await noticeVersion(stack),
        language: 'fr',
        choices: { 'audience-measurement': 'denied' },
        mechanism: 'banner-refuse-all',
      },
    },
  ];

  const measured = new Map<FirstRequest, Fresh[]>(requests.map((request) => [request, []]));
  // In turns, so that whatever else the machine does falls on all.
  for (let run = 0; run < RUNS; run += 1)
    for (const [request, runs] of measured) runs.push(await runFresh(request, stack.environment));

  console.log(`median of ${RUNS} fresh processes each; the ratio to the empty function in brackets`);
  console.log(
    `${'first request'.padEnd(20)}  status  functions     import    first answer       processor  memory at import  at the answer`,
  );
  const base = measured.get(empty) ?? [];
  for (const [{ name }, runs] of measured) console.log(row(name, runs, base));
  console.log('read at import, KiB minified:');
  for (const [name, bytes] of heaviest(metafile)) console.log(`  ${(bytes / 1024).toFixed(1).padStart(7)}  ${name}`);
} finally {
  await stack?.stop();
  rmSync(folder, { recursive: true, force: true });
}

/** The stack's own doors are in this process: it must not be blocked meanwhile. */
async function runFresh(
  { entry, ...request }: FirstRequest,
  environment: Readonly<Record<string, string>>,
): Promise<Fresh> {
  const given = [FRESH_PROCESS, entry, JSON.stringify(request)];
  const { stdout } = await promisify(execFile)(process.execPath, given, { env: { ...environment } });
  return JSON.parse(stdout.trim().split('\n').at(-1) ?? '');
}

function row(name: string, runs: readonly Fresh[], base: readonly Fresh[]): string {
  const [first] = runs;
  if (first === undefined || first.importMs === undefined) return `${name.padEnd(20)}  no such route yet`;
  const figure = (of: (run: Fresh) => number, show: (value: number) => string) => {
    const value = median(runs.map(of));
    return `${show(value)} (${(value / median(base.map(of))).toFixed(2)})`;
  };
  const ms = (value: number) => `${value.toFixed(0)} ms`;
  const mib = (value: number) => `${(value / 1024 / 1024).toFixed(0)} MiB`;
  return [
    name.padEnd(20),
    String(first.status).padStart(6),
    String(first.functions).padStart(9),
    figure((run) => run.importMs, ms).padStart(14),
    figure((run) => run.answerMs, ms).padStart(14),
    figure((run) => run.processorMs, ms).padStart(14),
    figure((run) => run.importedRss, mib).padStart(16),
    figure((run) => run.answeredRss, mib).padStart(16),
  ].join('  ');
}

/** An account that can sign in. */
async function registerPerson({ url, controlUrl }: Stack): Promise<void> {
  const post = (path: string, body: object) =>
    fetch(`${url}${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
  await post('/api/v1/accounts', {
    ...{ email: EMAIL, password: PASSWORD, givenName: 'Ada', familyName: 'Froid', company: 'Garage du Nord' },
    ...{ acceptedTerms: '1.0', acceptedCharter: '1.0' },
  });
  for (let tried = 0; tried < 100; tried += 1) {
    const answer = await fetch(`${controlUrl}/mail?to=${encodeURIComponent(EMAIL)}`);
    const { messages } = (await answer.json()) as { messages: readonly { text: string }[] };
    const token = /token=([\w.-]+)/.exec(messages[0]?.text ?? '')?.[1];
    if (token !== undefined) {
      const { status } = await post('/api/v1/accounts/verify', { token });
      if (status !== 204) throw new Error(`the account could not be verified: ${status}`);
      return;
    }
    await new Promise((resume) => setTimeout(resume, 50));
  }
  throw new Error('no mail came');
}

async function noticeVersion({ url }: Stack): Promise<string> {
  const answer = await fetch(`${url}/api/v1/legal-documents/cookie-notice`);
  return ((await answer.json()) as { version: string }).version;
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}

/** The packages, or folders of the product, that take most room in the files imported at once, in bytes. */
function heaviest({ outputs }: Metafile): readonly (readonly [string, number])[] {
  const sizes = new Map<string, number>();
  const seen = new Set<string>();
  const visit = (path: string): void => {
    if (seen.has(path)) return;
    seen.add(path);
    const output = outputs[path];
    for (const [input, { bytesInOutput }] of Object.entries(output?.inputs ?? {})) {
      const owner = /.*node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(input)?.[1] ?? input.split('/').slice(0, 2).join('/');
      sizes.set(owner, (sizes.get(owner) ?? 0) + bytesInOutput);
    }
    for (const { path: imported, kind } of output?.imports ?? []) if (kind === 'import-statement') visit(imported);
  };
  const entry = Object.keys(outputs).find((path) => basename(path) === 'index.js');
  if (entry !== undefined) visit(entry);
  return [...sizes].sort(([, a], [, b]) => b - a).slice(0, HEAVIEST);
}
