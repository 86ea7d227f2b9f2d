import { type ChildProcess, fork, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { text } from 'node:stream/consumers';
import { pathToFileURL } from 'node:url';
import { build } from 'esbuild';
import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest';

const MAIN = join(import.meta.dirname, '../../../local/functions-host/main.ts');
const HOST_CLOCK = join(import.meta.dirname, '../../../local/functions-host/host-clock.ts');

let folder: string;
const children: ChildProcess[] = [];
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'functions-host-'));
  // So that the entries find @azure/functions.
  await symlink(join(import.meta.dirname, '../../../node_modules'), join(folder, 'node_modules'), 'junction');
  await writeFile(join(folder, 'host.json'), '{"extensions":{"http":{"routePrefix":""}}}');
});
afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
});
afterAll(() => rm(folder, { recursive: true }));

const HELLO = `
import { app } from '@azure/functions';
app.get('hello', { handler: () => ({ body: 'hello' }) });
`;

async function writeEntry(name: string, code: string): Promise<string> {
  const file = join(folder, name);
  await writeFile(file, code);
  return file;
}

/** Forks the host as a supervisor does. */
function run(entry: string, more: readonly string[] = []) {
  const host = ['--entry', entry, '--port', '0', '--host-json', join(folder, 'host.json'), ...more];
  const child = fork(MAIN, host, { stdio: ['ignore', 'pipe', 'pipe', 'ipc'], execArgv: [] });
  children.push(child);
  const messages: Array<Record<string, unknown>> = [];
  child.on('message', (message) => messages.push(message as Record<string, unknown>));
  return {
    child,
    errors: text(child.stderr as never),
    exit: once(child, 'exit').then(([code, signal]) => code ?? signal),
    /** The first message of this type, now or later. */
    message: (type: string) =>
      vi.waitFor(() => messages.find((message) => message.type === type) ?? Promise.reject(new Error(type)), 10_000),
  };
}

const urlOf = ({ port }: Record<string, unknown>) => `http://127.0.0.1:${port}`;

test('the host tells its supervisor when it is ready, and ends with code 0 on SIGTERM', async () => {
  const { child, exit, message } = run(await writeEntry('hello.mjs', HELLO));
  const ready = await message('ready');
  expect(ready.functions).toEqual([{ name: 'hello', trigger: 'http', route: 'hello', methods: ['GET'] }]);
  expect(await (await fetch(`${urlOf(ready)}/hello`)).text()).toBe('hello');
  child.kill('SIGTERM');
  expect(await exit).toBe(0);
});

test('the host takes a file URL as its entry, and ends when its supervisor goes away', async () => {
  const { child, exit, message } = run(pathToFileURL(await writeEntry('hello-url.mjs', HELLO)).href);
  await message('ready');
  child.disconnect();
  expect(await exit).toBe(0);
});

test('SIGTERM lets a request under way end and runs the appTerminate hooks', async () => {
  const entry = await writeEntry(
    'slow.mjs',
    `import { app } from '@azure/functions';
     let release;
     app.get('slow', { handler: async () => {
       process.send({ type: 'entered' });
       await new Promise((resolve) => { release = resolve; });
       return { body: 'done' };
     } });
     process.on('SIGTERM', () => setImmediate(() => release?.()));
     app.hook.appTerminate(() => process.send({ type: 'terminated' }));`,
  );
  const { child, exit, message } = run(entry);
  const answer = fetch(`${urlOf(await message('ready'))}/slow`);
  await message('entered');
  child.kill('SIGTERM');
  expect(await (await answer).text()).toBe('done');
  await message('terminated');
  expect(await exit).toBe(0);
});

test('without a supervisor the host prints that it is ready, and its log a line each', async () => {
  const entry = await writeEntry('plain.mjs', HELLO);
  const child = spawn(process.execPath, [MAIN, '--entry', entry, '--port', '0', '--log', 'all'], { cwd: folder });
  children.push(child);
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const ready = JSON.parse((await lines.next()).value ?? '');
  expect(ready).toEqual({ ready: true, port: expect.any(Number) });
  // host.json of the working directory is read.
  expect((await fetch(`${urlOf(ready)}/hello`)).status).toBe(200);
  expect(JSON.parse((await lines.next()).value ?? '')).toMatchObject({ functionName: 'hello', outcome: 'succeeded' });
  child.kill('SIGINT');
  expect(await once(child, 'exit')).toEqual([0, null]);
});

