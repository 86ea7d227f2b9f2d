import { accessLog, accessLogSource, auditSeals, auditTrail } from '../../shared/audit/index.ts';
import type { Inventory } from '../../shared/personal-data/index.ts';
import { accountReading, habilitationReader, habilitations } from '../../shared/staff-access/index.ts';
import { type Platform, routeGroup, type Topic } from '../platform.ts';
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
      routeGroup('desk-habilitations', async () =>
        (await import('../http/desk-habilitations.ts')).deskHabilitationRoutes({
          habilitations: habilitations(database, audit),
          cursors,
        }),
      ),
      routeGroup('desk-accounts', async () =>
        (await import('../http/desk-accounts.ts')).deskAccountRoutes({ reading }),
      ),
      routeGroup('desk-audit', async () =>
        (await import('../http/desk-audit.ts')).deskAuditRoutes({
          audit,
          trail,
          seals,
          accesses: accessLog(trail, audit),
          cursors,
        }),
      ),
    ],
    timers: [sealAuditLog(seals)],
    personalData: [accessLogSource(trail, audit)],
  };
}
