import { describe, expect, it } from 'vitest';
import type { Account } from '../../../shared/accounts/index.ts';
import type { AuditedAct } from '../../../shared/audit/index.ts';
import type { PersonalDataSource } from '../../../shared/personal-data/index.ts';
import { accountReading, type Mission } from '../../../shared/staff-access/index.ts';

const ACCOUNT_ID = `acc_${'a'.repeat(22)}` as const;
const now = new Date('2026-11-24T10:00:00.000Z');
const account = {
  id: 'account',
  type: 'account',
  accountId: ACCOUNT_ID,
  status: 'active',
  loginId: 'login',
} as unknown as Account;

/** A desk over one account that holds one record in each category, and a log of what happened in which order. */
function desk(stored: Account = account, storing: () => Promise<void> = async () => undefined) {
  const happened: string[] = [];
  const acts: AuditedAct[] = [];
  const holds = (category: 'identity' | 'activity', count = 1) =>
    ({
      id: category,
      title: { fr: category, en: category },
      category,
      async *collect() {
        happened.push(`collect ${category}`);
        for (let index = 0; index < count; index += 1) yield { index };
      },
    }) as unknown as PersonalDataSource;
  const reading = accountReading({
    store: {
      account: async () => stored,
      login: async () => undefined,
    } as never,
    loginKey: Buffer.alloc(32),
    audit: {
      pseudonym: (subject: string) => subject,
      async record(act: AuditedAct) {
        await storing();
        happened.push(`audit ${act.outcome}`);
        acts.push(act);
        return act as never;
      },
    },
    habilitations: { granted: async () => ['identity', 'activity'] },
    inventory: () => [holds('identity'), holds('activity', 1_000)],
  });
  const look = (mission: Mission = 'support') =>
    reading.byId(
      ACCOUNT_ID,
      { by: { kind: 'staff', staffId: 's', roles: ['support'] }, mission, reason: 'r', language: 'fr' },
      now,
    );
  return { look, happened, acts };
}

describe('C3 no entry, no data', () => {
  it('the entry is stored before anything is read', async () => {
    const { look, happened } = desk();
    expect((await look()).outcome).toBe('read');
    expect(happened).toEqual(['audit allowed', 'collect identity', 'collect activity']);
  });

  it('nothing is read when the entry cannot be stored', async () => {
    const { look, happened } = desk(account, async () => {
      throw new Error('the log is full');
    });
    await expect(look()).rejects.toThrow('the log is full');
    expect(happened).toEqual([]);
  });

  it('a long list is cut, and says so', async () => {
    const result = await desk().look();
    if (result.outcome !== 'read') throw new Error(result.outcome);
    expect(result.account.categories.activity?.[0]).toMatchObject({ more: true, records: expect.any(Array) });
    expect(result.account.categories.activity?.[0]?.records).toHaveLength(100);
    expect(result.account.categories.identity?.[0]).toMatchObject({ more: false });
  });
});

describe('G6 C3 restriction, objection and closure hold for staff too', () => {
  const since = now.toISOString();
  const asMission = async (stored: Account, mission: Mission) => (await desk(stored).look(mission)).outcome;

  it('restricted data are read for the person’s own request and for legal claims only', async () => {
    const restricted: Account = { ...account, restriction: { since } };
    for (const mission of ['support', 'service-improvement', 'audit'] as const)
      expect({ mission, outcome: await asMission(restricted, mission) }).toEqual({ mission, outcome: 'restricted' });
    for (const mission of ['rights-requests', 'litigation'] as const)
      expect({ mission, outcome: await asMission(restricted, mission) }).toEqual({ mission, outcome: 'read' });
  });

  it('an objection stops its own purpose, a closed space all but the two', async () => {
    const objecting: Account = { ...account, objections: ['D8'] };
    expect(await asMission(objecting, 'service-improvement')).toBe('restricted');
    expect(await asMission(objecting, 'support')).toBe('read');
    const closing: Account = { ...account, status: 'closing' };
    expect(await asMission(closing, 'support')).toBe('restricted');
    expect(await asMission(closing, 'rights-requests')).toBe('read');
  });

  it('the refusal is on record', async () => {
    const { look, acts } = desk({ ...account, restriction: { since } });
    await look();
    expect(acts).toEqual([expect.objectContaining({ outcome: 'refused', subject: ACCOUNT_ID, mission: 'support' })]);
  });
});