test('an entry bundled to ESM, the core module left outside, is served', async () => {
  const outfile = join(folder, 'bundle.mjs');
  await build({
    stdin: { contents: HELLO, resolveDir: folder },
    bundle: true,
    platform: 'node',
    format: 'esm',
    external: ['@azure/functions-core'],
    banner: { js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);" },
    outfile,
  });
  const { message } = run(outfile);
  expect(await (await fetch(`${urlOf(await message('ready'))}/hello`)).text()).toBe('hello');
});

test('the supervisor moves the clock that the entry reads, and runs timers', async () => {
  const entry = await writeEntry(
    'timer.mjs',
    `import { app } from '@azure/functions';
     import { hostClock } from ${JSON.stringify(pathToFileURL(HOST_CLOCK).href)};
     app.timer('job', { schedule: '0 0 3 * * *', handler: () => {
       process.send({ type: 'ran', year: hostClock.now().getUTCFullYear() });
     } });
     app.timer('broken', { schedule: '0 0 3 * * *', handler: () => { throw new Error('no luck'); } });`,
  );
  const { child, message } = run(entry, ['--timers', 'off', '--log', 'off']);
  await message('ready');
  const year = new Date().getUTCFullYear() + 50;
  child.send({ type: 'clock', offsetMs: Date.UTC(year, 5, 1) - Date.now() });
  child.send({ type: 'run-timer', name: 'job', id: 7 });
  expect(await message('timer-finished')).toEqual({ type: 'timer-finished', id: 7 });
  expect(await message('ran')).toMatchObject({ year });
  const broken = once(child, 'message');
  child.send({ type: 'run-timer', name: 'broken', id: 8 });
  expect((await broken)[0]).toEqual({ type: 'timer-finished', id: 8, error: 'no luck' });
});

test.each([
  ['throws.mjs', "throw new Error('A is missing.\\nB is missing.');", 'A is missing.\nB is missing.\n'],
  ['rejects.mjs', "await Promise.reject('just words');", 'just words\n'],
  [
    'streams.mjs',
    "import { app } from '@azure/functions'; app.setup({ enableHttpStream: true }); app.get('f', { handler: () => ({}) });",
    'app.setup({ enableHttpStream: true }) is not supported by the local Functions host: leave it off.\n',
  ],
])('an entry that cannot start (%s) ends the host with its message and code 1', async (name, code, expected) => {
  const { errors, exit } = run(await writeEntry(name, code));
  expect(await exit).toBe(1);
  expect(await errors).toBe(expected);
});

test('a missing entry, a port in use and a faulty host.json are one clear line each', async () => {
  const absent = run(join(folder, 'absent.mjs'));
  expect(await absent.exit).toBe(1);
  expect((await absent.errors).trim().split('\n')).toEqual([expect.stringContaining('absent.mjs')]);

  const taken = createServer().listen(0, '127.0.0.1');
  await once(taken, 'listening');
  const { port } = taken.address() as { port: number };
  const busy = run(await writeEntry('busy.mjs', HELLO), ['--port', String(port)]);
  expect(await busy.exit).toBe(1);
  expect(await busy.errors).toBe(`Port ${port} is already in use.\n`);
  taken.close();

  await writeFile(join(folder, 'broken.json'), '{');
  const broken = run(await writeEntry('hello-broken.mjs', HELLO), ['--host-json', join(folder, 'broken.json')]);
  expect(await broken.exit).toBe(1);
  expect((await broken.errors).trim().split('\n')).toEqual([expect.stringContaining('broken.json cannot be read')]);
});

test.each([
  ['stray-rejection.mjs', "Promise.reject(new Error('stray'))"],
  ['stray-exception.mjs', "setImmediate(() => { throw new Error('stray'); })"],
])('%s: a stray error in a function ends the host, as it ends a worker on Azure', async (name, code) => {
  const entry = await writeEntry(
    name,
    `import { app } from '@azure/functions';
     app.get('bad', { handler: async () => { ${code}; await new Promise((resolve) => setTimeout(resolve, 60_000)); } });`,
  );
  const { errors, exit, message } = run(entry);
  await expect(fetch(`${urlOf(await message('ready'))}/bad`)).rejects.toThrow();
  expect(await exit).toBe(1);
  expect(await errors).toBe('stray\n');
});
