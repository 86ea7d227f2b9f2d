import { activityLog, activitySource } from '../../shared/activity/index.ts';
import {
  carryOutJoining,
  consentExpiry,
  consentSource,
  consentStore,
  consentUseCases,
  JOINING,
  joiningWork,
  receiptDocument,
  receiptOf,
  servedNotices,
} from '../../shared/consents/index.ts';
import { cookieTable } from '../../shared/cookies/index.ts';
import type { ConsentReceipts } from '../../shared/personal-data/index.ts';
import { callAllowance } from '../../shared/platform/call-allowance.ts';
import type { VisitorId } from '../../shared/platform/ids.ts';
import type { Language, languages } from '../../shared/platform/language.ts';
import { processingGate } from '../../shared/processing-gate/index.ts';
import { needsConsent, servicePurposes } from '../../shared/purposes/index.ts';
import type { DeviceJoining } from '../http/authentication.ts';
import { type Platform, routeGroup, type Topic } from '../platform.ts';
import { expireConsents } from '../timers/expire-consents.ts';
import type { AccountsTopic } from './accounts.ts';

/** Choices of one source in a minute. A company behind one address stays far below it; so does a suite of tests. */
const WRITES_A_MINUTE = 600;

/** Consents, the cookie table, purposes, activity (clauses C4, C6, D2-D6, G8, H1-H8), and the gate that all uses of data pass through. */
export function consentsTopic(platform: Platform, accounts: AccountsTopic) {
  const { config, clock, logger, cors, cursors, database, accountOf } = platform;
  const { controller, loginKey, publicUrl, siteUrl } = config;
  const purposes = servicePurposes(database.governance, clock);
  const cookies = cookieTable(database.governance, clock, controller);
  const notices = servedNotices(accounts.documents);
  const store = consentStore(database.consents);
  const consents = consentUseCases({ store, loginKey, notices, purposes });
  const gate = processingGate({ store: accounts.store, grantedConsents: consents.granted, purposes });
  const allowance = callAllowance(database.runtime, { key: loginKey, name: 'consent-writes', limit: WRITES_A_MINUTE });
  const openIntake = async () =>
    (await import('../http/consent-intake.ts')).consentIntake({ consents, allowance, cors, publicUrl });

  /** The cookie notice in force as consent modules show it. */
  async function shownNotice(now: Date) {
    const [notice, offered] = await Promise.all([notices.inForce('fr', now), purposes.all()]);
    const inLanguage = (language: (typeof languages)[number]) =>
      offered.map((purpose) => ({
        id: purpose.id,
        title: purpose.title[language],
        description: purpose.description[language],
        consentRequired: needsConsent(purpose),
      }));
    return { noticeVersion: notice.version, purposes: { fr: inLanguage('fr'), en: inLanguage('en') } };
  }

  /** What a sign-in on a device implies, when anything was chosen on it. */
  async function joining(visitorId: VisitorId, now: Date): Promise<DeviceJoining | undefined> {
    const device = consents.visitorPartition(visitorId);
    if (!(await consents.hasDecisions(device))) return undefined;
    return {
      work: joiningWork(device, now),
      carryOut: (accountId, at) => consents.join(accountId, device, at),
    };
  }

  const shownReceipt = async (found: Parameters<typeof receiptOf>[0], language: Language, now: Date) =>
    receiptOf(found, { controller, publicUrl, siteUrl, purposes: await purposes.all(), language }, now);

  /** The receipts of all that a person decided, for their access package. */
  const receipts: ConsentReceipts = async function* ({ accountId }, { language }) {
    if (accountId === undefined) return;
    for await (const found of consents.recordsOf(accountId)) {
      const receipt = await shownReceipt(found, language, clock.now());
      yield { name: found.decision.id, document: receiptDocument(receipt) };
    }
  };

  const topic: Topic = {
    work: { [JOINING]: carryOutJoining(consents) },
    timers: [expireConsents(consentExpiry({ consents: database.consents, clock, logger }))],
    personalData: [consentSource({ consents: database.consents, store }, loginKey), activitySource(database, loginKey)],
    routes: [
      routeGroup('activity', async () =>
        (await import('../http/activity.ts')).activityRoutes({
          activity: activityLog({ activity: database.activity, loginKey }),
          gate,
          purposes,
          accountOf,
        }),
      ),
      routeGroup('cookies', async () =>
        (await import('../http/cookies.ts')).cookieRoutes({ cookies, purposes, notices, controller, cursors }),
      ),
      routeGroup('purposes', async () => (await import('../http/purposes.ts')).purposeRoutes({ purposes, cursors })),
      routeGroup('consents', async () =>
        (await import('../http/consents.ts')).consentRoutes({
          consents,
          intake: await openIntake(),
          cursors,
          receipt: (found, reader, now) => shownReceipt(found, reader ?? found.decision.proof.language, now),
        }),
      ),
      routeGroup('consent-clients', async () => {
        const intake = await openIntake();
        return (await import('../http/consent-clients.ts')).consentClientRoutes({
          notice: shownNotice,
          recordChoice: async (choice, reporter) => {
            const asking = { ...reporter, caller: { kind: 'anonymous' as const }, language: choice.language };
            const { recorded, cookies: set } = await intake.record(asking, choice);
            const { choices: _, ...shown } = recorded;
            return { ...shown, cookies: set };
          },
        });
      }),
    ],
  };
  return { ...topic, consents, purposes, gate, joining, receipts };
}

export type ConsentsTopic = ReturnType<typeof consentsTopic>;
