import { randomUUID } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import type { FunctionDescription } from '../functions-host/host.ts';
import { type LocalProcess, startLocalProcess } from './local-process.ts';

interface Ready {
  readonly port: number;
  readonly functions: readonly FunctionDescription[];
}

/** The Functions host with the product in it. */
export interface FunctionsProcess {
  readonly process: LocalProcess<Ready>;
  readonly timers: readonly string[];
  /** Moves its clock; resolves once the process reads the new time. */
  setClock(offsetMs: number): Promise<void>;
  /** Runs a timer to its end. Resolves with the error that it ended with, if any. */
  runTimer(name: string): Promise<string | undefined>;
}

export interface FunctionsOptions {
  readonly entry: string;
  readonly port: number;
  readonly environment: Readonly<Record<string, string>>;
  readonly timers: boolean;
  readonly timersFolder: string;
  readonly clockOffsetMs: number;
  readonly onLine: (line: string) => void;
}

/** The functions process ended before it could answer. */
export class FunctionsEnded extends Error {
  override readonly name = 'FunctionsEnded';
}

/** What `start-clock.ts` reads. */
const CLOCK_OFFSET_SETTING = 'LOCAL_CLOCK_OFFSET_MS';
const START_CLOCK = new URL('./start-clock.ts', import.meta.url).href;
const MODULE = fileURLToPath(new URL('../functions-host/main.ts', import.meta.url));
const HOST_JSON = fileURLToPath(new URL('../../host.json', import.meta.url));

export async function startFunctions(options: FunctionsOptions): Promise<FunctionsProcess> {
  const runs = new Map<string, PromiseWithResolvers<string | undefined>>();
  const process = await startLocalProcess<Ready>({
    name: 'functions process',
    module: MODULE,
    args: [
      ...['--entry', options.entry, '--port', String(options.port), '--host-json', HOST_JSON],
      ...['--timers', options.timers ? 'on' : 'off', '--timer-status', options.timersFolder],
    ],
    environment: { ...options.environment, [CLOCK_OFFSET_SETTING]: String(options.clockOffsetMs) },
    preload: START_CLOCK,
    readyFrom: ({ message }) => (isMessage<Ready>(message, 'ready') ? message : undefined),
    onLine: options.onLine,
    onMessage: (message) => {
      if (!isMessage<{ id: string; error?: string }>(message, 'timer-finished')) return;
      runs.get(message.id)?.resolve(message.error);
      runs.delete(message.id);
    },
  });
  const { functions } = process.ready;
  void process.ended.then((how) => {
    for (const run of runs.values()) run.reject(new FunctionsEnded(`The functions process ended (${how}).`));
  });

  function runTimer(name: string): Promise<string | undefined> {
    const id = randomUUID();
    const run = Promise.withResolvers<string | undefined>();
    runs.set(id, run);
    process.send({ type: 'run-timer', name, id });
    return run.promise;
  }

  return {
    process,
    timers: functions.filter(({ trigger }) => trigger === 'timer').map(({ name }) => name),
    async setClock(offsetMs) {
      process.send({ type: 'clock', offsetMs });
      // Messages are taken in order: the answer to a run of no timer tells that the clock has been moved.
      await runTimer('');
    },
    runTimer,
  };
}

function isMessage<T>(message: unknown, type: string): message is T {
  return (message as { type?: unknown } | null)?.type === type;
}
