import { createHash } from 'node:crypto';
import { type Clock, MINUTE, plus, SECOND } from '../platform/clock.ts';
import type { Document, DocumentContainer } from '../platform/cosmos/document-store.ts';
import { type AccountId, type NotificationId, newId } from '../platform/ids.ts';
import { seal, unseal } from '../platform/keys/sealing.ts';
import type { PendingWork, WorkHandler } from '../platform/pending-work.ts';
import { newNotification } from './notification.ts';
import type { MailParameters, MailTemplate } from './texts/mail-texts.ts';

/** Who is written to: everybody with an account, those of one company, or these. */
export type MailAudience =
  | { readonly kind: 'everyone' }
  | { readonly kind: 'company'; readonly company: string }
  | { readonly kind: 'accounts'; readonly accountIds: readonly string[] };

export interface FanOutContent<T extends MailTemplate = MailTemplate> {
  readonly parameters: MailParameters[T];
  readonly audience: MailAudience;
}

/**
 * One mail to many people, waiting beside the change that it tells of (one batch with it). It is worked off in pages; `after` is the last account
 * that has its mail queued.
 */
export interface MailFanOut extends PendingWork {
  readonly type: 'mail-fan-out';
  readonly template: MailTemplate;
  readonly createdAt: string;
  readonly sealed?: string;
  readonly after: string;
  readonly completedAt?: string;
  readonly expiresAt: string;
}

const PAGE = 100;
/** Mails of one page queued at the same time. */
const AT_ONCE = 10;
/** One call works this long, then leaves the rest to the next. */
const BUDGET = 45 * SECOND;
const CLAIM = 2 * MINUTE;
/** Given up, and gone, after this long; once complete its envelope stays as long, as that of a mail does. */
const KEPT_DAYS = 30;

export function newMailFanOut<T extends MailTemplate>(
  key: Buffer,
  template: T,
  content: FanOutContent<T>,
  now: Date,
): MailFanOut {
  const id = newId('ntf');
  return {
    id,
    type: 'mail-fan-out',
    template,
    createdAt: now.toISOString(),
    pendingAt: now.toISOString(),
    attempts: 0,
    sealed: seal(key, id, JSON.stringify(content)),
    after: '',
    expiresAt: plus(now, KEPT_DAYS * 24 * 60 * MINUTE).toISOString(),
  };
}

/** A person's copy has an id that follows from the fan-out's: queued twice, it is one mail. */
function copyId(fanOutId: string, accountId: string): NotificationId {
  return `ntf_${createHash('sha256').update(`${fanOutId}|${accountId}`).digest('base64url').slice(0, 22)}`;
}

interface Addressee extends Document {
  readonly accountId: AccountId;
  readonly status: string;
  readonly profile: { readonly company: string };
}

interface FanOutPlatform {
  readonly accounts: DocumentContainer;
  readonly dataKey: Buffer;
  readonly clock: Clock;
  /** Sets a queued mail on its way at once. */
  readonly nudge: (accountId: AccountId, id: NotificationId) => void;
}

/**
 * The work handler of a fan-out: bounded, resumed where it stopped, safe to be run twice. It queues one mail in the partition of each account; whether
 * that mail may go is asked when it is delivered.
 */
export function fanOutMails({ accounts, dataKey, clock, nudge }: FanOutPlatform): WorkHandler {
  async function page(audience: MailAudience, after: string): Promise<{ last?: string; people: readonly AccountId[] }> {
    if (audience.kind === 'accounts') {
      const rest = audience.accountIds.toSorted().filter((accountId) => accountId > after);
      const part = rest.slice(0, PAGE);
      const found = await Promise.all(part.map((accountId) => accounts.read<Addressee>(accountId, 'account')));
      const people = found.filter((account) => account !== undefined && account.status !== 'unverified');
      const last = part.at(-1);
      return { people: people.map((account) => (account as Addressee).accountId), ...(last ? { last } : {}) };
    }
    const { items } = await accounts.query<Addressee>({
      text: "SELECT c.accountId, c.status, c.profile FROM c WHERE c.type = 'account' AND c.accountId > @after ORDER BY c.accountId",
      parameters: { after },
      limit: PAGE,
    });
    const people = items.filter(
      ({ status, profile }) =>
        status !== 'unverified' && (audience.kind === 'everyone' || profile.company === audience.company),
    );
    const last = items.at(-1)?.accountId;
    return { people: people.map(({ accountId }) => accountId), ...(last ? { last } : {}) };
  }

  /** Queues the mails of some people at the same time. Throws once all have been tried. */
  async function queue(
    { id: fanOutId, template, after }: MailFanOut,
    { parameters }: FanOutContent,
    people: readonly AccountId[],
    now: Date,
  ) {
    const queued = await Promise.allSettled(
      people.map(async (accountId) => {
        const id = copyId(fanOutId, accountId);
        await accounts.create(accountId, newNotification(dataKey, template, { parameters }, now, id));
        // A few go at once; of many, the timer takes as many a minute as the mail relay bears.
        if (after === '') nudge(accountId, id);
      }),
    );
    const fault = queued.find((result) => result.status === 'rejected');
    if (fault) throw fault.reason;
  }

  return async (work, { container, partition }, now) => {
    const { _etag, ...fanOut } = work as typeof work & MailFanOut;
    const content = JSON.parse(unseal(dataKey, fanOut.id, fanOut.sealed ?? '')) as FanOutContent;
    let current: MailFanOut = fanOut;
    let etag: string | undefined = _etag;

    /** Records how far it has come; no tag when somebody else took over, who goes on from the same place. */
    async function save(next: MailFanOut): Promise<void> {
      const written = await container.replace(partition, next, etag ?? '');
      etag = written.outcome === 'written' ? written.etag : undefined;
      current = next;
    }

    const budgetEnds = plus(clock.now(), BUDGET);
    while (etag !== undefined) {
      const { people, last } = await page(content.audience, current.after);
      if (last === undefined) {
        const { pendingAt: _pendingAt, sealed: _sealed, ...envelope } = current;
        return save({ ...envelope, attempts: 0, completedAt: clock.now().toISOString() });
      }
      let after = current.after;
      try {
        for (let start = 0; start < people.length; start += AT_ONCE) {
          const some = people.slice(start, start + AT_ONCE);
          await queue(current, content, some, now);
          after = some.at(-1) ?? after;
        }
        after = last;
      } finally {
        // Also when it fails in the middle of a page: what has been done is not done again and again.
        const isOver = clock.now() >= budgetEnds;
        const pendingAt = plus(clock.now(), isOver ? 0 : CLAIM).toISOString();
        if (after !== current.after) await save({ ...current, after, attempts: 0, pendingAt });
        if (isOver) etag = undefined;
      }
    }
  };
}
