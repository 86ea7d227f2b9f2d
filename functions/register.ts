import { app, type HttpMethod } from '@azure/functions';
import { accountStore, accountUseCases, registration } from '../shared/accounts/index.ts';
import { failureCounter, sourceThrottle } from '../shared/credentials/index.ts';
import { legalDocuments } from '../shared/legal-documents/index.ts';
import { type Addressed, deliverNotification } from '../shared/notifications/index.ts';
import { connectBlobs } from '../shared/platform/blobs/connect.ts';
import type { Clock } from '../shared/platform/clock.ts';
import { readConfig } from '../shared/platform/config.ts';
import { connectCosmos } from '../shared/platform/cosmos/connect.ts';
import { openDocumentStore } from '../shared/platform/cosmos/document-store.ts';
import { healthOf } from '../shared/platform/health.ts';
import { authentication } from '../shared/platform/http/authentication.ts';
import { corsPolicy } from '../shared/platform/http/cors.ts';
import { dispatcher } from '../shared/platform/http/dispatch.ts';
import { idempotencyIn } from '../shared/platform/http/idempotency.ts';
import type { Route } from '../shared/platform/http/route.ts';
import { consoleLogger, type Logger } from '../shared/platform/logger.ts';
import { smtpMailer } from '../shared/platform/mail/mailer.ts';
import { pendingWork, type WorkHandler, type WorkQueue } from '../shared/platform/pending-work.ts';
import {
  accessTokens,
  identityProof,
  passwordUseCases,
  secondFactorUseCases,
  sessionUseCases,
} from '../shared/sessions/index.ts';
import { staffTokens } from '../shared/staff-access/index.ts';
import { userSpace } from '../shared/user-space/index.ts';
import { accountRoutes } from './http/accounts.ts';
import { legalDocumentRoutes } from './http/legal-documents.ts';
import { openRoutes } from './http/open.ts';
import { sessionRoutes } from './http/sessions.ts';
import { userSpaceRoutes } from './http/user-space.ts';
import { deliverNotifications } from './timers/deliver-notifications.ts';
import version from './version.json' with { type: 'json' };

export interface Surroundings {
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly clock: Clock;
  readonly logger?: Logger;
}

/** Puts the product together and registers every function with `@azure/functions`. Throws `ConfigurationError` when settings are wrong. */
export function registerProduct({ environment, clock, logger = consoleLogger }: Surroundings): readonly Route[] {
  const config = readConfig(environment);
  const { loginKey, dataKey, siteUrl } = config;
  const database = openDocumentStore(() => connectCosmos(config), config.cosmos.database);
  const { accounts: accountContainer, runtime, governance } = database;

  const store = accountStore(database);
  const documents = legalDocuments(governance, clock, config.controller);
  const registrations = registration({ store, documents, loginKey, dataKey, siteUrl });
  const accounts = accountUseCases(store, documents);
  const counter = failureCounter(runtime);
  const proof = identityProof({ store, counter, sources: sourceThrottle(counter, loginKey), dataKey });
  const tokens = accessTokens(config.publicUrl, config.signingKeys);
  const sessions = sessionUseCases({
    container: accountContainer,
    store,
    documents,
    proof,
    tokens,
    loginKey,
    dataKey,
    siteUrl,
  });
  const passwords = passwordUseCases({ accounts: accountContainer, runtime, store, proof, loginKey, dataKey, siteUrl });
  const secondFactors = secondFactorUseCases({ store, dataKey, issuerName: config.controller.name });

  /** Whom a mail about an account goes to. A registration for an e-mail that an account has already is told so instead. */
  async function resolve(
    accountId: string,
    ...[template, parameters]: [Addressed['template'], Addressed['parameters']]
  ) {
    const account = await store.account(accountId);
    if (!account) return undefined;
    const { email: address, givenName, familyName, language } = account.profile;
    const recipient = { address, name: `${givenName} ${familyName}`, givenName, language };
    if (template === 'account-verification' && (await registrations.isEmailTaken(account))) {
      const links = { signInLink: `${siteUrl}/sign-in`, resetLink: `${siteUrl}/password-reset` };
      return { recipient, template: 'address-known' as const, parameters: links };
    }
    return { recipient, template, parameters };
  }

  const mailer = smtpMailer(config.mail);
  const deliveries = new Map(
    [accountContainer, runtime].map((container) => [
      container,
      deliverNotification(config, container, mailer, resolve),
    ]),
  );
  const queues: readonly WorkQueue[] = [
    { container: accountContainer, partitionOf: (document) => (document as { accountId: string }).accountId },
    { container: runtime, partitionOf: (document) => (document as { id: string }).id },
  ];
  const deliver: WorkHandler = (work, partition, now) => {
    const delivery = deliveries.get(partition === work.id ? runtime : accountContainer);
    if (!delivery) throw new Error('no such queue');
    return delivery(work, partition, now);
  };
  const prepareReset: WorkHandler = async (intent, partition, now) => {
    await passwords.prepareReset(intent, partition, now);
    const { loginId, notificationId } = intent as typeof intent & { loginId: string; notificationId: string };
    const login = await store.login(loginId);
    if (login) work.nudge(accountContainer, login.accountId, notificationId);
  };
  const work = pendingWork(queues, { notification: deliver, 'password-reset-intent': prepareReset }, { clock, logger });

  const nudge = (accountId: string, id: string) => work.nudge(accountContainer, accountId, id);
  const nudgeRuntime = (id: string) => work.nudge(runtime, id, id);
  const cors = corsPolicy(config.allowedOrigins);
  const { authenticate, accountOf } = authentication({
    loginKey,
    verifyAccessToken: tokens.verify,
    verifyStaffToken: staffTokens(config.staff),
    admit: ({ accountId, sessionId }, evenPending, now) => accounts.admit(accountId, sessionId, evenPending, now),
  });
  let blobs: ReturnType<typeof connectBlobs> | undefined;
  const health = healthOf({
    database: () => database.ping(),
    storage: async () => {
      blobs ??= connectBlobs(config);
      await (await blobs).getContainerClient('exports').getProperties();
    },
  });

  const routes: readonly Route[] = [
    ...openRoutes({ config, version: version.version, health, runtime, accountOf, nudgeRuntime, routes: () => routes }),
    ...accountRoutes({ registration: registrations, accounts, accountOf, nudge }),
    ...sessionRoutes({ config, cors, sessions, passwords, secondFactors, nudge, nudgeReset: nudgeRuntime }),
    ...legalDocumentRoutes({ documents }),
    ...userSpaceRoutes({ space: userSpace(accountContainer), accountOf }),
  ];
  const platform = { clock, logger, cors, authenticate, idempotency: idempotencyIn(runtime, config) };
  for (const route of routes) {
    app.http(route.name, {
      methods: [route.method as HttpMethod],
      route: route.path.slice(1),
      authLevel: 'anonymous',
      handler: dispatcher(route, platform),
    });
  }
  // The name sorts last: the host tries routes in the order of function names.
  app.http('zz-preflight', {
    methods: ['OPTIONS'],
    route: '{*path}',
    authLevel: 'anonymous',
    handler: async (request) => ({
      status: 204,
      headers: { ...cors.preflightHeadersFor(request.headers.get('origin')) },
    }),
  });
  deliverNotifications({ clock, logger, runtime, work: work });
  return routes;
}
