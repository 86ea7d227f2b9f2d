import type { AccountId } from '../platform/ids.ts';
import type { PendingWork, WorkHandler } from '../platform/pending-work.ts';
import type { ConsentUseCases } from './consents.ts';

/** The type of the work that a sign-in on a device leaves, in the account's partition. */
export const JOINING = 'consent-joining';

interface JoiningWork extends PendingWork {
  readonly type: 'consent-joining';
  /** The pseudonym of the device: its visitor id is not stored. */
  readonly device: string;
}

/** The work of joining a device's choices to the account that signs in on it; signing in twice leaves it once. */
export function joiningWork(device: string, now: Date): JoiningWork {
  return { id: `${JOINING}:${device}`, type: JOINING, device, attempts: 0, pendingAt: now.toISOString() };
}

/** Joins and forgets the work. Joining twice changes nothing. */
export function carryOutJoining(consents: ConsentUseCases): WorkHandler {
  return async (work, { container, partition }, now) => {
    await consents.join(partition as AccountId, (work as typeof work & JoiningWork).device, now);
    await container.remove(partition, work.id, work._etag);
  };
}
