import type { ConsentExpiry } from '../../shared/consents/index.ts';
import { DAY } from '../../shared/platform/clock.ts';
import type { TimerDefinition } from '../../shared/platform/timer.ts';

/** Every night: deletes consents whose 13 months are over (H3), also what the store's own expiry has missed. */
export function expireConsents(expiry: ConsentExpiry): TimerDefinition {
  return {
    name: 'expire-consents',
    schedule: '0 15 1 * * *',
    period: DAY,
    summary: 'Deletes consents 13 months after the decision; a run that reaches its bound is continued by the next.',
    exclusive: true,
    run: () => expiry.run(),
  };
}
