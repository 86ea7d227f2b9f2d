import { app } from '@azure/functions';
import type { Clock } from '../../shared/platform/clock.ts';
import type { DocumentContainer } from '../../shared/platform/cosmos/document-store.ts';
import type { Logger } from '../../shared/platform/logger.ts';
import type { PendingWorkRunner } from '../../shared/platform/pending-work.ts';
import { recordRun } from '../../shared/platform/run-record.ts';

interface DeliveryPlatform {
  readonly clock: Clock;
  readonly logger: Logger;
  readonly runtime: DocumentContainer;
  readonly work: PendingWorkRunner;
}

/** Pieces of work in one run at the most; what is left is found by the next. */
const BOUND = 500;

/** Every minute: carries out queued mails and what else was committed to be done soon. */
export function deliverNotifications({ clock, logger, runtime, work }: DeliveryPlatform): void {
  app.timer('deliver-notifications', {
    schedule: '0 * * * * *',
    handler: () => recordRun('deliver-notifications', { clock, logger, runtime }, () => work.run(BOUND)),
  });
}
