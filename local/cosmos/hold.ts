/**
 * Lets so many writes through and then neither carries out nor answers anything, until it is released: the moment to kill whoever writes,
 * between two of its writes.
 */
export function createHold() {
  let writesLeft: number | undefined;
  return {
    after(writes: number): void {
      writesLeft = writes;
    },
    release(): void {
      writesLeft = undefined;
    },
    isHeld: (): boolean => writesLeft !== undefined && writesLeft <= 0,
    /** Counts a write that was carried out. */
    written(): void {
      if (writesLeft !== undefined) writesLeft -= 1;
    },
  };
}
