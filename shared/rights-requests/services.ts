import { type AccountStore, type AccountUseCases, processingChoices } from '../accounts/index.ts';
import { mailBudget } from '../notifications/index.ts';
import type { Erasure, Packages } from '../personal-data/index.ts';
import type { ObjectStore } from '../platform/blobs/object-store.ts';
import type { Clock } from '../platform/clock.ts';
import type { Config } from '../platform/config.ts';
import type { DocumentContainer, DocumentStore } from '../platform/cosmos/document-store.ts';
import type { Logger } from '../platform/logger.ts';
import type { WorkHandlers } from '../platform/pending-work.ts';
import { caseArchive } from './archive.ts';
import { EXECUTION_ID, type RightsRequest } from './case.ts';
import { caseFile, deskView } from './case-file.ts';
import { caseStore } from './case-store.ts';
import { deskActions } from './desk-actions.ts';
import { deskList } from './desk-list.ts';
import { effects, type TellRecipients, type WithdrawConsents } from './effects.ts';
import { execution } from './execution.ts';
import { followUp } from './follow-up.ts';
import { identityProofs } from './identity-proofs.ts';
import { intake } from './intake.ts';
import { legalClock } from './legal-clock.ts';
import { caseLetters } from './letters.ts';
import { oneTimeCodes } from './one-time-code.ts';
import { rectification } from './rectification.ts';
import { restrictionEnd } from './restriction-end.ts';
import { caseSources } from './sources.ts';

/** What other topics do for a case. What is absent is left to the desk to do by hand. */
export interface CasePorts {
  readonly packages?: Packages;
  readonly erasure?: Erasure;
  readonly withdrawConsents?: WithdrawConsents;
  readonly tellRecipients?: TellRecipients;
}

export interface CasePlatform {
  readonly logger: Logger;
  readonly config: Pick<Config, 'loginKey' | 'dataKey' | 'siteUrl' | 'controller' | 'rightsRequests'>;
  readonly clock: Clock;
  readonly database: DocumentStore;
  readonly objects: ObjectStore;
  readonly nudge: (container: DocumentContainer, partition: string, id: string) => void;
  readonly accountStore: AccountStore;
  readonly accountUseCases: Pick<AccountUseCases, 'changeProfile'>;
}

/** Puts the topic together: every use case of rights requests, and the handlers of the work that they leave behind. */
export function caseServices(platform: CasePlatform, ports: CasePorts) {
  const { config, clock, logger, database, objects, nudge, accountStore, accountUseCases } = platform;
  const { loginKey, dataKey, siteUrl, controller } = config;
  const { fourEyesErasure, identitySuspendsClock, malwareScan } = config.rightsRequests;
  const container = database['rights-requests'];

  const store = caseStore({ container, identitySuspendsClock, nudge });
  const letters = caseLetters({ dataKey, siteUrl, dpoEmail: controller.dpo.email });
  const codes = oneTimeCodes(container, loginKey);
  const budget = mailBudget(database.runtime);
  const choices = processingChoices(accountStore);
  const { withdrawConsents, packages, erasure, tellRecipients = async () => undefined } = ports;
  const effect = effects({ store, choices, withdrawConsents, tellRecipients });
  const proofs = identityProofs({ store, objects, malwareScan });
  const archive = caseArchive({ store, archive: database['case-archive'], loginKey });
  const executions = execution({
    store,
    letters,
    effects: effect,
    rectification: rectification({ store, accounts: database.accounts, accountStore, accountUseCases }),
    accountStore,
    packages,
    erasure,
    tellRecipients,
    clock,
    nudge: (requestId) => nudge(container, requestId, EXECUTION_ID),
  });

  /** Other cases that could be the same request: by account, e-mail or name, of the same type. Shown to people, who decide. */
  async function possibleDuplicates(request: RightsRequest): Promise<readonly string[]> {
    const { requestId, requestType, subject, emailKey = subject, nameKey } = request;
    const { items } = await container.query<Pick<RightsRequest, 'requestId'>>({
      text: 'SELECT c.requestId FROM c WHERE (c.subject = @subject OR c.emailKey = @emailKey OR c.nameKey = @nameKey) AND c.requestType = @requestType',
      parameters: { subject, emailKey, nameKey, requestType },
    });
    return items.map((other) => other.requestId).filter((id) => id !== requestId);
  }

  const work: WorkHandlers = {
    'case-effect': effect.settling,
    'case-archiving': archive.archiving,
    'identity-proof': proofs.deletion,
  };
  const slowWork: WorkHandlers = {
    'case-execution': executions.executing,
    'case-clock': legalClock({ store, letters, identitySuspendsClock, logger }).striking,
    'restriction-lifting': restrictionEnd({ store, choices }).lifting,
  };

  return {
    store,
    intake: intake({ store, letters, codes, budget, loginKey, settle: effect.settle }),
    followUp: followUp({ store, letters, codes, identityProofs: proofs, packages }),
    identityProofs: proofs,
    desk: deskActions({ store, letters, identityProofs: proofs, fourEyesErasure }),
    deskList: deskList({ store, archive, identitySuspendsClock }),
    archive,
    work,
    slowWork,
    personalData: caseSources({
      database,
      store,
      archive,
      identityProofs: proofs,
      packages,
      loginKey,
      now: () => clock.now(),
    }),

    /** The whole case as the desk sees it. */
    async deskDetail(requestId: string, now: Date) {
      const file = caseFile(await store.file(requestId), now);
      return file && deskView(file, { possibleDuplicates: await possibleDuplicates(file.case) });
    },
  };
}

export type CaseServices = ReturnType<typeof caseServices>;
