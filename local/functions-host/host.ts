import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { LocalClock } from '../clock.ts';
import { provideCoreModule } from './core-module.ts';
import type { TypedData } from './core-types.ts';
import { createDrain } from './drain.ts';
import {
  createFunctionApp,
  errorText,
  type FunctionApp,
  logMessage,
  programmingModel,
  runHooks,
} from './function-app.ts';
import { createEndpoint } from './http-endpoint.ts';
import { invoke, logInvocation } from './invocation.ts';
import type { HostLog } from './log-entry.ts';
import { createRouteTable } from './route-table.ts';
import { readTimerDefinition } from './timer-definition.ts';
import { createTimerScheduler } from './timer-scheduler.ts';
import { createFileTimerStatusStore, createMemoryTimerStatusStore } from './timer-status.ts';

export interface FunctionsHostOptions {
  /** The TCP port; 0 takes a free one. */
  readonly port: number;
  /** The address to listen on; the loopback address unless told otherwise. */
  readonly hostname?: string;
  /** The parsed host.json; its route prefix is `api` when it names none. */
  readonly hostJson: unknown;
  /** The app settings that `%NAME%` in a schedule refers to. */
  readonly settings: Readonly<Record<string, string>>;
  /** The clock that timers are scheduled by. */
  readonly clock: LocalClock;
  /** Loads the app: its registrations happen while this runs. */
  readonly load: () => Promise<unknown>;
  /** Whether timers run by their schedules; on unless false. `runTimer` works either way. */
  readonly timers?: boolean;
  /** The folder that keeps the schedule statuses between starts; without it they live as long as the host. */
  readonly timerStatusDir?: string;
  readonly log?: HostLog;
  /** The master key: wanted by `/admin/functions/{name}` and by functions that are not anonymous, when it is given. */
  readonly adminKey?: string;
}

/** What a function is, for those who list them. */
export interface FunctionDescription {
  readonly name: string;
  readonly trigger: 'http' | 'timer';
  /** The route with its prefix, such as `api/v1/accounts/{id}`. */
  readonly route?: string;
  readonly methods?: readonly string[];
  /** The schedule, its settings replaced. */
  readonly schedule?: string;
}

export interface FunctionsHost {
  readonly port: number;
  readonly url: string;
  readonly functions: readonly FunctionDescription[];
  /** Runs a timer now, its schedule left as it is; rejects with what the function threw. */
  runTimer(name: string, options?: { readonly isPastDue?: boolean }): Promise<void>;
  /** Makes the scheduler look at the clock at once, after it was moved. */
  clockMoved(): void;
  /** Stops taking requests, lets invocations under way end (for ten seconds at most), runs the `appTerminate` hooks. */
  close(): Promise<void>;
}

const DRAIN_MS = 10_000;

/**
 * Serves an Azure Functions app on this machine: the registrations that it makes through the real `@azure/functions`
 * library, on one HTTP server, with the timers on the local clock.
 *
 * One host a process at a time: the library keeps its state, and the core module it speaks to, for the whole process.
 *
 * @throws Error when the app cannot be loaded, a registration is refused, or the port is taken; what `load` or a hook
 * threw is passed on as it is.
 */
export async function startFunctionsHost(options: FunctionsHostOptions): Promise<FunctionsHost> {
  const app = createFunctionApp(options.log);
  provideCoreModule(app);
  await options.load();
  await runHooks(app, 'appStart', { hookData: {}, appHookData: app.appHookData });
  await settleCapabilities();
  app.locked = true;

  const functions = [...app.functions.values()];
  const routes = createRouteTable(functions, routePrefix(options.hostJson));
  const timers = functions
    .filter((fn) => fn.trigger === 'timer')
    .map((fn) => readTimerDefinition(fn, options.settings, options.clock.now()));

  const drain = createDrain();
  const scheduler = createTimerScheduler({
    timers,
    clock: options.clock,
    statusStore:
      options.timerStatusDir === undefined
        ? createMemoryTimerStatusStore()
        : createFileTimerStatusStore(options.timerStatusDir),
    invoke: (name, input) => drain.track(runTimerFunction(app, name, { json: JSON.stringify(input) })),
    track: (run) => void drain.track(run),
    onStoreFailure: (name, error) =>
      logMessage(app, 'warning', 'system', `The status of timer '${name}' was not kept: ${errorText(error)}`),
  });

  const endpoint = createEndpoint(app, routes, scheduler, options.adminKey);
  const server = createServer({ keepAliveTimeout: 120_000 }, (request, response) => {
    if (drain.closing) response.setHeader('connection', 'close');
    const sent = new Promise((resolve) => response.once('close', resolve));
    const answered = endpoint(request, response).catch((error: unknown) => {
      logMessage(app, 'error', 'system', `A request was not answered: ${errorText(error)}`);
      response.destroy();
    });
    void drain.track(answered.then(() => sent));
  });
  const hostname = options.hostname ?? '127.0.0.1';
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) =>
      reject(error.code === 'EADDRINUSE' ? new Error(`Port ${options.port} is already in use.`) : error),
    );
    server.listen(options.port, hostname, resolve);
  });
  if (options.timers !== false) await scheduler.start();

  const { port } = server.address() as AddressInfo;
  let closed: Promise<void> | undefined;
  return {
    port,
    url: `http://${hostname.includes(':') ? `[${hostname}]` : hostname}:${port}`,
    functions: [
      ...routes.routes.map(({ fn, template, methods }) => ({
        name: fn.name,
        trigger: fn.trigger,
        route: template.text,
        methods,
      })),
      ...timers.map(({ name, schedule }) => ({ name, trigger: 'timer' as const, schedule: schedule.expression })),
    ],
    runTimer: (name, runOptions) => scheduler.run(name, runOptions),
    clockMoved: () => scheduler.clockMoved(),
    close() {
      closed ??= (async () => {
        scheduler.stop();
        const serverClosed = new Promise((resolve) => server.close(resolve));
        await drain.finish(DRAIN_MS);
        server.closeAllConnections();
        await serverClosed;
        await runHooks(app, 'appTerminate', { hookData: {}, appHookData: app.appHookData });
      })();
      return closed;
    },
  };
}

/** Tells the library that start-up is over, which locks `app.setup`. */
async function settleCapabilities(): Promise<void> {
  const capabilities = (await programmingModel.current?.getCapabilities?.({})) ?? {};
  if (capabilities.HttpUri !== undefined) {
    throw new Error(
      'app.setup({ enableHttpStream: true }) is not supported by the local Functions host: leave it off.',
    );
  }
}

function routePrefix(hostJson: unknown): string {
  const prefix = (hostJson as { extensions?: { http?: { routePrefix?: unknown } } } | null | undefined)?.extensions
    ?.http?.routePrefix;
  return typeof prefix === 'string' ? prefix : 'api';
}

/** Invokes a timer function; rejects with what it threw. */
async function runTimerFunction(app: FunctionApp, name: string, data: TypedData): Promise<void> {
  const fn = app.functions.get(name.toLowerCase());
  if (fn === undefined) throw new Error(`There is no timer named '${name}'.`);
  const startedAt = performance.now();
  const outcome = await invoke(app, fn, data, undefined, undefined);
  logInvocation(app, fn, outcome, startedAt, undefined);
  if (!outcome.ok) throw outcome.error;
}
