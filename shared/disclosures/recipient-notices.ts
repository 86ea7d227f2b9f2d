import * as z from 'zod/mini';
import { newNotification } from '../notifications/index.ts';
import type { DocumentContainer, Stored } from '../platform/cosmos/document-store.ts';
import type { AccountId, NotificationId } from '../platform/ids.ts';
import { DISCLOSURE_KIND, type Disclosure, type Recipient, type RecipientNotice, type ToldAct } from './disclosure.ts';
import { disclosuresOf } from './disclosures.ts';

/** A recipient of somebody's data, as the access answer names them (GDPR art. 15(1)(c)). */
export interface KnownRecipient extends Recipient {
  readonly categories: readonly string[];
  readonly since: string;
}

export interface TellRecipients {
  readonly accountId: AccountId;
  readonly requestId: RecipientNotice['requestId'];
  readonly act: ToldAct;
}

export interface ToldRecipients {
  /** Recipients told by mail. */
  readonly mailed: number;
  /** Recipients without an e-mail address: each is an open task of the desk. */
  readonly toBeTold: number;
  /** The queued mails, in the partition `disclosure` of `governance`, to be nudged. */
  readonly notifications: readonly NotificationId[];
}

const emailShape = z.email().check(z.maxLength(254));
const isEmail = (contact: string) => emailShape.safeParse(contact).success;

interface NoticePlatform {
  readonly governance: DocumentContainer;
  readonly dataKey: Buffer;
}

/** Who received a person's data, and telling them of what has changed (GDPR art. 19). */
export function recipientNotices({ governance, dataKey }: NoticePlatform) {
  /** Adds the notice to one disclosure, and queues its mail in the same batch. */
  async function tell(
    disclosure: Stored<Disclosure>,
    { requestId, act }: TellRecipients,
    now: Date,
  ): Promise<{ readonly state: RecipientNotice['state']; readonly mail?: NotificationId } | undefined> {
    let current: Stored<Disclosure> | undefined = disclosure;
    while (current) {
      if (current.notices.some((notice) => notice.requestId === requestId && notice.act === act)) return undefined;
      const { recipient, reference, at } = current;
      const state = isEmail(recipient.contact) ? 'mailed' : 'to-be-told';
      const mail =
        state === 'mailed'
          ? newNotification(
              dataKey,
              'recipient-notice',
              {
                parameters: { act, reference, disclosureId: current.id, disclosedAt: at },
                recipient: { address: recipient.contact, name: recipient.name, language: 'fr' },
              },
              now,
            )
          : undefined;
      const notice: RecipientNotice = { requestId, act, at: now.toISOString(), state };
      const noted: Disclosure = { ...current, notices: [...current.notices, notice] };
      const { outcome } = await governance.batch(DISCLOSURE_KIND, [
        { replace: noted, etag: current._etag },
        ...(mail ? [{ create: mail }] : []),
      ]);
      if (outcome === 'written') return { state, ...(mail ? { mail: mail.id as NotificationId } : {}) };
      current = await governance.read<Disclosure>(DISCLOSURE_KIND, current.id);
    }
    return undefined;
  }

  return {
    /** Each recipient once, with all the categories that they received. */
    async recipientsOf(accountId: AccountId): Promise<readonly KnownRecipient[]> {
      const known = new Map<string, KnownRecipient>();
      for await (const { recipient, categories, at } of disclosuresOf(governance, accountId)) {
        const key = `${recipient.name}\u0000${recipient.contact}`;
        const before = known.get(key);
        known.set(key, {
          ...recipient,
          categories: [...new Set([...(before?.categories ?? []), ...categories])],
          since: before?.since ?? at,
        });
      }
      return [...known.values()];
    },

    /**
     * Tells every recipient of an account's data of a rectification, erasure or restriction: by mail where their contact is an e-mail address,
     * else as an open task of the desk. Called again for the same request and act it tells nobody twice.
     */
    async tellRecipients(what: TellRecipients, now: Date): Promise<ToldRecipients> {
      const told = { mailed: 0, toBeTold: 0, notifications: [] as NotificationId[] };
      for await (const disclosure of disclosuresOf(governance, what.accountId)) {
        const result = await tell(disclosure, what, now);
        if (result?.state === 'mailed') told.mailed += 1;
        if (result?.state === 'to-be-told') told.toBeTold += 1;
        if (result?.mail) told.notifications.push(result.mail);
      }
      return told;
    },

    /** Marks a recipient as told by a person. `not-open` when there is no such task, or it is done. */
    async markTold(
      disclosure: Stored<Disclosure>,
      { requestId, act, note }: { readonly requestId: string; readonly act: ToldAct; readonly note?: string },
      staffId: string,
      now: Date,
    ): Promise<Disclosure | 'not-open' | 'changed-meanwhile'> {
      const isMeant = (notice: RecipientNotice) =>
        notice.requestId === requestId && notice.act === act && notice.state === 'to-be-told';
      if (!disclosure.notices.some(isMeant)) return 'not-open';
      const toldAt = now.toISOString();
      const { _etag, ...current } = disclosure;
      const marked: Disclosure = {
        ...current,
        notices: current.notices.map((notice) =>
          isMeant(notice) ? { ...notice, state: 'told', toldAt, toldBy: staffId, ...(note ? { note } : {}) } : notice,
        ),
      };
      const { outcome } = await governance.replace(DISCLOSURE_KIND, marked, _etag);
      return outcome === 'written' ? marked : 'changed-meanwhile';
    },
  };
}

export type RecipientNotices = ReturnType<typeof recipientNotices>;
