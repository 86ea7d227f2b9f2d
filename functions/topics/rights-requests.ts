import { MINUTE } from '../../shared/platform/clock.ts';
import type { TimerDefinition } from '../../shared/platform/timer.ts';
import { type CasePorts, caseServices } from '../../shared/rights-requests/index.ts';
import { habilitationReader } from '../../shared/staff-access/index.ts';
import { deskCaseActionRoutes } from '../http/desk-case-actions.ts';
import { deskRightsRequestRoutes } from '../http/desk-rights-requests.ts';
import { rightsRequestRoutes } from '../http/rights-requests.ts';
import type { Platform, Topic } from '../platform.ts';
import type { AccountsTopic } from './accounts.ts';

/** Pieces of work in one run at the most; what is left is found by the next. */
const BOUND = 100;

/** Rights requests and their case files (clauses G1-G11). */
export function rightsRequestsTopic(platform: Platform, accounts: AccountsTopic, ports: CasePorts = {}) {
  const { config, clock, database, objects, nudge, accountOf, cursors, audit } = platform;
  const { store: accountStore, accounts: accountUseCases } = accounts;
  const cases = caseServices({ config, clock, database, objects, nudge, accountStore, accountUseCases }, ports);

  const advance: TimerDefinition = {
    name: 'advance-rights-requests',
    schedule: '0 */5 * * * *',
    period: 5 * MINUTE,
    summary: 'Carries out what was approved, goes on with what was interrupted, reminds the desk of deadlines.',
    run: () => platform.runSlowWork(BOUND),
  };
  const topic: Topic = {
    routes: [
      ...rightsRequestRoutes({ cases, accountOf, cursors }),
      ...deskRightsRequestRoutes({ cases, cursors, audit, habilitations: habilitationReader(database) }),
      ...deskCaseActionRoutes({ cases, audit }),
    ],
    timers: [advance],
    work: cases.work,
    slowWork: cases.slowWork,
  };
  return { ...topic, cases };
}
