import { type Account, type AccountStore, loginIdOf } from '../accounts/index.ts';
import type { AuditedAct, AuditLog } from '../audit/index.ts';
import type { DataCategory, Inventory, PersonalDataRecord, PersonalDataSource } from '../personal-data/index.ts';
import type { StaffCaller } from '../platform/http/route.ts';
import { isId } from '../platform/ids.ts';
import type { Language } from '../platform/language.ts';
import { permission, processingState } from '../processing-gate/index.ts';
import { purposeById } from '../purposes/index.ts';
import type { HabilitationReader, Mission } from './habilitation.ts';
import { readingPermission, sharedOut } from './reading-rules.ts';

/** What one place holds about the person; `more` when there is more than is shown at the desk (the whole is in an access package). */
export interface ShownSource {
  readonly source: string;
  readonly title: string;
  readonly records: readonly PersonalDataRecord[];
  readonly more: boolean;
}

/** An account as a member of staff may see it. */
export interface ReadAccount {
  readonly id: string;
  readonly mission: Mission;
  /** Processing is restricted (art. 18): the data may be used for the mission that was named and nothing else. */
  readonly restricted: boolean;
  readonly categories: Readonly<Partial<Record<DataCategory, readonly ShownSource[]>>>;
  /** Asked for, and not granted. */
  readonly refusedCategories: readonly DataCategory[];
}

export type ReadingOutcome =
  | { readonly outcome: 'read'; readonly account: ReadAccount }
  | { readonly outcome: 'not-granted' | 'restricted' | 'unknown' };

/** Who wants to see what, and why. */
export interface Reading {
  readonly by: StaffCaller;
  readonly mission: Mission;
  readonly reason: string;
  /** Everything that is granted when absent. */
  readonly categories?: readonly DataCategory[] | undefined;
  readonly language: Language;
}

interface ReadingPlatform {
  readonly store: AccountStore;
  readonly loginKey: Buffer;
  readonly audit: AuditLog;
  readonly habilitations: HabilitationReader;
  /** The inventory, complete once every topic is put together. */
  readonly inventory: () => Inventory;
}

/** Records shown of one place at the most. */
const SHOWN = 100;

/**
 * Staff look at an account (clause C3): only with a habilitation for the category and the mission, only what was granted, only with a reason, and
 * never without an entry in the audit log that was stored *before* anything is shown. Refusals are on record too.
 */
export function accountReading({ store, loginKey, audit, habilitations, inventory }: ReadingPlatform) {
  const record = (
    reading: Reading,
    subject: string,
    outcome: AuditedAct['outcome'],
    now: Date,
    shown?: readonly string[],
  ) =>
    audit.record(
      {
        actor: { kind: 'staff', id: reading.by.staffId, roles: reading.by.roles },
        action: 'account-read',
        subject,
        mission: reading.mission,
        reason: reading.reason,
        outcome,
        ...(shown ? { categories: shown } : {}),
      },
      now,
    );

  async function firstOf(source: PersonalDataSource, account: Account, language: Language): Promise<ShownSource> {
    const records: PersonalDataRecord[] = [];
    const subject = { accountId: account.accountId, emailKey: account.loginId };
    for await (const found of source.collect(subject)) {
      if (records.length === SHOWN) return { source: source.id, title: source.title[language], records, more: true };
      records.push(found);
    }
    return { source: source.id, title: source.title[language], records, more: false };
  }

  async function read(
    find: () => Promise<Account | undefined>,
    subject: string,
    reading: Reading,
    now: Date,
  ): Promise<ReadingOutcome> {
    const granted = await habilitations.granted(reading.by.staffId, reading.mission, now);
    const { shown, refused } = sharedOut(reading.categories, granted);
    if (shown.length === 0) {
      await record(reading, subject, 'refused', now, refused);
      return { outcome: 'not-granted' };
    }
    const account = await find();
    if (!account) {
      await record(reading, subject, 'nothing-found', now);
      return { outcome: 'unknown' };
    }
    const gate = { purposeById, permission };
    if (readingPermission(reading.mission, processingState(account, []), gate) !== 'permitted') {
      await record(reading, account.accountId, 'refused', now, shown);
      return { outcome: 'restricted' };
    }
    await record(reading, account.accountId, 'allowed', now, shown);
    const categories: Partial<Record<DataCategory, readonly ShownSource[]>> = {};
    for (const category of shown) {
      const ofCategory = inventory().filter((source) => source.category === category);
      categories[category] = await Promise.all(ofCategory.map((source) => firstOf(source, account, reading.language)));
    }
    return {
      outcome: 'read',
      account: {
        id: account.accountId,
        mission: reading.mission,
        restricted: account.restriction !== undefined,
        categories,
        refusedCategories: refused,
      },
    };
  }

  return {
    byId: (accountId: string, reading: Reading, now: Date) =>
      read(async () => (isId('acc', accountId) ? store.account(accountId) : undefined), accountId, reading, now),

    /** Finds the account of a confirmed e-mail by its keyed pseudonym: no e-mail is stored in clear to be searched. */
    byEmail(email: string, reading: Reading, now: Date) {
      const loginId = loginIdOf(loginKey, email);
      const find = async () => {
        const login = await store.login(loginId);
        return login && store.account(login.accountId);
      };
      return read(find, loginId, reading, now);
    },
  };
}

export type AccountReading = ReturnType<typeof accountReading>;
