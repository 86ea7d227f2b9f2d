/**
 * The clock of the local stack: real time plus an offset that the control port moves.
 *
 * It keeps ticking from the instant it is set to, forwards or back. Each process of the stack holds one, and the
 * supervisor sends every one of them the same offset.
 */
export interface LocalClock {
  /** The current local instant. */
  now(): Date;
  /** The offset from real time, in milliseconds. */
  readonly offsetMs: number;
  /** Moves the clock so that it reads real time plus `offsetMs`. */
  setOffset(offsetMs: number): void;
}

export function createLocalClock(offsetMs = 0): LocalClock {
  let offset = offsetMs;
  return {
    now: () => new Date(Date.now() + offset),
    get offsetMs() {
      return offset;
    },
    setOffset(next) {
      offset = next;
    },
  };
}
