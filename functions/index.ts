import { systemClock } from '../shared/platform/clock.ts';
import { registerProduct } from './register.ts';

/** What Azure loads: the product, on real time and the app settings. */
registerProduct({ environment: process.env, clock: systemClock });
