import {
  accountSources,
  accountStore,
  accountUseCases,
  completeSubject,
  registration,
} from '../../shared/accounts/index.ts';
import { failureCounter, sourceThrottle } from '../../shared/credentials/index.ts';
import { legalDocuments, type VersionSummary } from '../../shared/legal-documents/index.ts';
import {
  deliverNotification,
  mailBudget,
  newMailFanOut,
  notificationSources,
  type ResolveRecipient,
} from '../../shared/notifications/index.ts';
import { smtpMailer } from '../../shared/platform/mail/mailer.ts';
import type { WorkHandler } from '../../shared/platform/pending-work.ts';
import {
  accessTokens,
  identityProof,
  passwordUseCases,
  secondFactorUseCases,
  sessionSources,
  sessionUseCases,
} from '../../shared/sessions/index.ts';
import { userSpace, userSpaceSources } from '../../shared/user-space/index.ts';
import type { AuthenticationServices } from '../http/authentication.ts';
import { type Platform, routeGroup, type Topic } from '../platform.ts';
import type { MayBeMailed } from './mail-permission.ts';

interface AccountsServices extends Pick<AuthenticationServices, 'joining'> {
  readonly mayBeMailed: MayBeMailed;
}

/** Accounts, sign-in, sessions, the user's space, the legal documents, and the mails about them. */
export function accountsTopic(platform: Platform, { joining, mayBeMailed }: AccountsServices) {
  const { config, clock, database, cors, cursors, accountOf } = platform;
  const { loginKey, dataKey, siteUrl } = config;
  const { accounts: accountContainer, runtime, governance } = database;

  const store = accountStore(database);
  const documents = legalDocuments(governance, clock, config.controller);
  const registrations = registration({ store, documents, loginKey, dataKey, siteUrl });
  const accounts = accountUseCases(store, documents);
  const budget = mailBudget(runtime);
  const space = userSpace(accountContainer);
  const proof = identityProof({
    store,
    counter: failureCounter(runtime, 'account-failures'),
    sources: sourceThrottle(failureCounter(runtime, 'source-failures'), loginKey),
    dataKey,
  });
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
  const passwords = passwordUseCases({
    accounts: accountContainer,
    runtime,
    store,
    proof,
    budget,
    loginKey,
    dataKey,
    siteUrl,
  });
  const secondFactors = secondFactorUseCases({ store, dataKey, issuerName: config.controller.name });

  /** Whom a mail about an account goes to. A registration for an e-mail that an account has already is told so instead. */
  const resolve: ResolveRecipient = async (accountId, template, parameters, notificationId) => {
    const account = await store.account(accountId);
    if (!account || !(await mayBeMailed(account, template, parameters, clock.now()))) return undefined;
    const { email: address, givenName, familyName, language } = account.profile;
    const recipient = { address, name: `${givenName} ${familyName}`, givenName, language };
    if (template !== 'account-verification') return { recipient, template, parameters };
    if ((await budget.take('registration', account.loginId, notificationId, clock.now())) > 0) return undefined;
    const takenBy = await registrations.emailTakenBy(account);
    if (takenBy === 'active') {
      const links = { signInLink: `${siteUrl}/sign-in`, resetLink: `${siteUrl}/password-reset` };
      return { recipient, template: 'address-known' as const, parameters: links };
    }
    if (takenBy === 'closing') return { recipient, template: 'address-of-closing-space' as const, parameters: {} };
    return { recipient, template, parameters };
  };

  const prepareReset: WorkHandler = async (intent, place, now) => {
    await passwords.prepareReset(intent, place, now);
    const { loginId, notificationId } = intent as typeof intent & { loginId: string; notificationId: string };
    const login = await store.login(loginId);
    if (login) nudge(login.accountId, notificationId);
  };
  /** The mail to every user about a new version of what they accept (clause I1). */
  const telling = ({ kind, version, effectiveAt }: VersionSummary, now: Date) =>
    kind === 'cookie-notice'
      ? undefined
      : newMailFanOut(
          dataKey,
          'document-published',
          {
            parameters: { kind, version, effectiveAt, link: `${siteUrl}/legal-documents/${kind}` },
            audience: { kind: 'everyone' },
          },
          now,
        );

  const nudge = (accountId: string, id: string) => platform.nudge(accountContainer, accountId, id);
  const nudgeRuntime = (id: string) => platform.nudge(runtime, id, id);

  const topic: Topic = {
    routes: [
      routeGroup('accounts', async () =>
        (await import('../http/accounts.ts')).accountRoutes({
          registration: registrations,
          accounts,
          accountOf,
          cursors,
          nudge,
        }),
      ),
      routeGroup('authentication', async () =>
        (await import('../http/authentication.ts')).authenticationRoutes({ config, cors, sessions, joining, nudge }),
      ),
      routeGroup('passwords', async () =>
        (await import('../http/passwords.ts')).passwordRoutes({ config, passwords, nudge, nudgeReset: nudgeRuntime }),
      ),
      routeGroup('second-factor', async () =>
        (await import('../http/second-factor.ts')).secondFactorRoutes({ secondFactors, nudge }),
      ),
      routeGroup('sessions', async () => (await import('../http/sessions.ts')).sessionRoutes({ sessions, cursors })),
      routeGroup('legal-documents', async () =>
        (await import('../http/legal-documents.ts')).legalDocumentRoutes({
          documents,
          cursors,
          telling,
          nudge: (kind, id) => platform.nudge(governance, kind, id),
        }),
      ),
      routeGroup('user-space', async () =>
        (await import('../http/user-space.ts')).userSpaceRoutes({ space, accountOf, cursors }),
      ),
    ],
    personalData: [
      ...accountSources(database),
      ...sessionSources(database),
      ...userSpaceSources(database),
      ...notificationSources(database),
    ],
    work: {
      notification: deliverNotification(config, smtpMailer(config.mail), resolve),
      'password-reset-intent': prepareReset,
    },
  };
  return {
    ...topic,
    completeSubject: completeSubject(database),
    store,
    space,
    documents,
    accounts,
    sessions,
    proof,
    tokens,
  };
}

export type AccountsTopic = ReturnType<typeof accountsTopic>;
