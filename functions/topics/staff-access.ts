import { accessLog, accessLogSource, auditSeals, auditTrail } from '../../shared/audit/index.ts';
import type { Inventory } from '../../shared/personal-data/index.ts';
import { accountReading, habilitationReader, habilitations } from '../../shared/staff-access/index.ts';
import { deskAccountRoutes } from '../http/desk-accounts.ts';
import { deskAuditRoutes } from '../http/desk-audit.ts';
import { deskHabilitationRoutes } from '../http/desk-habilitations.ts';
import type { Platform, Topic } from '../platform.ts';
import { sealAuditLog } from '../timers/seal-audit-log.ts';
import type { AccountsTopic } from './accounts.ts';

/** Habilitations, the audit log, what staff may see of an account (clause C3). */
export function staffAccessTopic(
  platform: Platform,
  accounts: Pick<AccountsTopic, 'store'>,
  inventory: () => Inventory,
): Topic {
  const { config, clock, database, audit, cursors } = platform;
  const { store } = accounts;
  const trail = auditTrail(database);
  const seals = auditSeals(database, platform.seals, clock);
  const granted = habilitationReader(database);
  const reading = accountReading({ store, loginKey: config.loginKey, audit, habilitations: granted, inventory });
  return {
    routes: [
      ...deskHabilitationRoutes({ habilitations: habilitations(database, audit), cursors }),
      ...deskAccountRoutes({ reading }),
      ...deskAuditRoutes({ audit, trail, seals, accesses: accessLog(trail, audit), cursors }),
    ],
    timers: [sealAuditLog(seals)],
    personalData: [accessLogSource(trail, audit)],
  };
}
