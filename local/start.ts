/**
 * `npm start`: the whole product on this machine, until Ctrl-C.
 *
 * `PORT` (7071), `CONTROL_PORT` (7072) and `DATA_DIR` (`.local`) in the environment change where; `FUNCTIONS_ENTRY` names
 * another module that registers functions; app settings in the environment come before the local defaults.
 */
import { fileURLToPath } from 'node:url';
import { oneLine, StartFailure } from './start-failure.ts';

const DEFAULT_PORT = 7071;
const DEFAULT_CONTROL_PORT = 7072;
const DEFAULT_DATA_DIR = fileURLToPath(new URL('../.local', import.meta.url));

let stopRequested = false;
let requestStop = (): void => undefined;

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.on(signal, () => {
    // The second time there is no waiting: the children end with this process.
    if (stopRequested) process.exit(1);
    stopRequested = true;
    requestStop();
  });
}

// A terminal that closed is no reason to end without order: its SIGHUP does that.
process.stdout.on('error', () => undefined);
process.stderr.on('error', () => undefined);

// The children end with this process.
process.on('uncaughtException', (error) => {
  console.error(explain(error));
  process.exit(1);
});

process.exitCode = await run();

/** Runs the stack to its end, and answers the exit code. */
async function run(): Promise<number> {
  const port = portSetting('PORT', DEFAULT_PORT);
  const controlPort = portSetting('CONTROL_PORT', DEFAULT_CONTROL_PORT);
  const dataDir = process.env.DATA_DIR || DEFAULT_DATA_DIR;
  // Loaded here, so that a missing dependency is told in one line as well.
  const { startStack } = await import('./stack.ts');

  const entry = process.env.FUNCTIONS_ENTRY;
  const stack = await startStack({ port, controlPort, dataDir, ...(entry ? { entry } : {}) });
  requestStop = () => {
    console.log('\nStopping …');
    void stack.stop();
  };
  if (stopRequested) requestStop();
  else console.log(whereThingsAre(stack.url, stack.controlUrl, stack.smtpUrl, dataDir));

  const failure = await stack.ended;
  if (failure !== undefined) throw new StartFailure(failure);
  console.log('Stopped. The data are kept.');
  return 0;
}

function portSetting(name: string, fallback: number): number {
  const text = process.env[name];
  if (text === undefined || text === '') return fallback;
  const port = Number(text);
  if (Number.isInteger(port) && port >= 0 && port <= 65_535) return port;
  throw new StartFailure(`${name} is "${text}": a port is a number from 0 (any free one) to 65535.`);
}

function whereThingsAre(url: string, controlUrl: string, smtpUrl: string, dataDir: string): string {
  return [
    '',
    '  The privacy backend runs on this machine.',
    '',
    `  API            ${url}/api/v1`,
    `  Documentation  ${url}/api/docs`,
    `  Control port   ${controlUrl}   (clock, timers, faults, reset)`,
    `  Mailbox        ${controlUrl}/mail   (${smtpUrl})`,
    `  Staff token    ${controlUrl}/staff-token?roles=dpo`,
    `  Data           ${dataDir}`,
    '',
    '  Ctrl-C stops it; the data stay.',
    '',
  ].join('\n');
}

/** One line for the person at the terminal, whatever was thrown. */
function explain(error: unknown): string {
  const { code } = error as { code?: unknown };
  if (code === 'ERR_MODULE_NOT_FOUND') {
    const [, missing = 'a module'] = /Cannot find (?:package|module) '([^']+)'/.exec(oneLine(error)) ?? [];
    return `A dependency is missing (${missing}): run "npm ci" first.`;
  }
  return error instanceof StartFailure ? error.message : `The local stack failed: ${oneLine(error)}`;
}
