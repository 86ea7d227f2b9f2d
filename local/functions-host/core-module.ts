import Module from 'node:module';
import type {
  CoreLogCategory,
  CoreLogLevel,
  FunctionCallback,
  FunctionMetadata,
  HookCallback,
  ProgrammingModel,
} from './core-types.ts';
import { type FunctionApp, logMessage, programmingModel, registerFunction, registerHook } from './function-app.ts';

const CORE_MODULE = '@azure/functions-core';

/** The worker and host whose behaviour this host follows. */
const WORKER_VERSION = '3.9.1';
const HOST_VERSION = '4.1037.0';

let currentApp: FunctionApp | undefined;
let installed = false;

/**
 * Makes `require('@azure/functions-core')` answer this host's implementation in the whole process, registering into
 * `app` from now on. To be called before the app's code is loaded: the library remembers a first refusal for ever.
 */
export function provideCoreModule(app: FunctionApp): void {
  currentApp = app;
  if (installed) return;
  installed = true;
  Module.prototype.require = new Proxy(Module.prototype.require, {
    apply: (target, thisArgument, argumentList) =>
      argumentList[0] === CORE_MODULE ? coreModule : Reflect.apply(target, thisArgument, argumentList),
  });
}

class Disposable {
  readonly #dispose: () => void;

  constructor(dispose: () => void) {
    this.#dispose = dispose;
  }

  static from(...disposables: ReadonlyArray<{ dispose(): unknown }>): Disposable {
    return new Disposable(() => {
      for (const disposable of disposables) disposable.dispose();
    });
  }

  dispose(): void {
    this.#dispose();
  }
}

const coreModule = {
  version: WORKER_VERSION,
  hostVersion: HOST_VERSION,
  Disposable,
  registerFunction: (metadata: FunctionMetadata, callback: FunctionCallback) =>
    new Disposable(registerFunction(app(), metadata, callback)),
  registerHook: (name: string, callback: HookCallback) => new Disposable(registerHook(app(), name, callback)),
  setProgrammingModel: (model: ProgrammingModel) => {
    programmingModel.current = model;
  },
  getProgrammingModel: () => programmingModel.current,
  log: (level: CoreLogLevel, category: CoreLogCategory, message: string) => logMessage(app(), level, category, message),
};

function app(): FunctionApp {
  if (currentApp === undefined) throw new Error('The Functions host has not been started.');
  return currentApp;
}
