import { rm } from 'node:fs/promises';
import type { LocalClock } from '../clock.ts';
import type { Fault, FaultSwitch, FaultTarget } from '../faults/fault.ts';
import type { Mailbox } from '../mailbox/mailbox.ts';
import type { BlobStorageProcess } from '../processes/blob-storage.ts';
import type { DatabaseProcess } from '../processes/database.ts';
import { FunctionsEnded } from '../processes/functions.ts';
import type { FunctionsSlot } from '../processes/functions-slot.ts';
import { emptyBlobs, provisionBlobs, provisionDatabase } from '../provision.ts';
import type { StaffIdentity } from '../staff-identity/staff-identity.ts';
import { ControlError } from './control-server.ts';
import type { ControlledStack } from './routes.ts';
import { readRunRecord } from './run-record.ts';

/** The parts of a running stack that the control port acts on. */
export interface StackParts {
  readonly clock: LocalClock;
  readonly database: DatabaseProcess;
  readonly blobs: BlobStorageProcess;
  readonly blobFaults: FaultSwitch;
  readonly mailFaults: FaultSwitch;
  readonly staffIdentityFaults: FaultSwitch;
  readonly mailbox: Mailbox;
  readonly staffIdentity: StaffIdentity;
  readonly functions: FunctionsSlot;
  readonly timersFolder: string;
  /** Runs what changes the stack as a whole one after the other. */
  readonly exclusively: <T>(task: () => Promise<T>) => Promise<T>;
}

/** What the control port can do, carried out on the parts of the stack. */
export function createOperations(parts: StackParts): ControlledStack {
  const { clock, database, blobs, mailbox, staffIdentity, functions, exclusively } = parts;
  const faults = new Map<FaultTarget, Fault>();

  async function setOffset(offsetMs: number): Promise<void> {
    await database.setClock(offsetMs);
    await functions.current()?.setClock(offsetMs);
    clock.setOffset(offsetMs);
  }

  async function setFault(target: FaultTarget, fault: Fault | undefined): Promise<void> {
    if (target === 'cosmos') await database.setFault(fault);
    else if (target === 'blob') parts.blobFaults.set(fault);
    else if (target === 'mail') parts.mailFaults.set(fault);
    else parts.staffIdentityFaults.set(fault);
    if (fault === undefined) faults.delete(target);
    else faults.set(target, fault);
  }

  async function runTimer(name: string): Promise<string | undefined> {
    try {
      return await functions.current()?.runTimer(name);
    } catch (error) {
      throw error instanceof FunctionsEnded ? new ControlError(503, error.message) : error;
    }
  }

  async function reset(): Promise<void> {
    // The functions process goes too: what it holds in memory belongs to the data that are emptied.
    await functions.end('stop');
    for (const target of [...faults.keys()]) await setFault(target, undefined);
    await setOffset(0);
    await Promise.all([
      database.reset().then(() => provisionDatabase(database)),
      emptyBlobs(blobs).then(() => provisionBlobs(blobs)),
      rm(parts.timersFolder, { recursive: true, force: true }),
    ]);
    mailbox.clear();
    await functions.begin();
  }

  return {
    now: clock.now,
    setNow: (now) => exclusively(() => setOffset(now.getTime() - Date.now())),
    timers: () => functions.current()?.timers,
    async runTimer(name) {
      const startedAt = clock.now().toISOString();
      const error = await runTimer(name);
      if (error !== undefined) return { error };
      const bare = { job: name, startedAt, finishedAt: clock.now().toISOString() };
      return { run: (await readRunRecord(database, name)) ?? bare };
    },
    faults: () => faults,
    setFault: (target, fault) => exclusively(() => setFault(target, fault)),
    reset: () => exclusively(reset),
    mailbox,
    staffIdentity,
    staffIdentityFault: parts.staffIdentityFaults.draw,
  };
}
