import { execFileSync } from 'node:child_process';
import { statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { LOOPBACK } from '../local/ports.ts';
import { EXIT_WITH_PARENT, type LocalProcess, startLocalProcess } from '../local/processes/local-process.ts';

const FOLDER = fileURLToPath(new URL('./peers', import.meta.url));
/** npm beside the Node that runs this, so that peers run on the product's Node. */
const PATH = `${dirname(process.execPath)}:${process.env.PATH}`;

/** What the benches compare with; its module is `bench/peers/<name>.mjs`, which prints `{"ready":true,"port":n}`. */
export type Peer = 'better-auth' | 'c15t';

/** Installs the packages of the peers as their lock file says, unless they are there; the product's own are not touched. */
export function installPeers(): void {
  if (changedAt(join(FOLDER, 'node_modules/.package-lock.json')) >= changedAt(join(FOLDER, 'package-lock.json')))
    return;
  console.log('Installing the peers (once) …');
  execFileSync('npm', ['ci', '--ignore-scripts', '--prefix', FOLDER], {
    stdio: 'inherit',
    env: { ...process.env, PATH },
  });
}

const changedAt = (file: string): number => statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? 0;

/** Starts a peer in a process of its own, its data in `dataDir`. */
export async function startPeer(
  peer: Peer,
  dataDir: string,
): Promise<{ readonly url: string; readonly pid: number; stop(): Promise<void> }> {
  const process: LocalProcess<number> = await startLocalProcess({
    name: peer,
    module: join(FOLDER, `${peer}.mjs`),
    args: [dataDir],
    preload: EXIT_WITH_PARENT,
    readyFrom: ({ line }) =>
      line?.startsWith('{"ready":true') ? (JSON.parse(line) as { port: number }).port : undefined,
  });
  return { url: `http://${LOOPBACK}:${process.ready}`, pid: process.pid, stop: process.stop };
}
