/**
 * What the product adds to a cold start: the time to import its bundle in a fresh process, every function registered,
 * beside that of a bundle of one empty function. Also tells which packages the import reads, by size.
 *
 *     node bench/cold-start.ts
 */
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import type { Metafile } from 'esbuild';
import { functionsEnvironment } from '../local/environment.ts';
import { readOrCreateKeys } from '../local/keys.ts';
import { buildPackage, bundle } from '../scripts/package.ts';

const RUNS = 15;
const HEAVIEST = 8;
const EMPTY_FUNCTION =
  "import { app } from '@azure/functions'; app.http('empty', { handler: () => ({ status: 204 }) });";
/** What `@azure/functions` asks of the worker while functions register. */
const CORE_STUB = `let registered = 0; let model;
module.exports = { version: '3.9.1', hostVersion: '4.1037.0', Disposable: class { dispose() {} }, log() {},
  registerFunction() { registered += 1; return { dispose() {} }; }, registerHook: () => ({ dispose() {} }),
  setProgrammingModel(given) { model = given; }, getProgrammingModel: () => model, registered: () => registered };`;

const folder = mkdtempSync(join(tmpdir(), 'extranet-cold-start-'));
try {
  const product = join(folder, 'product');
  const empty = join(folder, 'empty');
  const { metafile } = await buildPackage(product);
  const root = fileURLToPath(new URL('..', import.meta.url));
  await bundle({ stdin: { contents: EMPTY_FUNCTION, resolveDir: root, sourcefile: 'index.js' } }, empty);
  writeFileSync(join(empty, 'package.json'), '{ "type": "module" }');
  for (const app of [product, empty]) provideCoreStub(app);

  const entries = { product: join(product, 'index.js'), empty: join(empty, 'stdin.js') };
  const measured = { product: [] as Import[], empty: [] as Import[] };
  // In turns, so that whatever else the machine does falls on both.
  for (let run = 0; run < RUNS; run += 1) {
    measured.product.push(importFresh(entries.product));
    measured.empty.push(importFresh(entries.empty));
  }
  const productMs = median(measured.product.map(({ ms }) => ms));
  const emptyMs = median(measured.empty.map(({ ms }) => ms));
  console.log(`import, median of ${RUNS} fresh processes`);
  console.log(`  one empty function  ${emptyMs.toFixed(1)} ms (${measured.empty[0]?.functions} registered)`);
  console.log(`  the product         ${productMs.toFixed(1)} ms (${measured.product[0]?.functions} registered)`);
  console.log(`  ratio               ${(productMs / emptyMs).toFixed(2)}`);
  console.log('read at import, KiB minified:');
  for (const [name, bytes] of heaviest(metafile)) console.log(`  ${(bytes / 1024).toFixed(1).padStart(7)}  ${name}`);
} finally {
  rmSync(folder, { recursive: true, force: true });
}

interface Import {
  readonly ms: number;
  readonly functions: number;
}

function provideCoreStub(app: string): void {
  const stub = join(app, 'node_modules', '@azure', 'functions-core');
  mkdirSync(stub, { recursive: true });
  writeFileSync(join(stub, 'index.js'), CORE_STUB);
  writeFileSync(join(stub, 'package.json'), '{ "main": "index.js" }');
}

function importFresh(entry: string): Import {
  const code = `const start = performance.now();
    await import(${JSON.stringify(pathToFileURL(entry).href)});
    const ms = performance.now() - start;
    const { createRequire } = await import('node:module');
    const core = createRequire(${JSON.stringify(entry)})('@azure/functions-core');
    console.log(JSON.stringify({ ms, functions: core.registered() }));
    process.exit(0);`;
  const printed = execFileSync(process.execPath, ['--input-type=module', '--eval', code], {
    encoding: 'utf8',
    env: { ...appSettings() },
  });
  return JSON.parse(printed.trim().split('\n').at(-1) ?? '');
}

function appSettings(): Record<string, string> {
  return functionsEnvironment({
    keys: readOrCreateKeys(join(folder, 'keys.json')),
    functionsPort: 7071,
    cosmosEndpoint: 'http://127.0.0.1:8081',
    blobEndpoint: 'http://127.0.0.1:10000/extranet',
    smtpPort: 2525,
    staffIssuer: 'http://127.0.0.1:7072/staff-identity',
  });
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
