import { activityLog } from '../../shared/activity/index.ts';
import { breachRegister } from '../../shared/breaches/index.ts';
import { disclosureRegister, disclosureSource, recipientNotices } from '../../shared/disclosures/index.ts';
import { fanOutMails } from '../../shared/notifications/index.ts';
import type { PersonalDataSource } from '../../shared/personal-data/index.ts';
import type { JobWatch } from '../../shared/platform/job-watch.ts';
import type { PendingWorkRunner } from '../../shared/platform/pending-work.ts';
import { processingRegister } from '../../shared/processing-register/index.ts';
import type { Sweep } from '../../shared/retention/index.ts';
import { publishedStatistics, statisticsPublishing } from '../../shared/statistics/index.ts';
import { type Platform, routeGroup, type Topic } from '../platform.ts';
import { publishStatistics } from '../timers/publish-statistics.ts';
import { purgeExpiredData } from '../timers/purge-expired-data.ts';
import type { AccountsTopic } from './accounts.ts';
import type { ConsentsTopic } from './consents.ts';

interface RecordsServices {
  readonly accounts: AccountsTopic;
  readonly consents: ConsentsTopic;
  /** The inventory of the whole product. */
  readonly sources: () => readonly PersonalDataSource[];
  /** What else ends, of other topics. */
  readonly sweeps: readonly Sweep[];
  readonly watch: JobWatch;
  readonly work: () => Pick<PendingWorkRunner, 'backlog' | 'retry'>;
}

/** The register of processing, disclosures, breaches, statistics, retention, jobs (clauses B3, C4-C7, E1, H2). */
export function recordsTopic(platform: Platform, services: RecordsServices) {
  const { config, clock, database, audit, cursors } = platform;
  const { accounts, consents, sources, sweeps, watch, work } = services;
  const { governance } = database;
  const { controller, dataKey } = config;

  const disclosures = disclosureRegister({
    governance,
    store: accounts.store,
    consentStands: consents.consents.coversSharing,
  });
  const notices = recipientNotices({ governance, dataKey });
  const breaches = breachRegister({ governance, dataKey, controller });
  const statistics = publishedStatistics(database.statistics);
  const publishing = statisticsPublishing({
    accounts: database.accounts,
    runtime: database.runtime,
    published: statistics,
    gate: consents.gate,
    eventsOf: activityLog({ activity: database.activity, loginKey: config.loginKey }).between,
    dataKey,
    clock,
  });

  const topic: Topic = {
    routes: [
      routeGroup('desk-register', async () =>
        (await import('../http/desk-register.ts')).registerRoutes({
          registerAt: async (language, now) =>
            processingRegister(
              {
                controller,
                services: await consents.purposes.all(),
                sources: sources(),
                transfers: await disclosures.thirdCountries(),
              },
              language,
              now,
            ),
        }),
      ),
      routeGroup('desk-disclosures', async () =>
        (await import('../http/desk-disclosures.ts')).disclosureRoutes({
          register: disclosures,
          notices,
          audit,
          cursors,
        }),
      ),
      routeGroup('desk-breaches', async () =>
        (await import('../http/desk-breaches.ts')).breachRoutes({
          register: breaches,
          controller,
          audit,
          cursors,
          nudge: (id) => platform.nudge(governance, 'breach', id),
        }),
      ),
      routeGroup('desk-statistics', async () =>
        (await import('../http/desk-statistics.ts')).statisticsRoutes({ statistics }),
      ),
      routeGroup('desk-announcements', async () =>
        (await import('../http/desk-announcements.ts')).announcementRoutes({
          config,
          governance,
          audit,
          nudge: (kind, id) => platform.nudge(governance, kind, id),
        }),
      ),
      routeGroup('desk-jobs', async () =>
        (await import('../http/desk-jobs.ts')).jobRoutes({
          watch,
          work: { backlog: () => work().backlog(), retry: (...which) => work().retry(...which) },
          audit,
        }),
      ),
    ],
    timers: [purgeExpiredData(platform, sweeps), publishStatistics(publishing)],
    work: {
      'mail-fan-out': fanOutMails({
        accounts: database.accounts,
        dataKey,
        clock,
        nudge: (accountId, id) => platform.nudge(database.accounts, accountId, id),
      }),
    },
    personalData: [disclosureSource(governance)],
  };
  return { ...topic, disclosures, notices };
}
