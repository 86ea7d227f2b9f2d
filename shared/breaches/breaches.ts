import { type MailAudience, newMailFanOut, newNotification } from '../notifications/index.ts';
import { monthsAfter } from '../platform/calendar-months.ts';
import { DAY, plus } from '../platform/clock.ts';
import type { Controller } from '../platform/config.ts';
import { type DocumentContainer, type Stored, StoreUnavailable } from '../platform/cosmos/document-store.ts';
import { isId, type NotificationId, newId } from '../platform/ids.ts';
import type { Language } from '../platform/language.ts';
import { BREACH_KIND, type Breach, type BreachFacts, type BreachId, type ShownBreach, shown } from './breach.ts';
import { type BreachChange, notifyBy, type Revision, revised } from './breach-rules.ts';

/** The register is kept five years from a breach's closing. */
const KEPT_MONTHS = 60;
/** The DPO is reminded this long before the notification is late. */
const REMINDED_BEFORE = DAY;
/** Sorts behind every key of the register. */
const END_OF_TIME = '~';

interface BreachPlatform {
  readonly governance: DocumentContainer;
  readonly dataKey: Buffer;
  readonly controller: Controller;
}

/** The reminder's id follows from the breach's, so that it can be taken back. */
const reminderOf = (breach: BreachId): NotificationId => `ntf_${breach.slice('brc_'.length)}`;

/** The register of personal data breaches (GDPR art. 33-34). */
export function breachRegister({ governance, dataKey, controller }: BreachPlatform) {
  /** Writes a breach that changed; the reminder goes once the notification is made or need not be. */
  async function write(breach: Breach, etag: string): Promise<'saved' | 'changed-meanwhile'> {
    const settled = breach.notifiedAt ?? breach.notNotifiedReason;
    const reminder = settled ? await governance.read(BREACH_KIND, reminderOf(breach.id)) : undefined;
    const kept: Breach = breach.closedAt
      ? { ...breach, expiresAt: monthsAfter(new Date(breach.closedAt), KEPT_MONTHS).toISOString() }
      : breach;
    const { outcome } = await governance.batch(BREACH_KIND, [
      { replace: kept, etag },
      ...(reminder ? [{ remove: reminder.id, etag: reminder._etag }] : []),
    ]);
    return outcome === 'written' ? 'saved' : 'changed-meanwhile';
  }

  return {
    /** Records a breach, and the reminder to the DPO that goes out a day before the notification is late. */
    async record(facts: BreachFacts, awareAt: Date, staffId: string, now: Date): Promise<ShownBreach> {
      const id: BreachId = newId('brc');
      const at = now.toISOString();
      const due = notifyBy(awareAt);
      const breach: Breach = {
        ...facts,
        id,
        type: 'breach',
        status: 'open',
        awareAt: awareAt.toISOString(),
        notifyBy: due.toISOString(),
        recordedAt: at,
        recordedBy: staffId,
        phases: [{ at, by: staffId, kind: 'recorded', facts }],
        sortKey: `${awareAt.toISOString()}|${id}`,
      };
      const reminder = newNotification(
        dataKey,
        'breach-reminder',
        {
          parameters: { breachId: id, notifyBy: due.toISOString() },
          recipient: { address: controller.dpo.email, name: 'DPO', language: 'fr' },
        },
        now,
        reminderOf(id),
      );
      const remindAt = plus(due, -REMINDED_BEFORE);
      const { outcome } = await governance.batch(BREACH_KIND, [
        { create: breach },
        { create: remindAt > now ? { ...reminder, pendingAt: remindAt.toISOString() } : reminder },
      ]);
      if (outcome !== 'written') throw new StoreUnavailable('the breach was not stored');
      return shown(breach);
    },

    async find(id: string): Promise<Stored<Breach> | undefined> {
      return isId('brc', id) ? governance.read<Breach>(BREACH_KIND, id) : undefined;
    },

    /** Latest awareness first. */
    async list(after: string | undefined, limit: number): Promise<{ items: readonly ShownBreach[]; next?: string }> {
      const { items } = await governance.query<Breach>({
        text: "SELECT * FROM c WHERE c.type = 'breach' AND c.sortKey < @after ORDER BY c.sortKey DESC",
        parameters: { after: after ?? END_OF_TIME },
        partition: BREACH_KIND,
        limit: limit + 1,
      });
      const page = items.slice(0, limit);
      const last = page.at(-1);
      return { items: page.map(shown), ...(items.length > limit && last ? { next: last.sortKey } : {}) };
    },

    /** Adds a phase: more facts, the notification, the closing. */
    async revise(
      breach: Stored<Breach>,
      change: BreachChange,
      staffId: string,
      now: Date,
    ): Promise<Revision | { readonly outcome: 'changed-meanwhile' }> {
      const { _etag, ...current } = breach;
      const revision = revised(current, change, staffId, now);
      if (revision.outcome === 'refused') return revision;
      return (await write(revision.breach, _etag)) === 'saved' ? revision : { outcome: 'changed-meanwhile' };
    },

    /**
     * Tells people of a breach (art. 34): the register's entry and the mails to be sent are one batch; the mails follow in pages. `closed` when
     * the breach is.
     */
    async tellPeople(
      breach: Stored<Breach>,
      audience: MailAudience,
      message: Readonly<Record<Language, string>>,
      staffId: string,
      now: Date,
    ): Promise<{ readonly breach: Breach; readonly fanOutId: string } | 'closed' | 'changed-meanwhile'> {
      if (breach.status === 'closed') return 'closed';
      const at = now.toISOString();
      const { _etag, ...current } = breach;
      const told: Breach = {
        ...current,
        peopleToldAt: current.peopleToldAt ?? at,
        phases: [...current.phases, { at, by: staffId, kind: 'people-told', note: message.fr }],
      };
      const fanOut = newMailFanOut(
        dataKey,
        'breach-notice',
        { parameters: { awareAt: current.awareAt, message }, audience },
        now,
      );
      const { outcome } = await governance.batch(BREACH_KIND, [{ replace: told, etag: _etag }, { create: fanOut }]);
      return outcome === 'written' ? { breach: told, fanOutId: fanOut.id } : 'changed-meanwhile';
    },
  };
}

export type BreachRegister = ReturnType<typeof breachRegister>;
