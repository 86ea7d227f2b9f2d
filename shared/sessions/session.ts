import { DAY, plus } from '../platform/clock.ts';
import type { Document } from '../platform/cosmos/document-store.ts';
import type { SessionId } from '../platform/ids.ts';
import type { HashedSecret } from '../platform/keys/secrets.ts';

/** A session that nobody refreshes ends after this long. */
export const IDLE_LIFETIME = 14 * DAY;
/** Every session ends after this long: a new sign-in is asked for (clause H1). */
export const ABSOLUTE_LIFETIME = 30 * DAY;

/** Sessions that one batch may end, beside what else it does (a batch takes 100 steps). */
export const MAX_ENDED_AT_ONCE = 80;

export type Transport = 'bearer' | 'cookie';

export interface Session extends Document {
  readonly id: SessionId;
  readonly type: 'session';
  /** The only refresh token that is good. */
  readonly tokenHash: HashedSecret;
  readonly createdAt: string;
  readonly lastUsedAt: string;
  /** When the person last proved who they are. */
  readonly authenticatedAt: string;
  readonly methods: readonly string[];
  readonly device: string;
  readonly transport: Transport;
  /** The end, whatever happens. */
  readonly endsAt: string;
}

/** When the session ends if nobody refreshes it from `lastUsed` on. */
export function sessionEnd(session: Pick<Session, 'endsAt'>, lastUsed: Date): Date {
  const idle = plus(lastUsed, IDLE_LIFETIME);
  const absolute = new Date(session.endsAt);
  return idle < absolute ? idle : absolute;
}

/** The session with a new refresh token, used at `now`. */
export function rotated(session: Session, tokenHash: HashedSecret, now: Date): Session {
  return { ...session, tokenHash, lastUsedAt: now.toISOString(), expiresAt: sessionEnd(session, now).toISOString() };
}

/** Whether the session still lives. */
export function isAlive(session: Session, now: Date): boolean {
  return sessionEnd(session, new Date(session.lastUsedAt)) > now;
}
