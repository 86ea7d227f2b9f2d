import type { NotificationId } from '../platform/ids.ts';
import type { HashedSecret } from '../platform/keys/secrets.ts';
import type { PendingWork } from '../platform/pending-work.ts';

export const CLOSING_ID = 'closing-space';

/**
 * That a space is closing, beside its account: the work that is due when it can no longer be undone. Its own end and its undoing are conditional
 * writes to this one document, so that exactly one of them happens.
 */
export interface ClosingSpace extends PendingWork {
  readonly id: typeof CLOSING_ID;
  readonly type: 'closing-space';
  readonly because: 'closure' | 'inactivity';
  readonly closedAt: string;
  /** Until then, and before the work is begun, the mailed link reopens the space. */
  readonly undoUntil?: string;
  /** Of the secret in the mailed link. */
  readonly tokenHash?: HashedSecret;
  /** In the person's own words, if they gave any. */
  readonly reason?: string;
  /** Chosen at once, so that what follows is the same however often it is tried. */
  readonly erasureId: string;
  readonly farewellId: NotificationId;
}
