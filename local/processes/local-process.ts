import { type ChildProcess, fork, type Serializable } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { StartFailure } from '../start-failure.ts';

/** One child process of the local stack. */
export interface LocalProcess<Ready> {
  readonly pid: number;
  /** What it told when it was ready. */
  readonly ready: Ready;
  /** Resolves when the process has ended, with how it did, such as `exit code 1`. */
  readonly ended: Promise<string>;
  send(message: Serializable): void;
  /** Asks it to end, and makes it when it takes too long. */
  stop(): Promise<void>;
  /** SIGKILL. */
  kill(): Promise<void>;
}

export interface LocalProcessOptions<Ready> {
  /** What it is, for messages: `database`. */
  readonly name: string;
  readonly module: string;
  readonly args: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  /** A module that is loaded before; {@link EXIT_WITH_PARENT} for one that would outlive the supervisor by itself. */
  readonly preload: string;
  /** Recognises readiness in a line of its output or in a message. */
  readonly readyFrom: (output: { readonly line?: string; readonly message?: unknown }) => Ready | undefined;
  readonly onLine?: (line: string) => void;
  readonly onMessage?: (message: unknown) => void;
}

const LONGEST_REASON = 1_000;
const START_TIMEOUT_MS = 60_000;
/** Longer than the ten seconds that the Functions host gives to invocations under way. */
const STOP_TIMEOUT_MS = 12_000;

/** Teaches a process to end with the supervisor. */
export const EXIT_WITH_PARENT = new URL('./exit-with-parent.ts', import.meta.url).href;

/** Kept between starts: azurite alone loads in two thirds of the time. */
const NODE_COMPILE_CACHE = fileURLToPath(new URL('../../node_modules/.cache/local-stack', import.meta.url));

/**
 * Starts a Node process and waits until it is ready. It has a process group of its own, so that Ctrl-C reaches the
 * supervisor alone, which then ends its children in order.
 *
 * @throws StartFailure with what the process wrote to its error output when it ends before it is ready.
 */
export async function startLocalProcess<Ready>(options: LocalProcessOptions<Ready>): Promise<LocalProcess<Ready>> {
  const child = fork(options.module, options.args, {
    execArgv: [
      '--disable-warning=ExperimentalWarning',
      '--disable-warning=DeprecationWarning',
      ...['--import', options.preload],
    ],
    env: { NODE_COMPILE_CACHE, ...process.env, ...options.environment },
    cwd: fileURLToPath(new URL('../..', import.meta.url)),
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    detached: true,
  });
  // A failed send, to a process that has just ended, is told by its end.
  child.on('error', () => undefined);
  const ended = untilEnded(child);

  // Held back until it is ready: they are either the reason why it did not start, or lines like any other.
  const firstErrors: string[] = [];
  let isReady = false;
  const ready = await new Promise<Ready>((resolve, reject) => {
    const fail = (reason: string) => reject(new StartFailure(`The ${options.name} did not start: ${reason}`));
    const timeout = setTimeout(() => {
      fail(`it was not ready after ${START_TIMEOUT_MS / 1_000} seconds.`);
      child.kill('SIGKILL');
    }, START_TIMEOUT_MS);
    const look = (output: { readonly line?: string; readonly message?: unknown }) => {
      const found = options.readyFrom(output);
      if (found === undefined || isReady) return;
      clearTimeout(timeout);
      isReady = true;
      for (const line of firstErrors) options.onLine?.(line);
      resolve(found);
    };
    readLines(child.stdout, (line) => {
      look({ line });
      options.onLine?.(line);
    });
    readLines(child.stderr, (line) => {
      if (isReady) options.onLine?.(line);
      else firstErrors.push(line.trim());
    });
    child.on('message', (message) => {
      look({ message });
      options.onMessage?.(message);
    });
    void ended.then((how) => {
      clearTimeout(timeout);
      fail(firstErrors.join(' ').trim().slice(0, LONGEST_REASON) || how);
    });
  });

  return {
    pid: child.pid ?? 0,
    ready,
    ended,
    send: (message) => void child.send(message, () => undefined),
    async stop() {
      child.kill('SIGTERM');
      const timeout = setTimeout(() => child.kill('SIGKILL'), STOP_TIMEOUT_MS);
      await ended;
      clearTimeout(timeout);
    },
    async kill() {
      child.kill('SIGKILL');
      await ended;
    },
  };
}

/** Resolves once the process has ended and all that it wrote was read. */
function untilEnded(child: ChildProcess): Promise<string> {
  return new Promise((resolve) => {
    child.once('close', (code, signal) => resolve(signal === null ? `exit code ${code}` : `signal ${signal}`));
  });
}

function readLines(stream: NodeJS.ReadableStream | null, onLine: (line: string) => void): void {
  if (stream !== null) createInterface({ input: stream }).on('line', onLine);
}
