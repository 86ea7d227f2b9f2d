import { settleReservations } from '../../shared/accounts/index.ts';
import { HOUR } from '../../shared/platform/clock.ts';
import type { DocumentStore } from '../../shared/platform/cosmos/document-store.ts';
import type { TimerDefinition } from '../../shared/platform/timer.ts';
import { purgedContainers, purgeExpired, type Sweep } from '../../shared/retention/index.ts';
import type { Platform } from '../platform.ts';

/** Every hour: removes what has passed its term (clause E1). */
export function purgeExpiredData(
  { database, objects, clock, logger }: Platform,
  sweeps: readonly Sweep[],
): TimerDefinition {
  const run = purgeExpired({
    database,
    objects,
    clock,
    logger,
    containers: purgedContainers,
    sweeps: [{ name: 'reservations', run: (limit, now) => freed(database, limit, now) }, ...sweeps],
  });
  return {
    name: 'purge-expired-data',
    schedule: '0 17 * * * *',
    period: HOUR,
    summary:
      'Removes documents and stored files that have passed their term, and frees reservations that nothing came of.',
    exclusive: true,
    run,
  };
}

async function freed(database: DocumentStore, limit: number, now: Date) {
  const { examined, settled } = await settleReservations(database, limit, now);
  return { examined, changed: settled };
}
