import { beforeAll, describe, expect, it } from 'vitest';
import { fanOutMails, type MailFanOut, newMailFanOut } from '../../../shared/notifications/index.ts';
import type { Clock } from '../../../shared/platform/clock.ts';
import type { DocumentContainer, Stored } from '../../../shared/platform/cosmos/document-store.ts';
import { useDocumentStore } from '../../support/document-store.ts';

const data = useDocumentStore();
const PEOPLE = 250;
const MINUTE = 60_000;
const dataKey = Buffer.alloc(32, 7);
const accountId = (number: number) => `acc_${String(number).padStart(22, '0')}`;

beforeAll(async () => {
  await Promise.all(
    Array.from({ length: PEOPLE }, (_, number) =>
      data.store.accounts.create(accountId(number), {
        ...{ id: 'account', type: 'account', accountId: accountId(number), profile: { company: `c${number % 5}` } },
        ...{ status: number % 100 === 7 ? 'unverified' : 'active' },
      }),
    ),
  );
});

/** Carries the fan-out out as the runner would: again and again, whatever it throws. */
async function carryOut(fanOut: MailFanOut, clock: Clock, accounts: DocumentContainer = data.store.accounts) {
  const { governance } = data.store;
  const nudged: string[] = [];
  const handler = fanOutMails({ accounts, dataKey, clock, nudge: (_, id) => nudged.push(id) });
  await governance.create('test', fanOut);
  for (let run = 1; run < 60; run += 1) {
    const work = (await governance.read<MailFanOut>('test', fanOut.id)) as Stored<MailFanOut>;
    if (work.completedAt) return { runs: run, work, nudged };
    await handler(work, { container: governance, partition: 'test' }, clock.now()).catch(() => undefined);
  }
  throw new Error('it never ends');
}

async function mailsOf(template: string) {
  const found: string[] = [];
  for (let number = 0; number < PEOPLE; number += 1) {
    const { items } = await data.store.accounts.query<{ template: string }>({
      text: "SELECT * FROM c WHERE c.type = 'notification'",
      partition: accountId(number),
    });
    found.push(...items.filter((mail) => mail.template === template).map(() => accountId(number)));
  }
  return found;
}

const words = { topic: 'x', subject: { fr: 'x', en: 'x' }, message: { fr: 'x', en: 'x' } };

describe('D5 I1 one mail to many people', () => {
  it('reaches each once, in bounded runs, although writes fail and are tried again', async () => {
    let looks = 0;
    const clock = { now: () => new Date(Date.now() + MINUTE * Math.floor(looks++ / 4)) };
    let calls = 0;
    const { accounts } = data.store;
    const failing: DocumentContainer = {
      ...accounts,
      async create(...write) {
        calls += 1;
        const written = await accounts.create(...write);
        // The answer is lost after the write, or the process dies there.
        if (calls % 40 === 0) throw new Error('killed');
        return written;
      },
    };
    const audience = { kind: 'everyone' } as const;
    const fanOut = newMailFanOut(dataKey, 'service-announcement', { parameters: words, audience }, clock.now());
    const { runs, work } = await carryOut(fanOut, clock, failing);
    expect(runs).toBeGreaterThan(3);
    expect(work).not.toHaveProperty('sealed');
    const told = await mailsOf('service-announcement');
    expect(told).toHaveLength(new Set(told).size);
    expect(told).toHaveLength(PEOPLE - 3);
  });

  it('reaches those of one company, or those that are named, and nobody who is not there', async () => {
    const clock = { now: () => new Date() };
    const company = { kind: 'company', company: 'c3' } as const;
    await carryOut(
      newMailFanOut(dataKey, 'password-changed', { parameters: { at: 'x' }, audience: company }, clock.now()),
      clock,
    );
    expect(await mailsOf('password-changed')).toHaveLength(PEOPLE / 5);
    const named = { kind: 'accounts', accountIds: [accountId(9), accountId(1), accountId(7), 'acc_gone'] } as const;
    const few = newMailFanOut(
      dataKey,
      'second-factor-enabled',
      { parameters: { at: 'x' }, audience: named },
      clock.now(),
    );
    const { nudged } = await carryOut(few, clock);
    // The seventh has not confirmed the e-mail.
    expect(await mailsOf('second-factor-enabled')).toEqual([accountId(1), accountId(9)]);
    expect(nudged).toHaveLength(2);
  });
});
