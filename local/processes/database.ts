import { fileURLToPath } from 'node:url';
import type { Fault } from '../faults/fault.ts';
import { LOOPBACK } from '../ports.ts';
import { EXIT_WITH_PARENT, type LocalProcess, startLocalProcess } from './local-process.ts';

/** The Cosmos DB stand-in, with what only the local stack may ask of it. */
export interface DatabaseProcess {
  readonly process: LocalProcess<number>;
  readonly endpoint: string;
  readonly key: string;
  setClock(offsetMs: number): Promise<void>;
  /** Switches faults on; `undefined` switches them off. */
  setFault(fault: Fault | undefined): Promise<void>;
  /** Removes every database. */
  reset(): Promise<void>;
}

const MODULE = fileURLToPath(new URL('../cosmos/main.ts', import.meta.url));

export async function startDatabase(folder: string, key: string): Promise<DatabaseProcess> {
  const process = await startLocalProcess<number>({
    name: 'database',
    module: MODULE,
    args: ['--port', '0', '--data', folder],
    environment: { COSMOS_KEY: key },
    preload: EXIT_WITH_PARENT,
    readyFrom: ({ line }) => readyPort(line),
  });
  const endpoint = `http://${LOOPBACK}:${process.ready}`;

  async function ask(method: string, path: string, body?: object): Promise<void> {
    const response = await fetch(`${endpoint}/_local/${path}`, {
      method,
      headers: { 'x-local-key': key, 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const answer = await response.text();
    if (!response.ok) throw new Error(`The database answered ${response.status} to ${method} ${path}: ${answer}`);
  }

  return {
    process,
    endpoint,
    key,
    setClock: (offsetMs) => ask('PUT', 'clock', { offsetMs }),
    setFault: (fault) => (fault === undefined ? ask('DELETE', 'faults') : ask('PUT', 'faults', fault)),
    reset: () => ask('POST', 'reset'),
  };
}

/** The port in the line `{"ready":true,"port":n}`. */
function readyPort(line: string | undefined): number | undefined {
  if (!line?.startsWith('{"ready":true')) return undefined;
  return (JSON.parse(line) as { port: number }).port;
}
