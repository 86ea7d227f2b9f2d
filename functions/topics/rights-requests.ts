import type { ServicePurposes } from '../../shared/purposes/index.ts';
import { type CasePorts, caseServices } from '../../shared/rights-requests/index.ts';
import { habilitationReader } from '../../shared/staff-access/index.ts';
import { type Platform, routeGroup, type Topic } from '../platform.ts';
import { advanceRightsRequests } from '../timers/advance-rights-requests.ts';
import type { AccountsTopic } from './accounts.ts';

/** Rights requests and their case files (clauses G1-G11). */
export function rightsRequestsTopic(
  platform: Platform,
  { accounts, purposes }: { readonly accounts: AccountsTopic; readonly purposes: ServicePurposes },
  ports: CasePorts = {},
) {
  const { logger, config, clock, database, objects, nudge, accountOf, cursors, audit } = platform;
  const { store: accountStore, accounts: accountUseCases } = accounts;
  const cases = caseServices({ config, clock, logger, database, objects, nudge, accountStore, accountUseCases }, ports);

  const topic: Topic = {
    routes: [
      routeGroup('rights-requests', async () =>
        (await import('../http/rights-requests.ts')).rightsRequestRoutes({ cases, purposes, accountOf, cursors }),
      ),
      routeGroup('desk-case-lists', async () =>
        (await import('../http/desk-case-lists.ts')).deskCaseListRoutes({ cases, cursors, audit }),
      ),
      routeGroup('desk-rights-requests', async () =>
        (await import('../http/desk-rights-requests.ts')).deskRightsRequestRoutes({
          cases,
          purposes,
          audit,
          habilitations: habilitationReader(database),
        }),
      ),
      routeGroup('desk-case-actions', async () =>
        (await import('../http/desk-case-actions.ts')).deskCaseActionRoutes({ cases, audit }),
      ),
    ],
    timers: [advanceRightsRequests(platform.runSlowWork)],
    work: cases.work,
    slowWork: cases.slowWork,
    personalData: cases.personalData,
  };
  return { ...topic, cases };
}
