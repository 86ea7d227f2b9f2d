import { readFileSync } from 'node:fs';

const TICK_MS = 10;

/**
 * Milliseconds of processor time that a process has used so far, where the system tells (Linux): what a request costs whatever else the machine
 * does meanwhile.
 */
export function processorTime(pid: number | undefined): number {
  try {
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
    return (Number(fields[11]) + Number(fields[12])) * TICK_MS;
  } catch {
    return Number.NaN;
  }
}
