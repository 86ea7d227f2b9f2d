import { registerProduct } from '../functions/register.ts';
import { hostClock } from './functions-host/host-clock.ts';

/** What the local Functions host loads: the very registrations that Azure sees, on the clock that the control port moves. */
registerProduct({ environment: process.env, clock: hostClock });
