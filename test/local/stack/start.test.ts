import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, it, onTestFinished } from 'vitest';
import { temporaryFolder } from './temporary-folder.ts';

const START = fileURLToPath(new URL('../../../local/start.ts', import.meta.url));
const FUNCTIONS_ENTRY = new URL('./fixtures/app.ts', import.meta.url).href;

interface Started {
  readonly child: ChildProcess;
  /** All that it printed so far, on both outputs. */
  output(): string;
  /** Resolves with the address of the API once it has printed where things are. */
  readonly url: Promise<string>;
  readonly exit: Promise<{ readonly code: number | null; readonly errors: string }>;
}

/** Runs what `npm start` runs, on free ports unless told otherwise. */
function npmStart(environment: Record<string, string>): Started {
  const child = spawn(process.execPath, [START], {
    env: { ...process.env, PORT: '0', CONTROL_PORT: '0', FUNCTIONS_ENTRY, ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  let output = '';
  let errors = '';
  const url = Promise.withResolvers<string>();
  child.stdout.on('data', (chunk) => {
    output += String(chunk);
    const [, found] = /API +(http:\/\/127\.0\.0\.1:\d+)/.exec(output) ?? [];
    if (found !== undefined && output.includes('Ctrl-C')) url.resolve(found);
  });
  child.stderr.on('data', (chunk) => {
    errors += String(chunk);
  });
  const exit = new Promise<{ code: number | null; errors: string }>((resolve) => {
    child.once('close', (code) => {
      url.reject(new Error(`It ended before it was ready: ${errors}`));
      resolve({ code, errors });
    });
  });
  url.promise.catch(() => undefined);
  return { child, output: () => output + errors, url: url.promise, exit };
}

/** The processes that were started by `pid`. */
async function childrenOf(pid: number | undefined): Promise<number[]> {
  const { stdout } = await promisify(execFile)('ps', ['-e', '-o', 'pid=,ppid=']);
  return stdout
    .trim()
    .split('\n')
    .map((line) => line.trim().split(/\s+/).map(Number))
    .flatMap(([child = 0, parent]) => (parent === pid && !isZombie(child) ? [child] : []));
}

/** Ended, and only waits for its parent to notice; or gone. */
function isZombie(pid: number): boolean {
  try {
    return /^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
  } catch {
    return process.platform === 'linux';
  }
}

function runs(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return !isZombie(pid);
  } catch {
    return false;
  }
}

async function untilGone(pids: readonly number[]): Promise<void> {
  await expect.poll(() => pids.filter(runs), { timeout: 20_000 }).toEqual([]);
}

const oneLine = /^[^\n]+\n$/;

describe('npm start', () => {
  it('tells where things are, and stops cleanly at Ctrl-C', async () => {
    const dataDir = temporaryFolder();
    const started = npmStart({ DATA_DIR: dataDir });
    const url = await started.url;
    expect((await fetch(`${url}/ping`)).status).toBe(200);
    for (const part of ['/api/docs', '/mail', '/staff-token', dataDir]) expect(started.output()).toContain(part);
    const children = await childrenOf(started.child.pid);
    expect(children.length).toBeGreaterThanOrEqual(3);

    started.child.kill('SIGINT');
    expect(await started.exit).toEqual({ code: 0, errors: '' });
    expect(children.filter(runs)).toEqual([]);
  });

  it('refuses a second start on the same data, and goes on', async () => {
    const dataDir = temporaryFolder();
    const first = npmStart({ DATA_DIR: dataDir });
    const url = await first.url;
    const { code, errors } = await npmStart({ DATA_DIR: dataDir }).exit;
    expect(code).toBe(1);
    expect(errors).toMatch(oneLine);
    expect(errors).toContain(`Another local stack (process ${first.child.pid})`);
    expect((await fetch(`${url}/ping`)).status).toBe(200);
    first.child.kill('SIGTERM');
    expect((await first.exit).code).toBe(0);
  });

  it('killed with -9 leaves no process behind, and its lock holds nobody up', async () => {
    const dataDir = temporaryFolder();
    const first = npmStart({ DATA_DIR: dataDir });
    await first.url;
    const children = await childrenOf(first.child.pid);
    first.child.kill('SIGKILL');
    await first.exit;
    await untilGone(children);
    const second = npmStart({ DATA_DIR: dataDir });
    await second.url;
    second.child.kill('SIGTERM');
    expect((await second.exit).code).toBe(0);
  });

  it('ends with one line when a process of it dies', async () => {
    const started = npmStart({ DATA_DIR: temporaryFolder() });
    await started.url;
    const children = await childrenOf(started.child.pid);
    const [victim = 0] = children;
    process.kill(victim, 'SIGKILL');
    const { code, errors } = await started.exit;
    expect(code).toBe(1);
    expect(errors).toMatch(/^The [a-z ]+ ended unexpectedly \(signal SIGKILL\): the local stack was stopped\.\n$/);
    expect(children.filter(runs)).toEqual([]);
  });

  it.each(['PORT', 'CONTROL_PORT'])('tells that %s is in use', async (setting) => {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => void server.close());
    const port = (server.address() as { port: number }).port;
    const { code, errors } = await npmStart({ DATA_DIR: temporaryFolder(), [setting]: String(port) }).exit;
    expect(code).toBe(1);
    expect(errors).toBe(`Port ${port} is in use: stop what listens there, or choose another port with ${setting}.\n`);
  });

  it.each([
    ['a port that is none', () => ({ PORT: 'http' }), /^PORT is "http"/],
    [
      'a data folder that is a file',
      (folder: string) => ({ DATA_DIR: join(write(folder, 'f', ''), 'x') }),
      /data folder/,
    ],
    ['keys that are damaged', (folder: string) => ({ DATA_DIR: dirOf(write(folder, 'keys.json', '{')) }), /keys/],
    [
      'a database that is damaged',
      (folder: string) => {
        const dataDir = join(folder, 'data');
        mkdirSync(dataDir);
        write(dataDir, 'cosmos', 'this is a file where a folder should be');
        return { DATA_DIR: dataDir };
      },
      /^The database did not start/,
    ],
    [
      'a folder of files that is a file',
      (folder: string) => ({ DATA_DIR: dirOf(write(folder, 'blobs', '')) }),
      /blobs/,
    ],
    [
      'an app that fails to load',
      () => ({ FAIL_TO_LOAD: 'The configuration has a fault' }),
      /The configuration has a fault/,
    ],
  ])('tells of %s in one line, without a stack trace', async (_case, settings, message) => {
    const folder = temporaryFolder();
    const { child, exit } = npmStart({ DATA_DIR: join(folder, 'data'), ...settings(folder) });
    const { code, errors } = await exit;
    expect(code).toBe(1);
    expect(errors).toMatch(oneLine);
    expect(errors).toMatch(message);
    expect(await childrenOf(child.pid)).toEqual([]);
  });

  it('keeps the keys out of what it prints', async () => {
    const dataDir = temporaryFolder();
    const started = npmStart({ DATA_DIR: dataDir });
    await started.url;
    started.child.kill('SIGTERM');
    await started.exit;
    const { loginKey, cosmosKey } = JSON.parse(readFileSync(join(dataDir, 'keys.json'), 'utf8')) as Record<
      string,
      string
    >;
    expect(readdirSync(dataDir)).toContain('keys.json');
    for (const key of [loginKey, cosmosKey]) expect(started.output()).not.toContain(key);
  });
});

function write(folder: string, name: string, content: string): string {
  const file = join(folder, name);
  writeFileSync(file, content);
  return file;
}

function dirOf(file: string): string {
  return join(file, '..');
}
