import { app } from '@azure/functions';
import { DISCLOSURE_KIND } from '../shared/disclosures/index.ts';
import type { Inventory } from '../shared/personal-data/index.ts';
import { connectBlobs } from '../shared/platform/blobs/connect.ts';
import type { Clock } from '../shared/platform/clock.ts';
import { type Config, readConfig } from '../shared/platform/config.ts';
import { containers } from '../shared/platform/cosmos/containers.ts';
import { healthOf } from '../shared/platform/health.ts';
import { authentication } from '../shared/platform/http/authentication.ts';
import { dispatcher, preflight, unknownPath } from '../shared/platform/http/dispatch.ts';
import { idempotencyIn } from '../shared/platform/http/idempotency.ts';
import type { Route } from '../shared/platform/http/route.ts';
import { type JobWatch, jobWatch } from '../shared/platform/job-watch.ts';
import { consoleLogger, type Logger } from '../shared/platform/logger.ts';
import { type PendingWorkRunner, pendingWork, type WorkHandlers } from '../shared/platform/pending-work.ts';
import { runTimer, type TimerDefinition } from '../shared/platform/timer.ts';
import { staffTokens } from '../shared/staff-access/index.ts';
import { openRoutes } from './http/open.ts';
import { openPlatform, type Platform, type Topic } from './platform.ts';
import { deliverNotifications } from './timers/deliver-notifications.ts';
import { accountsTopic } from './topics/accounts.ts';
import { consentsTopic } from './topics/consents.ts';
import { mailPermission } from './topics/mail-permission.ts';
import { personalDataTopic } from './topics/personal-data.ts';
import { postMortemTopic } from './topics/post-mortem.ts';
import { recordsTopic } from './topics/records.ts';
import { rightsRequestsTopic } from './topics/rights-requests.ts';
import { staffAccessTopic } from './topics/staff-access.ts';
import version from './version.json' with { type: 'json' };

export interface Surroundings {
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly clock: Clock;
  readonly logger?: Logger;
}

/** The containers in which committed work waits. */
const QUEUES = new Set(['accounts', 'rights-requests', 'governance', 'runtime']);

/** What runs the timers and the pending work, for the operators' view of it. */
interface Machinery {
  readonly watch: JobWatch;
  readonly work: () => Pick<PendingWorkRunner, 'backlog' | 'retry'>;
}

/** The topics of the product, each given the services that it needs of others. */
function composeTopics(platform: Platform, machinery: Machinery) {
  /** The inventory of personal data: what all topics declare, read only once everything stands. */
  const inventory = (): Inventory => topics.flatMap((topic) => topic.personalData ?? []);
  const accounts = accountsTopic(platform, {
    joining: (visitorId, now) => consents.joining(visitorId, now),
    mayBeMailed: (...mail) => mayBeMailed(...mail),
  });
  const consents = consentsTopic(platform, accounts);
  const mayBeMailed = mailPermission({ gate: consents.gate, space: accounts.space });
  const personalData = personalDataTopic(platform, { accounts, inventory, receipts: consents.receipts });
  const records = recordsTopic(platform, {
    ...machinery,
    accounts,
    consents,
    sources: inventory,
    sweeps: [
      personalData.leftovers,
      { name: 'identity-proofs', run: (limit, now) => rightsRequests.cases.identityProofs.purge(now, limit) },
    ],
  });
  const rightsRequests = rightsRequestsTopic(platform, accounts, {
    erasure: personalData.erasure,
    packages: personalData.packages,
    async withdrawConsents(accountId, { purposes, language }, now) {
      const how = { language, mechanism: 'rights-request', ...(purposes ? { purposes } : {}) };
      await consents.consents.withdraw({ accountId }, how, now);
    },
    async tellRecipients({ accountId }, about, now) {
      if (accountId === undefined) return;
      const { notifications } = await records.notices.tellRecipients({ accountId, ...about }, now);
      for (const id of notifications) platform.nudge(platform.database.governance, DISCLOSURE_KIND, id);
    },
  });
  const postMortem = postMortemTopic(platform, {
    accounts,
    erasure: personalData.erasure,
    packages: personalData.packages,
    recipients: records.notices,
  });
  const topics: readonly Topic[] = [
    accounts,
    consents,
    personalData,
    rightsRequests,
    staffAccessTopic(platform, accounts, inventory),
    postMortem,
    records,
  ];
  return { topics, accounts, consents, personalData, rightsRequests, postMortem, inventory };
}

