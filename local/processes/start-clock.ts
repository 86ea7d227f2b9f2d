import { hostClock } from '../functions-host/host-clock.ts';

// Loaded into the functions process before anything else: a process that is started anew, on a clock that was moved, reads
// the local time from its first line on. Later moves come as messages.
hostClock.setOffset(Number(process.env.LOCAL_CLOCK_OFFSET_MS ?? 0));
