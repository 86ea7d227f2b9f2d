import { chmodSync, mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { oneLine, StartFailure } from './start-failure.ts';

/** Where the local stack keeps everything, held by one stack at a time. */
export interface DataFolder {
  readonly path: string;
  readonly keysFile: string;
  readonly databaseFolder: string;
  readonly blobsFolder: string;
  readonly mailFile: string;
  readonly timersFolder: string;
  /** Lets another stack use the folder. */
  release(): void;
}

/**
 * Creates the data folder where it does not exist yet, and takes its lock.
 *
 * @throws StartFailure when it cannot be created or written, or another stack runs on it.
 */
export function openDataFolder(dataDir: string): DataFolder {
  const path = resolve(dataDir);
  try {
    mkdirSync(path, { recursive: true });
    chmodSync(path, 0o700);
  } catch (error) {
    throw new StartFailure(`The data folder ${path} cannot be used: ${oneLine(error)}`);
  }
  const release = lock(path);
  return {
    path,
    keysFile: join(path, 'keys.json'),
    databaseFolder: join(path, 'cosmos'),
    blobsFolder: join(path, 'blobs'),
    mailFile: join(path, 'mail.jsonl'),
    timersFolder: join(path, 'timers'),
    release,
  };
}

/**
 * Holds a write transaction open on `stack.lock`, an SQLite file whose `user_version` names the holder. The operating
 * system drops the lock with the process, even at kill -9: a stale lock file is simply free, whatever pid it names.
 */
function lock(folder: string): () => void {
  const file = join(folder, 'stack.lock');
  let database: DatabaseSync;
  try {
    database = new DatabaseSync(file, { timeout: 0 });
  } catch (error) {
    throw new StartFailure(`The data folder ${folder} cannot be written: ${oneLine(error)}`);
  }
  try {
    database.exec('BEGIN IMMEDIATE');
    database.exec(`PRAGMA user_version = ${process.pid}`);
    database.exec('COMMIT; BEGIN IMMEDIATE');
  } catch (error) {
    const failure = isBusy(error)
      ? `Another local stack (process ${holder(database)}) runs on the data folder ${folder}: stop it, or choose another folder with DATA_DIR.`
      : `The lock of the data folder, ${file}, cannot be taken: ${oneLine(error)}`;
    database.close();
    throw new StartFailure(failure);
  }
  return () => database.close();
}

const SQLITE_BUSY = 5;

function isBusy(error: unknown): boolean {
  return (error as { errcode?: number }).errcode === SQLITE_BUSY;
}

function holder(database: DatabaseSync): unknown {
  return database.prepare('PRAGMA user_version').get()?.user_version;
}
