import { resolveAppSettings } from './app-settings.ts';
import { errorText, type RegisteredFunction } from './function-app.ts';
import { type NcrontabSchedule, parseNcrontab } from './ncrontab.ts';
import type { TimerDefinition } from './timer-scheduler.ts';

/**
 * Reads the schedule of a timer function, its `%SETTING%`s replaced.
 *
 * @throws Error that names the function whose schedule is faulty.
 */
export function readTimerDefinition(
  fn: RegisteredFunction,
  settings: Readonly<Record<string, string>>,
  now: Date,
): TimerDefinition {
  const { schedule, useMonitor, runOnStartup } = fn.binding;
  try {
    const parsed = parseNcrontab(resolveAppSettings(String(schedule), settings));
    return {
      name: fn.name,
      schedule: parsed,
      monitored: useMonitor !== false && !isSubMinute(parsed, now),
      runOnStartup: runOnStartup === true,
    };
  } catch (error) {
    throw new Error(`Timer '${fn.name}' cannot be scheduled: ${errorText(error)}`);
  }
}

/** As the real host: a timer with more than one occurrence in the next minute is not monitored. */
function isSubMinute(schedule: NcrontabSchedule, now: Date): boolean {
  const first = schedule.next(now);
  const second = first === undefined ? undefined : schedule.next(first);
  return second !== undefined && second.getTime() < now.getTime() + 60_000;
}
