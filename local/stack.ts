import { fileURLToPath } from 'node:url';
import { startFaultProxy } from './blobs/fault-proxy.ts';
import { createLocalClock } from './clock.ts';
import { startControlServer } from './control/control-server.ts';
import { createOperations } from './control/operations.ts';
import { controlRoutes, STAFF_IDENTITY_PATH } from './control/routes.ts';
import { openDataFolder } from './data-folder.ts';
import { BLOB_ACCOUNT_NAME, functionsEnvironment } from './environment.ts';
import { createFaultSwitch } from './faults/fault.ts';
import { readOrCreateKeys } from './keys.ts';
import { formatLogLine } from './log-line.ts';
import { openMailbox } from './mailbox/mailbox.ts';
import { startMailServer } from './mailbox/smtp-server.ts';
import { findPort, LOOPBACK } from './ports.ts';
import { startBlobStorage } from './processes/blob-storage.ts';
import { startDatabase } from './processes/database.ts';
import { createFunctionsSlot } from './processes/functions-slot.ts';
import { provisionBlobs, provisionDatabase } from './provision.ts';
import { createStaffIdentity } from './staff-identity/staff-identity.ts';

export interface StackOptions {
  /** The port of the functions; 0, the default, takes a free one. */
  readonly port?: number;
  /** The control port; 0, the default, takes a free one. */
  readonly controlPort?: number;
  readonly dataDir: string;
  /** The module that registers the functions; `local/entry.ts` unless told otherwise. */
  readonly entry?: string;
  /** Keeps the log lines of the functions process to itself. */
  readonly quiet?: boolean;
  /** Is given every line that the functions process writes, quiet or not. */
  readonly onLogLine?: (line: string) => void;
  /** Whether timers run by their schedules; on unless false. The control port runs them either way. */
  readonly timers?: boolean;
  /** App settings of the functions process that come before all others. */
  readonly environment?: Readonly<Record<string, string>>;
}

/** A running local stack. */
export interface Stack {
  /** The origin of the API. */
  readonly url: string;
  readonly controlUrl: string;
  readonly smtpUrl: string;
  /** The app settings that the functions process got. */
  readonly environment: Readonly<Record<string, string>>;
  readonly cosmos: { readonly endpoint: string; readonly key: string };
  /** The process id of the functions process, undefined when it was killed. */
  functionsPid(): number | undefined;
  /** SIGKILL, and no restart. */
  killFunctions(): Promise<void>;
  /** Starts the functions process anew, on the same port and the same clock. */
  restartFunctions(): Promise<void>;
  /** Ends every process; the data stay. */
  stop(): Promise<void>;
  /** Resolves when the stack has stopped: with the reason when a process of it ended unexpectedly. */
  readonly ended: Promise<string | undefined>;
}

const DEFAULT_ENTRY = fileURLToPath(new URL('./entry.ts', import.meta.url));

/**
 * Starts everything that stands in for Azure on one machine, and the product in it. The clock starts at real time, with no
 * fault switched on; the data are those of the last time.
 *
 * @throws StartFailure, one line for the person at the terminal, with everything stopped again.
 */
export async function startStack(options: StackOptions): Promise<Stack> {
  const closers: (() => unknown)[] = [];
  try {
    return await start(options, closers);
  } catch (error) {
    await closeAll(closers);
    throw error;
  }
}

