import type { AccountStore, ProcessingChoices } from '../accounts/index.ts';
import { newNotification } from '../notifications/index.ts';
import type { Erasure, Packages } from '../personal-data/index.ts';
import { monthsAfter } from '../platform/calendar-months.ts';
import type { DocumentContainer, Stored } from '../platform/cosmos/document-store.ts';
import type { AccountId } from '../platform/ids.ts';
import type { WorkHandler, WorkHandlers } from '../platform/pending-work.ts';
import {
  DEATH_NOTICE_KIND,
  type DeathNotice,
  type DeathNoticeErasure,
  type DeathNoticeHold,
  type DeathNoticeId,
  type DeathNoticePackage,
  type DeathNoticeRelease,
  NOTICE_KEPT_YEARS,
} from './death-notice.ts';

interface NoticeWorkPlatform {
  readonly accounts: DocumentContainer;
  readonly governance: DocumentContainer;
  readonly store: AccountStore;
  readonly choices: ProcessingChoices;
  readonly endSessions: (accountId: AccountId, now: Date) => Promise<void>;
  readonly erasure: Erasure;
  readonly packages: Pick<Packages, 'build'>;
  /** Tells whoever received the person's data that they are erased (GDPR art. 19). */
  readonly tellRecipients: (accountId: AccountId, noticeId: DeathNoticeId, now: Date) => Promise<void>;
  readonly dataKey: Buffer;
  readonly nudge: (container: DocumentContainer, partition: string, id: string) => void;
}

/** Advances of an erasure in one run: with the bound of each, well below a function's time limit. */
const ROUNDS = 20;

/** Carries out what notices of death imply: every step may be repeated, and begins from what is stored. */
export function deathNoticeWork(platform: NoticeWorkPlatform) {
  const { accounts, governance, store, choices, endSessions, erasure, packages, tellRecipients, dataKey, nudge } =
    platform;
  const noticeOf = (id: string) => governance.read<DeathNotice>(DEATH_NOTICE_KIND, id.split(':')[0] ?? id);

  /** Ends the restriction that a hold has set; one that the person asked for stays. */
  async function endHold(accountId: AccountId, receivedAt: string): Promise<void> {
    const account = await store.account(accountId);
    if (account?.restriction?.since === receivedAt) await choices.liftRestriction(accountId);
  }

  async function tell(
    accountId: AccountId,
    template: 'space-on-hold' | 'space-hold-ends',
    work: DeathNoticeHold | DeathNoticeRelease,
    now: Date,
  ): Promise<void> {
    if (!(await store.account(accountId))) return;
    const parameters = { at: work.receivedAt };
    await accounts.create(accountId, newNotification(dataKey, template, { parameters }, now, work.notificationId));
    nudge(accounts, accountId, work.notificationId);
  }

  /**
   * Restricts processing as of the notice's own instant, by which it is known later for the notice's; ends every session; tells the person, in
   * case they are alive.
   */
  const hold: WorkHandler = async (work, { container, partition }, now) => {
    const { _etag, ...holding } = work as Stored<DeathNoticeHold>;
    const { accountId, receivedAt } = holding;
    const isDismissed = async () => (await noticeOf(holding.id))?.status === 'dismissed';
    if (!(await isDismissed())) {
      await choices.restrict(accountId, undefined, new Date(receivedAt));
      await endSessions(accountId, now);
      await tell(accountId, 'space-on-hold', holding, now);
      // Dismissed in the meantime: what was just set must not stay.
      if (await isDismissed()) await endHold(accountId, receivedAt);
    }
    await container.remove(partition, holding.id, _etag);
  };

  /** Tells the person first (art. 18(3)), then ends the hold. */
  const release: WorkHandler = async (work, { container, partition }, now) => {
    const { _etag, ...releasing } = work as Stored<DeathNoticeRelease>;
    await tell(releasing.accountId, 'space-hold-ends', releasing, now);
    await endHold(releasing.accountId, releasing.receivedAt);
    await container.remove(partition, releasing.id, _etag);
  };

  /** The notice is executed, its work gone and the reporter told, in one batch. */
  async function finish(
    work: Stored<DeathNoticeErasure | DeathNoticePackage>,
    done: Pick<DeathNotice, 'kept' | 'package'>,
    now: Date,
  ): Promise<void> {
    const found = await governance.read<DeathNotice>(DEATH_NOTICE_KIND, work.noticeId);
    if (!found) {
      await governance.remove(DEATH_NOTICE_KIND, work.id, work._etag);
      return;
    }
    const { _etag, ...notice } = found;
    const { name, email: address, language } = notice.reportedBy;
    const told = newNotification(
      dataKey,
      'death-notice-executed',
      {
        parameters: { reference: notice.id, outcome: done.package ? 'handed-over' : 'erased' },
        recipient: { address, name, language },
      },
      now,
    );
    const executed: DeathNotice = {
      ...notice,
      status: 'executed',
      executedAt: now.toISOString(),
      ...done,
      expiresAt: monthsAfter(now, 12 * NOTICE_KEPT_YEARS).toISOString(),
    };
    const { outcome } = await governance.batch(DEATH_NOTICE_KIND, [
      { replace: executed, etag: _etag },
      { remove: work.id, etag: work._etag },
      { create: told },
    ]);
    if (outcome !== 'written') throw new Error('the notice changed meanwhile');
    nudge(governance, DEATH_NOTICE_KIND, told.id);
  }

  const erase: WorkHandler = async (work, { container, partition }, now) => {
    const erasing = work as Stored<DeathNoticeErasure>;
    const { accountId, erasureId, noticeId } = erasing;
    await tellRecipients(accountId, noticeId, now);
    for (let round = 0; round < ROUNDS; round += 1) {
      const progress = await erasure.advance({ erasureId, subject: { accountId }, reason: 'death' }, now);
      if (progress.outcome === 'erased') return finish(erasing, { kept: progress.kept }, now);
    }
    const { _etag, ...erased } = erasing;
    const next: DeathNoticeErasure = { ...erased, attempts: 1, pendingAt: now.toISOString() };
    await container.replace(partition, next, _etag);
  };

  /** Puts the data together that are to be handed over; the desk fetches them and hands them to whoever has a right to them. */
  const putTogether: WorkHandler = async (work, _place, now) => {
    const wanted = work as Stored<DeathNoticePackage>;
    const { accountId, noticeId, packageId, categories } = wanted;
    const notice = await governance.read<DeathNotice>(DEATH_NOTICE_KIND, noticeId);
    const built = await packages.build(
      {
        packageId,
        kind: 'access',
        requestId: noticeId,
        subject: { accountId },
        language: notice?.reportedBy.language ?? 'fr',
        ...(categories ? { categories } : {}),
      },
      now,
    );
    await finish(wanted, { package: built }, now);
  };

  return {
    work: { 'death-notice-hold': hold, 'death-notice-release': release } satisfies WorkHandlers,
    slowWork: { 'death-notice-erasure': erase, 'death-notice-package': putTogether } satisfies WorkHandlers,
    /** Puts an account on hold before anybody is answered; the committed work does the same again, and is what guarantees it. */
    async holdNow(accountId: AccountId, receivedAt: string, now: Date): Promise<void> {
      await choices.restrict(accountId, undefined, new Date(receivedAt));
      await endSessions(accountId, now);
    },
  };
}

export type DeathNoticeWork = ReturnType<typeof deathNoticeWork>;
