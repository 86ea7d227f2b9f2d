import type { HttpHandler } from '@azure/functions';
import { DISCLOSURE_KIND } from '../shared/disclosures/index.ts';
import type { Inventory } from '../shared/personal-data/index.ts';
import { connectBlobs } from '../shared/platform/blobs/connect.ts';
import type { Clock } from '../shared/platform/clock.ts';
import type { Config } from '../shared/platform/config.ts';
import { containers } from '../shared/platform/cosmos/containers.ts';
import { healthOf } from '../shared/platform/health.ts';
import { authentication } from '../shared/platform/http/authentication.ts';
import { dispatcher, preflight, unknownPath } from '../shared/platform/http/dispatch.ts';
import { idempotencyIn } from '../shared/platform/http/idempotency.ts';
import { type JobWatch, jobWatch } from '../shared/platform/job-watch.ts';
import { consoleLogger, type Logger } from '../shared/platform/logger.ts';
import { type PendingWorkRunner, pendingWork, type WorkHandlers } from '../shared/platform/pending-work.ts';
import { runTimer, type TimerDefinition } from '../shared/platform/timer.ts';
import { staffTokens } from '../shared/staff-access/index.ts';
import { openPlatform, type Platform, type RouteGroup, routeGroup, type Topic } from './platform.ts';
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
  readonly config: Config;
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
  const personalData = personalDataTopic(platform, { accounts, inventory, consents });
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
  const rightsRequests = rightsRequestsTopic(
    platform,
    { accounts, purposes: consents.purposes },
    {
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
    },
  );
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

/** The product, ready to be called. */
export interface Product {
  readonly groups: readonly RouteGroup[];
  readonly timers: readonly TimerDefinition[];
  /** What answers the requests to one endpoint; loads its group. Throws when there is no such endpoint. */
  handlerOf(group: string, name: string): Promise<HttpHandler>;
  /** Answers what no endpoint has. */
  readonly unknownPath: HttpHandler;
  /** Answers `OPTIONS` everywhere. */
  readonly preflight: HttpHandler;
  runTimer(name: string): Promise<void>;
}

/** Puts the product together. Nothing is connected to, and no endpoint loaded, before the first call that wants it. */
export function openProduct({ config, clock, logger = consoleLogger }: Surroundings): Product {
  const { platform, accounts, consents, topics, work, timers, watch } = assemble(config, { clock, logger });
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
  const service = routeGroup('service', async () => {
    const { openRoutes } = await import('./http/open.ts');
    const nudgeRuntime = (id: string) => work.nudge(runtime, id, id);
    const routes = async () => (await Promise.all(groups.map((group) => group.load()))).flat();
    const { purposes } = consents;
    return openRoutes({ config, version: version.version, health, runtime, purposes, accountOf, nudgeRuntime, routes });
  });
  const groups: readonly RouteGroup[] = [service, ...topics.flatMap((topic) => topic.routes ?? [])];

  const authenticate = authentication({
    loginKey: config.loginKey,
    cors,
    verifyAccessToken: accounts.tokens.verify,
    verifyStaffToken: staffTokens(config.staff),
    admit: ({ accountId, sessionId }, evenPending, now) =>
      accounts.accounts.admit(accountId, sessionId, evenPending, now),
    admitted,
  });
  const http = {
    clock,
    logger,
    cors,
    authenticate,
    idempotency: idempotencyIn(runtime, config),
    trustedProxyHops: config.trustedProxyHops,
  };

  return {
    groups,
    timers,
    async handlerOf(group, name) {
      const routes = await groups.find((candidate) => candidate.name === group)?.load();
      const route = routes?.find((candidate) => candidate.name === name);
      if (!route) throw new Error(`no endpoint is called ${group}/${name}`);
      return dispatcher(route, http);
    },
    unknownPath: unknownPath(http),
    preflight: preflight(http),
    async runTimer(name) {
      const timer = timers.find((candidate) => candidate.name === name);
      if (!timer) throw new Error(`no timer is called ${name}`);
      await runTimer(timer, { clock, logger, runtime });
    },
  };
}
