import { type FunctionsOptions, type FunctionsProcess, startFunctions } from './functions.ts';

/** The place of the functions process in the stack: held by the one that runs, or empty after it was ended. */
export interface FunctionsSlot {
  current(): FunctionsProcess | undefined;
  begin(): Promise<void>;
  end(how: 'stop' | 'kill'): Promise<void>;
}

/**
 * @param options asked for at each start: the clock may have been moved since the last one.
 * @param onUnexpectedEnd told of an end that nobody asked for.
 */
export function createFunctionsSlot(
  options: () => FunctionsOptions,
  onUnexpectedEnd: (how: string) => void,
): FunctionsSlot {
  let current: FunctionsProcess | undefined;
  return {
    current: () => current,
    async begin() {
      const begun = await startFunctions(options());
      current = begun;
      void begun.process.ended.then((how) => {
        if (current === begun) onUnexpectedEnd(how);
      });
    },
    async end(how) {
      // Out of its place first: this end is asked for.
      const ending = current;
      current = undefined;
      await ending?.process[how]();
    },
  };
}
