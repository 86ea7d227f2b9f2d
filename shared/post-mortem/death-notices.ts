import { type AccountStore, loginIdOf } from '../accounts/index.ts';
import { newNotification } from '../notifications/index.ts';
import type { DataCategory } from '../personal-data/index.ts';
import { monthsAfter } from '../platform/calendar-months.ts';
import { DAY, plus } from '../platform/clock.ts';
import type { BatchStep, DocumentContainer, Stored } from '../platform/cosmos/document-store.ts';
import { StoreUnavailable } from '../platform/cosmos/document-store.ts';
import { isId, newId } from '../platform/ids.ts';
import {
  DEATH_NOTICE_KIND,
  type DeathNotice,
  type DeathNoticeErasure,
  type DeathNoticeHold,
  type DeathNoticePackage,
  type DeathNoticeRelease,
  erasureWorkId,
  holdId,
  NOTICE_KEPT_YEARS,
  packageWorkId,
  type Reporter,
  releaseId,
} from './death-notice.ts';
import {
  allowedActions,
  type DeathAction,
  isDesignee,
  type NoticeState,
  type Standing,
  standingOf,
} from './death-notice-rules.ts';
import type { DirectivesUseCases, ShownDirectives } from './directives.ts';

/** What is reported to the desk. */
export interface DeathReport {
  readonly person: { readonly accountId: string } | { readonly email: string };
  readonly reportedBy: Reporter;
  readonly evidence: string;
  readonly requestedAction: DeathAction;
}

/** A notice with what may be done about it: the directives bind, and are shown to whoever has to carry them out. */
export interface NoticeWithDirectives {
  readonly notice: DeathNotice;
  readonly directives?: ShownDirectives;
  readonly standing: Standing;
  readonly designeeMatches: boolean;
  /** Empty once it has been decided. */
  readonly allowedActions: readonly DeathAction[];
}

export type DecisionOutcome =
  | { readonly outcome: 'decided'; readonly found: NoticeWithDirectives }
  | { readonly outcome: 'not-found' | 'not-open' | 'not-allowed' | 'categories-missing' };

/** What a person decides on an open notice. */
export interface Decision {
  readonly action: DeathAction;
  readonly reason: string;
  readonly by: string;
  /** With `communicate`: what is handed over. Heirs get what settling the estate needs, so that it has to be named for them. */
  readonly categories?: readonly DataCategory[] | undefined;
}

/** A closed space can be reopened this long (retention defaults): for a notice that turns out to be wrong. */
const CLOSURE_GRACE = 7 * DAY;

interface NoticePlatform {
  readonly governance: DocumentContainer;
  readonly store: AccountStore;
  readonly directives: DirectivesUseCases;
  readonly loginKey: Buffer;
  readonly dataKey: Buffer;
}

/** The work that a decision implies; none when the data just stay on hold. */
function workFor(
  { id, accountId }: DeathNotice,
  action: DeathAction,
  categories: readonly DataCategory[] | undefined,
  now: Date,
): DeathNoticeErasure | DeathNoticePackage | undefined {
  const common = { accountId, noticeId: id, attempts: 0 };
  switch (action) {
    case 'close':
    case 'erase': {
      const pendingAt = plus(now, action === 'close' ? CLOSURE_GRACE : 0).toISOString();
      return { ...common, id: erasureWorkId(id), type: 'death-notice-erasure', erasureId: newId('ers'), pendingAt };
    }
    case 'communicate':
      return {
        ...common,
        id: packageWorkId(id),
        type: 'death-notice-package',
        packageId: newId('pkg'),
        ...(categories ? { categories } : {}),
        pendingAt: now.toISOString(),
      };
    case 'keep':
      return undefined;
  }
}

const keptUntil = (now: Date) => monthsAfter(now, 12 * NOTICE_KEPT_YEARS).toISOString();

/**
 * Notices of a user's death (clause G7; loi 78-17 art. 85). The account is on hold from the moment of the notice; a member of staff decides, by the
 * person's directives where there are any, and what was decided is carried out as committed work.
 */
