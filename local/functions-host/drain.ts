/** Work under way, to be waited for at the end. */
export interface Drain {
  readonly closing: boolean;
  /** Counts work until it settles. */
  track<T>(work: Promise<T>): Promise<T>;
  /** Resolves when no counted work is left, or after `timeoutMs`. */
  finish(timeoutMs: number): Promise<void>;
}

export function createDrain(): Drain {
  let count = 0;
  let closing = false;
  let idle: (() => void) | undefined;
  const settled = () => {
    count -= 1;
    if (count === 0) idle?.();
  };
  return {
    get closing() {
      return closing;
    },
    track(work) {
      count += 1;
      work.then(settled, settled);
      return work;
    },
    async finish(timeoutMs) {
      closing = true;
      if (count === 0) return;
      await new Promise<void>((resolve) => {
        const timeout = setTimeout(resolve, timeoutMs);
        idle = () => {
          clearTimeout(timeout);
          resolve();
        };
      });
    },
  };
}
