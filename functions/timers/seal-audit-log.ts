import type { AuditSeals } from '../../shared/audit/index.ts';
import { DAY } from '../../shared/platform/clock.ts';
import type { TimerDefinition } from '../../shared/platform/timer.ts';

/** Every night, after the day in UTC has settled: seals each closed day of the audit log that is not sealed yet. */
export function sealAuditLog(seals: AuditSeals): TimerDefinition {
  return {
    name: 'seal-audit-log',
    schedule: '0 20 0 * * *',
    period: DAY,
    summary: 'Seals the closed days of the audit log: a Merkle root for each, linked to the day before.',
    run: () => seals.sealClosedDays(),
  };
}