export function deathNotices({ governance, store, directives, loginKey, dataKey }: NoticePlatform) {
  const find = async (id: string) =>
    isId('dth', id) ? governance.read<DeathNotice>(DEATH_NOTICE_KIND, id) : undefined;

  async function withDirectives(notice: DeathNotice): Promise<NoticeWithDirectives> {
    const known = await directives.current(notice.accountId);
    const standing = standingOf(notice.reportedBy, known);
    return {
      notice,
      ...(known ? { directives: known } : {}),
      standing,
      designeeMatches: isDesignee(known, notice.reportedBy.email),
      allowedActions: notice.status === 'open' ? allowedActions(standing, known) : [],
    };
  }

  async function accountOf(person: DeathReport['person']) {
    if ('accountId' in person) return isId('acc', person.accountId) ? store.account(person.accountId) : undefined;
    const login = await store.login(loginIdOf(loginKey, person.email));
    return login && store.account(login.accountId);
  }

  /** Moves a notice on, together with the work that follows. `undefined` when another write came first. */
  async function move(
    { _etag, ...notice }: Stored<DeathNotice>,
    change: Partial<DeathNotice>,
    more: readonly BatchStep[],
  ): Promise<DeathNotice | undefined> {
    const moved: DeathNotice = { ...notice, ...change };
    const { outcome } = await governance.batch(DEATH_NOTICE_KIND, [{ replace: moved, etag: _etag }, ...more]);
    return outcome === 'written' ? moved : undefined;
  }

  return {
    /** Records a notice; with it, in one batch, the hold on the account and the acknowledgement to the reporter. */
    async record(report: DeathReport, recordedBy: string, now: Date) {
      const account = await accountOf(report.person);
      if (!account) return undefined;
      const { reportedBy, evidence, requestedAction } = report;
      const id = newId('dth');
      const receivedAt = now.toISOString();
      const { accountId } = account;
      const notice: DeathNotice = {
        id,
        type: 'death-notice',
        accountId,
        status: 'open',
        reportedBy,
        evidence,
        requestedAction,
        receivedAt,
        recordedBy,
        sortKey: `${receivedAt}~${id}`,
        expiresAt: keptUntil(now),
      };
      const hold: DeathNoticeHold = {
        id: holdId(id),
        type: 'death-notice-hold',
        accountId,
        receivedAt,
        notificationId: newId('ntf'),
        pendingAt: receivedAt,
        attempts: 0,
      };
      const acknowledgement = newNotification(
        dataKey,
        'death-notice-received',
        {
          parameters: { reference: id },
          recipient: { address: reportedBy.email, name: reportedBy.name, language: reportedBy.language },
        },
        now,
      );
      const { outcome } = await governance.batch(DEATH_NOTICE_KIND, [
        { create: notice },
        { create: hold },
        { create: acknowledgement },
      ]);
      if (outcome !== 'written') throw new StoreUnavailable('the death notice was not stored');
      return { found: await withDirectives(notice), work: [hold.id, acknowledgement.id] };
    },

    async one(id: string): Promise<NoticeWithDirectives | undefined> {
      const notice = await find(id);
      return notice && withDirectives(notice);
    },

    /** One page, the newest first. */
    async list(
      { status }: { readonly status?: NoticeState | undefined },
      { before, limit }: { readonly before?: string | undefined; readonly limit: number },
    ): Promise<{ readonly items: readonly DeathNotice[]; readonly last?: string }> {
      const { items } = await governance.query<DeathNotice>({
        text: `SELECT * FROM c WHERE c.type = 'death-notice' AND c.sortKey < @before${
          status ? ' AND c.status = @status' : ''
        } ORDER BY c.sortKey DESC`,
        parameters: { before: before ?? '~', ...(status ? { status } : {}) },
        partition: DEATH_NOTICE_KIND,
        limit: limit + 1,
      });
      const page = items.slice(0, limit);
      const last = page.at(-1)?.sortKey;
      return { items: page, ...(items.length > limit && last ? { last } : {}) };
    },

    /** Decides an open notice. What is not done by the decision itself is committed as work with it. */
    async execute(id: string, { action, reason, by, categories }: Decision, now: Date): Promise<DecisionOutcome> {
      const notice = await find(id);
      if (!notice) return { outcome: 'not-found' };
      if (notice.status !== 'open') return { outcome: 'not-open' };
      const { allowedActions: allowed, standing } = await withDirectives(notice);
      if (!allowed.includes(action)) return { outcome: 'not-allowed' };
      if (action === 'communicate' && standing === 'heirs' && !categories) return { outcome: 'categories-missing' };
      const work = workFor(notice, action, categories, now);
      const at = now.toISOString();
      const moved = await move(
        notice,
        {
          status: work ? 'executing' : 'executed',
          decision: { action, reason, at, by, ...(categories ? { categories } : {}) },
          ...(work ? {} : { executedAt: at }),
          expiresAt: keptUntil(now),
        },
        work ? [{ create: work }] : [],
      );
      return moved ? { outcome: 'decided', found: await withDirectives(moved) } : { outcome: 'not-open' };
    },

    /** The notice was wrong: an erasure that has not begun is called off, the person is told, and the hold ends. */
    async dismiss(
      id: string,
      { reason, by }: { readonly reason: string; readonly by: string },
      now: Date,
    ): Promise<DecisionOutcome> {
      const notice = await find(id);
      if (!notice) return { outcome: 'not-found' };
      const erasure = await governance.read<DeathNoticeErasure>(DEATH_NOTICE_KIND, erasureWorkId(notice.id));
      const isWaiting = notice.status === 'executing' && erasure?.attempts === 0;
      if (notice.status !== 'open' && !isWaiting) return { outcome: 'not-open' };
      const at = now.toISOString();
      const release: DeathNoticeRelease = {
        id: releaseId(notice.id),
        type: 'death-notice-release',
        accountId: notice.accountId,
        receivedAt: notice.receivedAt,
        notificationId: newId('ntf'),
        pendingAt: at,
        attempts: 0,
      };
      const decision = { action: 'dismiss', reason, at, by } as const;
      const moved = await move(notice, { status: 'dismissed', decision, executedAt: at, expiresAt: keptUntil(now) }, [
        // Conditional: an erasure that was begun meanwhile is not called off.
        ...(erasure ? [{ remove: erasure.id, etag: erasure._etag }] : []),
        { create: release },
      ]);
      return moved ? { outcome: 'decided', found: await withDirectives(moved) } : { outcome: 'not-open' };
    },

    /** The ids of the work that a decision made due at once, for setting it on its way; a closure has its days of grace first. */
    dueWorkOf({ id, decision }: DeathNotice): readonly string[] {
      switch (decision?.action) {
        case 'erase':
          return [erasureWorkId(id)];
        case 'communicate':
          return [packageWorkId(id)];
        case 'dismiss':
          return [releaseId(id)];
        default:
          return [];
      }
    },
  };
}

export type DeathNotices = ReturnType<typeof deathNotices>;
