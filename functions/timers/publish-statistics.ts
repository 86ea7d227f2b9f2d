import { DAY } from '../../shared/platform/clock.ts';
import type { TimerDefinition } from '../../shared/platform/timer.ts';

/** Every day: publishes the statistics of the months that are over (clause C5). */
export function publishStatistics(run: TimerDefinition['run']): TimerDefinition {
  return {
    name: 'publish-statistics',
    schedule: '0 40 3 * * *',
    period: DAY,
    summary:
      'Publishes the anonymous statistics of each month that is over, once; ten people at least behind every number.',
    exclusive: true,
    run,
  };
}
