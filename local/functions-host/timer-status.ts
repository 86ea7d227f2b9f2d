import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** What the host remembers of a monitored timer between starts. */
export interface ScheduleStatus {
  /** The last scheduled run, ISO 8601; `null` before the first. */
  readonly last: string | null;
  /** The next occurrence, ISO 8601; `null` when the schedule never comes. */
  readonly next: string | null;
  readonly lastUpdated: string;
}

/** Where the schedule statuses are kept. */
export interface TimerStatusStore {
  read(timerName: string): Promise<ScheduleStatus | undefined>;
  write(timerName: string, status: ScheduleStatus): Promise<void>;
}

/** Keeps the statuses for the life of the process. */
export function createMemoryTimerStatusStore(): TimerStatusStore {
  const statuses = new Map<string, ScheduleStatus>();
  return {
    read: async (timerName) => statuses.get(timerName),
    write: async (timerName, status) => {
      statuses.set(timerName, status);
    },
  };
}

/** Keeps one JSON file per timer in `directory`, replaced whole. A missing or unreadable file counts as no status. */
export function createFileTimerStatusStore(directory: string): TimerStatusStore {
  const fileOf = (timerName: string) => join(directory, `${timerName}.json`);
  return {
    async read(timerName) {
      try {
        return JSON.parse(await readFile(fileOf(timerName), 'utf8')) as ScheduleStatus;
      } catch {
        return undefined;
      }
    },
    async write(timerName, status) {
      await mkdir(directory, { recursive: true });
      const file = fileOf(timerName);
      await writeFile(`${file}.new`, JSON.stringify(status));
      await rename(`${file}.new`, file);
    },
  };
}
