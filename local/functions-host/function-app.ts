import type {
  CoreLogCategory,
  CoreLogLevel,
  FunctionCallback,
  FunctionMetadata,
  HookCallback,
  ProgrammingModel,
} from './core-types.ts';
import type { HostLog, MessageLogEntry } from './log-entry.ts';

export const HOOK_NAMES = ['appStart', 'appTerminate', 'preInvocation', 'postInvocation', 'log'] as const;
export type HookName = (typeof HOOK_NAMES)[number];

/** A function as the app registered it, its binding checked to be one that this host serves. */
export interface RegisteredFunction {
  readonly name: string;
  readonly trigger: 'http' | 'timer';
  /** The name under which the trigger's value is handed to the library. */
  readonly triggerName: string;
  readonly binding: Readonly<Record<string, unknown>>;
  readonly metadata: FunctionMetadata;
  readonly callback: FunctionCallback;
}

/** Everything an app registers while it loads, and the data that its hooks share. */
export interface FunctionApp {
  readonly functions: Map<string, RegisteredFunction>;
  readonly hooks: Readonly<Record<HookName, HookCallback[]>>;
  readonly appHookData: Record<string, unknown>;
  readonly log: HostLog | undefined;
  /** Set once start-up has finished: functions can no longer be registered. */
  locked: boolean;
}

export function createFunctionApp(log: HostLog | undefined): FunctionApp {
  return {
    functions: new Map(),
    hooks: { appStart: [], appTerminate: [], preInvocation: [], postInvocation: [], log: [] },
    appHookData: {},
    log,
    locked: false,
  };
}

const TRIGGERS: Readonly<Record<string, 'http' | 'timer'>> = { httptrigger: 'http', timertrigger: 'timer' };

/**
 * Adds a function to the app.
 *
 * @throws Error where Azure refuses the function (name taken or malformed, start-up over) and where this host cannot
 * serve it (another trigger, further input or output bindings).
 */
export function registerFunction(app: FunctionApp, metadata: FunctionMetadata, callback: FunctionCallback): () => void {
  const { name, bindings } = metadata;
  if (app.locked) throw systemError(new Error('A function can only be registered during app startup.'));
  if (!/^[a-z][a-z0-9_-]{0,127}$/i.test(name)) {
    throw systemError(new Error(`'${name}' is not a valid function name: letters, digits, '_' and '-', at most 128.`));
  }
  const key = name.toLowerCase();
  if (app.functions.has(key)) {
    throw systemError(new Error(`A function named '${name}' has already been registered.`));
  }
  const [trigger, ...others] = Object.entries(bindings).filter(([bindingName]) => bindingName !== '$return');
  const kind = TRIGGERS[String(trigger?.[1].type).toLowerCase()];
  if (trigger === undefined || kind === undefined || others.length > 0) {
    const types = Object.values(bindings).map((binding) => binding.type);
    throw systemError(
      new Error(`Function '${name}' binds ${types.join(', ')}: this host serves HTTP and timer triggers alone.`),
    );
  }
  const [triggerName, binding] = trigger;
  app.functions.set(key, { name, trigger: kind, triggerName, binding, metadata, callback });
  if (metadata.retryOptions !== undefined) {
    logMessage(app, 'warning', 'system', `The retry policy of '${name}' is not carried out by the local host.`);
  }
  return () => {
    if (app.locked) throw systemError(new Error('A function can only be disposed during app startup.'));
    app.functions.delete(key);
  };
}

/**
 * Adds a hook and answers what removes it.
 *
 * @throws RangeError when there is no hook of that name.
 */
export function registerHook(app: FunctionApp, hookName: string, callback: HookCallback): () => void {
  const known = HOOK_NAMES.find((name) => name === hookName);
  if (known === undefined) throw systemError(new RangeError(`Unrecognized hook "${hookName}"`));
  const callbacks = app.hooks[known];
  callbacks.push(callback);
  return () => {
    const index = callbacks.indexOf(callback);
    if (index >= 0) callbacks.splice(index, 1);
  };
}

/** Runs the hooks of one name one after the other, in the order of their registration; an error ends the row. */
export async function runHooks(app: FunctionApp, name: HookName, context: Record<string, unknown>): Promise<void> {
  for (const callback of [...app.hooks[name]]) await callback(context);
}

/** What a log line belongs to, for the `log` hooks. */
export interface LogScope {
  readonly functionName: string;
  readonly invocationId: string;
  readonly hookData: Record<string, unknown>;
  invocationContext: unknown;
}

/** Sends a line through the `log` hooks, which may change its level and text, to the host's log. */
export function logMessage(
  app: FunctionApp,
  level: CoreLogLevel,
  category: CoreLogCategory,
  message: string,
  scope?: LogScope,
): void {
  let line: Record<string, unknown> = { level, message };
  if (app.hooks.log.length > 0) {
    line = {
      ...line,
      category,
      hookData: scope?.hookData ?? {},
      appHookData: app.appHookData,
      invocationContext: scope?.invocationContext,
    };
    try {
      for (const callback of app.hooks.log) callback(line);
    } catch (error) {
      writeEntry(app, 'error', 'system', `A log hook failed: ${errorText(error)}`, scope);
    }
  }
  writeEntry(app, line.level as CoreLogLevel, category, String(line.message), scope);
}

function writeEntry(
  { log }: FunctionApp,
  level: CoreLogLevel,
  category: CoreLogCategory,
  message: string,
  scope: LogScope | undefined,
): void {
  if (log === undefined || level === 'none') return;
  const entry: MessageLogEntry = { kind: 'message', level, category: category === 'user' ? 'user' : 'system', message };
  log(scope === undefined ? entry : { ...entry, functionName: scope.functionName, invocationId: scope.invocationId });
}

/** The text of whatever was thrown: its message, or the value itself. */
export function errorText(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** Marks an error as the host's own, by which the library tells an unknown hook from an app's mistake. */
function systemError<E extends Error>(error: E): E {
  return Object.assign(error, { isAzureFunctionsSystemError: true });
}

/** The programming model that the library set; it does so once per process, whatever app is loaded. */
export const programmingModel: { current: ProgrammingModel | undefined } = { current: undefined };
