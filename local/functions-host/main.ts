/**
 * The Functions host as a process of its own:
 *
 *     node local/functions-host/main.ts --entry <module> --port <n> [--hostname <address>] [--host-json <file>]
 *         [--timers on|off] [--timer-status <folder>] [--log all|messages|off]
 *
 * The environment is the app settings; `FUNCTIONS_ADMIN_KEY` in it is the master key. Log entries go to standard
 * output, one JSON object a line. A supervisor that forks it with IPC sends `{type: 'clock', offsetMs}` and
 * `{type: 'run-timer', name, id}`, and receives `{type: 'ready', port, functions}` and `{type: 'timer-finished', id,
 * error?}`; without IPC `{"ready":true,"port":n}` is printed.
 */
import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { type FunctionsHost, startFunctionsHost } from './host.ts';
import { hostClock } from './host-clock.ts';
import type { HostLog } from './log-entry.ts';

let host: FunctionsHost | undefined;
let ending = false;
let failed = false;

process.on('uncaughtException', fail);
process.on('unhandledRejection', fail);
process.on('SIGTERM', end);
process.on('SIGINT', end);
process.on('disconnect', end);
process.on('message', receive);

try {
  host = await start();
  if (process.connected) process.send?.({ type: 'ready', port: host.port, functions: host.functions });
  else process.stdout.write(`${JSON.stringify({ ready: true, port: host.port })}\n`);
} catch (error) {
  fail(error);
}

async function start(): Promise<FunctionsHost> {
  const { values } = parseArgs({
    options: {
      entry: { type: 'string' },
      port: { type: 'string' },
      hostname: { type: 'string' },
      'host-json': { type: 'string' },
      timers: { type: 'string', default: 'on' },
      'timer-status': { type: 'string' },
      log: { type: 'string', default: 'messages' },
    },
  });
  const { entry, hostname, timers, log } = values;
  if (entry === undefined) throw new Error('--entry is missing: the module that registers the functions.');
  if (!/^\d+$/.test(values.port ?? '')) throw new Error('--port is missing or not a number.');
  if (timers !== 'on' && timers !== 'off') throw new Error(`--timers is 'on' or 'off', not '${timers}'.`);
  const adminKey = process.env.FUNCTIONS_ADMIN_KEY;
  const timerStatusDir = values['timer-status'];
  const hostLog = logWriter(log);
  return startFunctionsHost({
    port: Number(values.port),
    hostJson: readHostJson(values['host-json']),
    settings: Object.fromEntries(Object.entries(process.env).map(([name, value]) => [name, value ?? ''])),
    clock: hostClock,
    load: () => import(entry.startsWith('file:') ? entry : pathToFileURL(resolve(entry)).href),
    timers: timers === 'on',
    ...(hostname === undefined ? {} : { hostname }),
    ...(timerStatusDir === undefined ? {} : { timerStatusDir }),
    ...(adminKey === undefined ? {} : { adminKey }),
    ...(hostLog === undefined ? {} : { log: hostLog }),
  });
}

function readHostJson(file: string | undefined): unknown {
  if (file === undefined && !existsSync('host.json')) return {};
  const path = file ?? 'host.json';
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch (error) {
    throw new Error(`${path} cannot be read: ${error instanceof Error ? error.message : error}`);
  }
}

/** `messages` leaves out debugging lines and invocations that succeeded. */
function logWriter(level: string): HostLog | undefined {
  if (level === 'off') return undefined;
  if (level !== 'all' && level !== 'messages') throw new Error(`--log is 'all', 'messages' or 'off', not '${level}'.`);
  return (entry) => {
    const minor =
      entry.kind === 'invocation' ? entry.outcome === 'succeeded' : ['trace', 'debug'].includes(entry.level);
    if (level === 'all' || !minor) process.stdout.write(`${JSON.stringify(entry)}\n`);
  };
}

function receive(message: unknown): void {
  const { type, offsetMs, name, id } = (message ?? {}) as Record<string, unknown>;
  if (type === 'clock' && typeof offsetMs === 'number') {
    hostClock.setOffset(offsetMs);
    host?.clockMoved();
  } else if (type === 'run-timer' && typeof name === 'string') {
    const run = host?.runTimer(name) ?? Promise.reject(new Error('The Functions host is not ready yet.'));
    run.then(
      () => tell({ type: 'timer-finished', id }),
      (error: unknown) => tell({ type: 'timer-finished', id, error: messageOf(error) }),
    );
  }
}

function tell(message: object): void {
  if (process.connected) process.send?.(message);
}

/** Ends gracefully: exit code 0 once invocations under way are over. */
async function end(): Promise<void> {
  if (ending) return;
  ending = true;
  await host?.close().catch(fail);
  process.exit(0);
}

/** As on Azure, a stray error ends the worker; one that keeps the app from starting ends it too. */
function fail(error: unknown): void {
  if (failed) return;
  failed = true;
  process.stderr.write(`${messageOf(error)}\n`, () => process.exit(1));
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message || error.name : String(error);
}
