import { processingChoices } from '../../shared/accounts/index.ts';
import type { RecipientNotices } from '../../shared/disclosures/index.ts';
import type { Erasure, Packages } from '../../shared/personal-data/index.ts';
import {
  DEATH_NOTICE_KIND,
  deathNotices,
  deathNoticeWork,
  directivesUseCases,
  postMortemSources,
} from '../../shared/post-mortem/index.ts';
import { habilitationReader } from '../../shared/staff-access/index.ts';
import { type Platform, routeGroup, type Topic } from '../platform.ts';
import type { AccountsTopic } from './accounts.ts';

interface PostMortemServices {
  readonly accounts: Pick<AccountsTopic, 'store' | 'sessions'>;
  readonly erasure: Erasure;
  readonly packages: Packages;
  readonly recipients: RecipientNotices;
}

/** What becomes of a person's data after death: their directives, and the notices of death (clause G7). */
export function postMortemTopic(platform: Platform, { accounts, erasure, packages, recipients }: PostMortemServices) {
  const { config, database, audit, cursors, nudge } = platform;
  const { loginKey, dataKey } = config;
  const { accounts: container, governance } = database;
  const { store, sessions } = accounts;

  const directives = directivesUseCases(container, dataKey);
  const notices = deathNotices({ governance, store, directives, loginKey, dataKey });
  const noticeWork = deathNoticeWork({
    accounts: container,
    governance,
    store,
    choices: processingChoices(store),
    endSessions: sessions.endAll,
    erasure,
    packages,
    async tellRecipients(accountId, requestId, now) {
      await recipients.tellRecipients({ accountId, requestId, act: 'erasure' }, now);
    },
    dataKey,
    nudge,
  });

  const topic: Topic = {
    routes: [
      routeGroup('directives', async () =>
        (await import('../http/directives.ts')).directiveRoutes({
          directives,
          cursors,
          nudge: (accountId, id) => nudge(container, accountId, id),
        }),
      ),
      routeGroup('death-notices', async () =>
        (await import('../http/death-notices.ts')).deathNoticeRoutes({
          notices,
          work: noticeWork,
          packages,
          habilitations: habilitationReader(database),
          audit,
          cursors,
          nudge: (id) => nudge(governance, DEATH_NOTICE_KIND, id),
        }),
      ),
    ],
    work: noticeWork.work,
    slowWork: noticeWork.slowWork,
    personalData: postMortemSources(database),
  };
  return { ...topic, notices, directives };
}
