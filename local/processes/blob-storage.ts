import { mkdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { LOOPBACK } from '../ports.ts';
import { StartFailure } from '../start-failure.ts';
import { type LocalProcess, startLocalProcess } from './local-process.ts';

/** Azurite's blob service, on disk, with one account of its own. */
export interface BlobStorageProcess {
  readonly process: LocalProcess<number>;
  /** The account's endpoint, without the fault proxy. */
  readonly endpoint: string;
  readonly accountName: string;
  readonly accountKey: string;
}

const WITHOUT_TELEMETRY = new URL('./without-telemetry.ts', import.meta.url).href;

export async function startBlobStorage(
  folder: string,
  accountName: string,
  accountKey: string,
): Promise<BlobStorageProcess> {
  mkdirSync(folder, { recursive: true });
  const process = await startLocalProcess<number>({
    name: 'blob storage (azurite)',
    module: azuriteModule(),
    // Its API versions lag behind those of the client library.
    args: [
      ...['--blobHost', LOOPBACK, '--blobPort', '0', '--location', folder],
      ...['--skipApiVersionCheck', '--disableTelemetry', '--silent'],
    ],
    environment: { AZURITE_ACCOUNTS: `${accountName}:${accountKey}` },
    preload: WITHOUT_TELEMETRY,
    readyFrom: ({ line }) => {
      const [, port] = /successfully listens on http:\/\/[^:]+:(\d+)/.exec(line ?? '') ?? [];
      return port === undefined ? undefined : Number(port);
    },
  });
  return { process, endpoint: `http://${LOOPBACK}:${process.ready}/${accountName}`, accountName, accountKey };
}

function azuriteModule(): string {
  try {
    return createRequire(import.meta.url).resolve('azurite/dist/src/blob/main.js');
  } catch {
    throw new StartFailure('A dependency is missing (azurite): run "npm ci" first.');
  }
}
