import type { ServicePurposes } from '../../shared/purposes/index.ts';
import { type CasePorts, caseServices } from '../../shared/rights-requests/index.ts';
import { habilitationReader } from '../../shared/staff-access/index.ts';
import { deskCaseActionRoutes } from '../http/desk-case-actions.ts';
import { deskRightsRequestRoutes } from '../http/desk-rights-requests.ts';
import { rightsRequestRoutes } from '../http/rights-requests.ts';
import type { Platform, Topic } from '../platform.ts';
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
      ...rightsRequestRoutes({ cases, purposes, accountOf, cursors }),
      ...deskRightsRequestRoutes({ cases, purposes, cursors, audit, habilitations: habilitationReader(database) }),
      ...deskCaseActionRoutes({ cases, audit }),
    ],
    timers: [advanceRightsRequests(platform.runSlowWork)],
    work: cases.work,
    slowWork: cases.slowWork,
    personalData: cases.personalData,
  };
  return { ...topic, cases };
}