async function start(options: StackOptions, closers: (() => unknown)[]): Promise<Stack> {
  const folder = openDataFolder(options.dataDir);
  closers.push(folder.release);
  const keys = readOrCreateKeys(folder.keysFile);
  const mailbox = openMailbox(folder.mailFile);
  const clock = createLocalClock();
  const blobFaults = createFaultSwitch();
  const mailFaults = createFaultSwitch();
  const staffIdentityFaults = createFaultSwitch();

  const functionsPort = await findPort(options.port ?? 0, 'PORT');
  const control = await startControlServer(options.controlPort ?? 0);
  closers.push(control.stop);
  const mail = await startMailServer({ mailbox, clock, faults: mailFaults });
  closers.push(mail.stop);

  const [database, blobs] = await startBoth(
    startDatabase(folder.databaseFolder, keys.cosmosKey),
    startBlobStorage(folder.blobsFolder, BLOB_ACCOUNT_NAME, keys.blobKey),
    (started) => closers.push(started.process.stop),
  );
  const proxy = await startFaultProxy(blobs.process.ready, blobFaults);
  closers.push(proxy.stop);
  await Promise.all([provisionDatabase(database), provisionBlobs(blobs)]);

  const environment = functionsEnvironment(
    {
      keys,
      functionsPort,
      cosmosEndpoint: database.endpoint,
      blobEndpoint: `http://${LOOPBACK}:${proxy.port}/${BLOB_ACCOUNT_NAME}`,
      smtpPort: mail.port,
      staffIssuer: `${control.url}${STAFF_IDENTITY_PATH}`,
    },
    options.environment,
  );

  const exclusively = createQueue();
  const end = Promise.withResolvers<string | undefined>();
  let stopped: Promise<void> | undefined;
  const stop = (reason?: string): Promise<void> => {
    stopped ??= exclusively(() => closeAll(closers)).then(() => end.resolve(reason));
    return stopped;
  };
  const stopBecause = (name: string, how: string) => {
    if (stopped === undefined) void stop(`The ${name} ended unexpectedly (${how}): the local stack was stopped.`);
  };
  void database.process.ended.then((how) => stopBecause('database', how));
  void blobs.process.ended.then((how) => stopBecause('blob storage', how));

  const functions = createFunctionsSlot(
    () => ({
      entry: options.entry ?? DEFAULT_ENTRY,
      port: functionsPort,
      environment,
      timers: options.timers ?? true,
      timersFolder: folder.timersFolder,
      clockOffsetMs: clock.offsetMs,
      onLine: (line) => {
        options.onLogLine?.(line);
        if (!options.quiet) console.log(formatLogLine(line));
      },
    }),
    (how) => stopBecause('functions process', how),
  );
  closers.push(() => functions.end('stop'));

  const staffIdentity = createStaffIdentity({
    issuer: environment.STAFF_OIDC_ISSUER ?? '',
    audience: environment.STAFF_OIDC_AUDIENCE ?? '',
    key: keys.staffIdentityKey,
    clock,
  });
  const parts = {
    clock,
    database,
    blobs,
    blobFaults,
    mailFaults,
    staffIdentityFaults,
    mailbox,
    staffIdentity,
    functions,
    exclusively,
  };
  control.serve(controlRoutes(createOperations({ ...parts, timersFolder: folder.timersFolder })));
  await functions.begin();

  return {
    url: `http://${LOOPBACK}:${functionsPort}`,
    controlUrl: control.url,
    smtpUrl: `smtp://${LOOPBACK}:${mail.port}`,
    environment,
    cosmos: { endpoint: database.endpoint, key: database.key },
    functionsPid: () => functions.current()?.process.pid,
    killFunctions: () => exclusively(() => functions.end('kill')),
    restartFunctions: () =>
      exclusively(async () => {
        await functions.end('stop');
        await functions.begin();
      }),
    stop: () => stop(),
    ended: end.promise,
  };
}

/** Starts two things at once; when one fails, the other has been noted down to be stopped before that is told. */
async function startBoth<A, B>(a: Promise<A>, b: Promise<B>, started: (one: A | B) => void): Promise<[A, B]> {
  await Promise.allSettled([a.then(started), b.then(started)]);
  return Promise.all([a, b]);
}

/** Ends everything in the reverse order of its start. */
async function closeAll(closers: (() => unknown)[]): Promise<void> {
  for (let close = closers.pop(); close !== undefined; close = closers.pop()) await close();
}

/** Runs tasks one after the other, whatever becomes of each. */
function createQueue(): <T>(task: () => Promise<T>) => Promise<T> {
  let tail: Promise<unknown> = Promise.resolve();
  return (task) => {
    const run = tail.then(task);
    tail = run.catch(() => undefined);
    return run;
  };
}
