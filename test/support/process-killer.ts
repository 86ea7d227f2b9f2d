import type { databaseControl } from './database-control.ts';
import type { useProduct } from './product.ts';

const nextInterval = () => new Promise((resume) => setTimeout(resume, 5));

/** Kills the functions process, with no warning, at a write that the test names; and starts the next one. */
export function processKiller(product: ReturnType<typeof useProduct>, database: ReturnType<typeof databaseControl>) {
  /** Resolves when the database has had nothing to do for a while: the work that a request set going is over. */
  async function idle(): Promise<void> {
    for (let quiet = 0; quiet < 20; ) {
      quiet = (await database.served()).length > 0 ? 0 : quiet + 1;
      await nextInterval();
    }
  }

  return {
    idle,

    /**
     * Lets `act` happen, and kills the process once `writes` writes are in the database and before the next is. Answers whether there were that
     * many: also the work that a request set going counts.
     */
    async killedAfter(writes: number, act: () => Promise<unknown>): Promise<boolean> {
      await database.holdAfter(writes);
      const settled = act()
        .catch(() => undefined)
        .then(idle);
      let over = false;
      void settled.then(() => {
        over = true;
      });
      while (!over && !(await database.isHeld())) await nextInterval();
      if (over) {
        await database.release();
        return false;
      }
      await product.stack.killFunctions();
      await database.release();
      await product.stack.restartFunctions();
      return true;
    },
  };
}