/**
 * The product without its endpoints: platform, topics, the runner of their pending work, the timers. `change` stands between the platform and all that
 * is built on it: tests count and break its stores there.
 */
export function assemble(
  config: Config,
  { clock, logger }: Pick<Platform, 'clock' | 'logger'>,
  change: (platform: Platform) => Platform = (platform) => platform,
) {
  const platform = change(
    openPlatform(config, {
      clock,
      logger,
      nudge: (container, partition, id) => work.nudge(container, partition, id),
      runSlowWork: (limit) => work.run(limit, Object.keys(slow)),
    }),
  );
  const { database } = platform;
  const watch = jobWatch({ runtime: database.runtime, clock, jobs: () => timers });
  const composed = composeTopics(platform, { watch, work: () => work });
  const { topics } = composed;
  const quick: WorkHandlers = Object.assign({}, ...topics.map((topic) => topic.work));
  const slow: WorkHandlers = Object.assign({}, ...topics.map((topic) => topic.slowWork));
  const queues = containers
    .filter(({ id }) => QUEUES.has(id))
    .map(({ id, partitionKey }) => ({ container: database[id], partitionKey: partitionKey.slice(1) }));
  const work = pendingWork(queues, { ...quick, ...slow }, { clock, logger });
  const timers: readonly TimerDefinition[] = [
    deliverNotifications(work, Object.keys(quick)),
    ...topics.flatMap((topic) => topic.timers ?? []),
  ];
  return { platform, ...composed, work, timers, watch };
}

/** Everything that was registered: what the alerts and the API document are made from. */
export interface Registered {
  readonly routes: readonly Route[];
  readonly timers: readonly TimerDefinition[];
}

/** Puts the product together and registers every function with `@azure/functions`. Throws `ConfigurationError` when settings are wrong. */
export function registerProduct({ environment, clock, logger = consoleLogger }: Surroundings): Registered {
  const config = readConfig(environment);
  const { platform, accounts, topics, work, timers, watch } = assemble(config, { clock, logger });
  const { database, cors, accountOf, admitted } = platform;
  const { runtime } = database;

  let blobs: ReturnType<typeof connectBlobs> | undefined;
  const health = healthOf(
    {
      database: () => database.ping(),
      storage: async () => {
        blobs ??= connectBlobs(config);
        await (await blobs).getContainerClient('exports').getProperties();
      },
    },
    watch.lateJobs,
  );
  const nudgeRuntime = (id: string) => work.nudge(runtime, id, id);
  const routes: readonly Route[] = [
    ...openRoutes({ config, version: version.version, health, runtime, accountOf, nudgeRuntime, routes: () => routes }),
    ...topics.flatMap((topic) => topic.routes ?? []),
  ];

  const authenticate = authentication({
    loginKey: config.loginKey,
    cors,
    verifyAccessToken: accounts.tokens.verify,
    verifyStaffToken: staffTokens(config.staff),
    admit: ({ accountId, sessionId }, evenPending, now) =>
      accounts.accounts.admit(accountId, sessionId, evenPending, now),
    admitted,
  });
  const http = { clock, logger, cors, authenticate, idempotency: idempotencyIn(runtime, config) };
  for (const route of routes) {
    app.http(route.name, {
      // What can be read can be asked for without its body (RFC 9110 §9.3.2); the server leaves the body out.
      methods: route.method === 'GET' ? ['GET', 'HEAD'] : [route.method],
      route: route.path.slice(1),
      authLevel: 'anonymous',
      handler: dispatcher(route, http),
    });
  }
  // The names sort last: the host tries routes in the order of function names.
  app.http('zz-not-found', {
    methods: ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'],
    route: '{*path}',
    authLevel: 'anonymous',
    handler: unknownPath(http),
  });
  app.http('zz-preflight', {
    methods: ['OPTIONS'],
    route: '{*path}',
    authLevel: 'anonymous',
    handler: preflight(http),
  });
  for (const timer of timers) {
    app.timer(timer.name, {
      schedule: timer.schedule,
      handler: () => runTimer(timer, { clock, logger, runtime }),
    });
  }
  return { routes, timers };
}
