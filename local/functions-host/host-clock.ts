import { createLocalClock } from '../clock.ts';

/**
 * The clock of this Functions host process: `main.ts` moves it when the supervisor says so, the host schedules timers
 * by it, and the entry module hands it to the product.
 */
export const hostClock = createLocalClock();
