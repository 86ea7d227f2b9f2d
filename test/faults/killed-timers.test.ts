import { beforeAll, describe, expect, it } from 'vitest';
import { activityLog } from '../../shared/activity/index.ts';
import { auditSeals, blobSealStore } from '../../shared/audit/index.ts';
import { newMailFanOut } from '../../shared/notifications/index.ts';
import { connectBlobs } from '../../shared/platform/blobs/connect.ts';
import type { Clock } from '../../shared/platform/clock.ts';
import { monthAfter, monthOf, publishedStatistics } from '../../shared/statistics/index.ts';
import { type Composed, composedOn } from '../support/composition.ts';
import { useDirectDatabase } from '../support/direct-database.ts';
import { killedAtWrite, untilKilled } from '../support/killable.ts';
import { movingClock } from '../support/moving-clock.ts';
import { useProduct } from '../support/product.ts';
import { type WholePerson, wholePerson } from '../support/whole-person.ts';

const product = useProduct();
const clock = movingClock(product);
const direct = useDirectDatabase(clock);
const MINUTE = 60_000;
const DAY = 86_400_000;
/** Longer than the lease of a run that died. */
const SUCCESSION = 11 * MINUTE;
let composed: Composed;
let other: Composed;

beforeAll(() => {
  composed = composedOn(product.stack, clock, direct.change);
  other = composedOn(product.stack, clock, direct.change);
});

/** A choice of cookies, as it was taken at this time. */
function choose(
  who: { readonly accountId?: WholePerson['accountId'] },
  choices: Readonly<Record<string, 'granted' | 'denied'>>,
  at: Date,
) {
  const how = { noticeVersion: '1.0', language: 'fr', mechanism: 'test', signals: { gpc: false } } as const;
  return composed.consents.consents.decide(who, { ...how, choices }, at);
}

/**
 * Kills the process at the first write of a timer, at its second, and so on until a run is whole; each time two processes that live run it at once
 * when the lease of the dead has ended. Answers how many writes a whole run makes.
 */
async function killedEverywhere(
  timer: string,
  prepare: (nth: number) => Promise<void>,
  check: (nth: number) => Promise<void>,
  clockOfTheDoomed: Clock = clock,
): Promise<number> {
  for (let nth = 1; ; nth += 1) {
    await prepare(nth);
    const kill = killedAtWrite(nth);
    const doomed = composedOn(product.stack, clockOfTheDoomed, direct.change, kill.change);
    await untilKilled(() => doomed.runTimer(timer));
    await clock.moveBy(SUCCESSION);
    await Promise.all([composed.runTimer(timer), other.runTimer(timer)]);
    await check(nth);
    if (!kill.hasDied()) return nth - 1;
  }
}

describe('F1 C3 the sealing of the audit log, killed', () => {
  it('at any single write is made up for by two runs at once: one chain, without a gap, and it verifies', async () => {
    const { database, audit, config } = composed.platform;
    const verify = auditSeals(
      database,
      blobSealStore(() => connectBlobs(config)),
      clock,
    ).verify;
    let days = 0;
    let entries = 0;
    const writes = await killedEverywhere(
      'seal-audit-log',
      async () => {
        // Two days with entries and one without; the first may still hold what was recorded after the last run.
        for (let day = 0; day < 3; day += 1) {
          for (let n = 0; n < 2 && day !== 1; n += 1) {
            const act = { actor: { kind: 'system' }, action: 'looked', outcome: 'allowed' } as const;
            await audit.record(act, clock.now());
            entries += 1;
          }
          await clock.moveBy(DAY);
          days += 1;
        }
      },
      async (nth) => {
        const found = await verify();
        expect({ nth, ...found }).toEqual({ nth, ok: true, sealedDays: days, entries });
      },
    );
    // A seal for each of three days, the head, the run's record.
    expect(writes).toBe(5);
  }, 120_000);
});

describe('H3 the end of consents, killed', () => {
  it('at any single write is made up for: what is over is gone, what lives stays', async () => {
    const everything = async () => {
      const { items } = await composed.platform.database.consents.query<{ readonly consentId: string }>({
        text: 'SELECT c.consentId FROM c',
      });
      return new Set(items.map(({ consentId }) => consentId)).size;
    };
    let living = await everything();
    const writes = await killedEverywhere(
      'expire-consents',
      async () => {
        const longAgo = new Date(clock.now().getTime() - 400 * DAY);
        for (let n = 0; n < 3; n += 1) await choose({}, { prospecting: 'denied' }, longAgo);
        await choose({}, { prospecting: 'granted' }, clock.now());
        living += 1;
      },
      async (nth) => {
        expect({ nth, living: await everything() }).toEqual({ nth, living });
      },
    );
    // The lease and its end, the run's record, a batch for each of three records.
    expect(writes).toBe(6);
  }, 120_000);
});

describe('C5 the publication of statistics, killed', () => {
  const PEOPLE = 12;
  let people: readonly WholePerson[];

  const publishedBy = ({ platform }: Composed) => publishedStatistics(platform.database.statistics);
  const beginMonthAfter = (month: string) => clock.moveTo(new Date(`${monthAfter(month, 1)}-02T12:00:00.000Z`));
  const lastMonth = () => monthAfter(monthOf(clock.now()), -1);

  /** What is left of this month goes by: each of the people agrees to be measured, and sees one page. */
  async function monthGoesBy(): Promise<void> {
    const { database, config } = composed.platform;
    const log = activityLog({ activity: database.activity, loginKey: config.loginKey });
    const month = monthOf(clock.now());
    await clock.moveTo(new Date(`${month}-10T12:00:00.000Z`));
    const now = clock.now();
    const event = { type: 'page-view', path: '/contracts', at: now.toISOString() } as const;
    for (const { accountId } of people) {
      await choose({ accountId }, { 'audience-measurement': 'granted' }, now);
      await log.record({ accountId, company: 'Garage du Lac' }, [event], now);
    }
    await beginMonthAfter(month);
  }

  async function publishedOnceAndWhole(nth: number): Promise<void> {
    const month = lastMonth();
    const cells = await publishedBy(composed).cells(month);
    const views = cells.find(({ metric, company, section }) => metric === 'page-views' && !company && !section);
    // What a run left that died is cleared away by the next.
    await composed.runTimer('publish-statistics');
    const { items } = await composed.platform.database.statistics.query<{ readonly type: string }>({
      text: 'SELECT c.type FROM c',
      partition: month,
    });
    expect({ nth, views: views?.value, documents: items.map(({ type }) => type).sort() }).toEqual({
      nth,
      views: 10,
      documents: ['statistics-cells', 'statistics-publication'],
    });
  }

  beforeAll(async () => {
    people = await Promise.all(
      Array.from({ length: PEOPLE }, (_, index) => wholePerson(composed, `counted-${index}@partner.example`)),
    );
    await beginMonthAfter(monthOf(clock.now()));
    await composed.runTimer('publish-statistics'); // what was before
  }, 60_000);

  it('at any single write is made up for: each month once, whole, and nothing beside it', async () => {
    const writes = await killedEverywhere('publish-statistics', monthGoesBy, publishedOnceAndWhole);
    // The lease and its end, the cells, the publication, the run's record.
    expect(writes).toBe(5);
  }, 120_000);

  it('at any single write of a count that takes several runs: as if it had taken one', async () => {
    let calls = 0;
    // Every look at the clock takes a minute: the time of the run is over before everybody is counted.
    const hasty = { now: () => new Date(clock.now().getTime() + Math.min(9, calls++) * MINUTE) };
    const writes = await killedEverywhere(
      'publish-statistics',
      async () => {
        calls = 0;
        await monthGoesBy();
      },
      publishedOnceAndWhole,
      hasty,
    );
    // The lease and its end, the draft, the run's record.
    expect(writes).toBe(4);
  }, 120_000);
});

describe('D5 the delivery of mails, killed', () => {
  it('at any single write is made up for: everybody is told, and one thing', async () => {
    const email = (nth: number, index: number) => `told-${nth}-${index}@partner.example`;
    const { config, database } = composed.platform;
    const words = (nth: number) => ({ fr: `Nouveauté ${nth}`, en: `News ${nth}` });
    const everybody: string[] = [];
    const writes = await killedEverywhere(
      'deliver-notifications',
      async (nth) => {
        for (let index = 0; index < 2; index += 1) {
          await wholePerson(composed, email(nth, index));
          everybody.push(email(nth, index));
        }
        await composed.runTimer('deliver-notifications'); // what they bring with them
        const { items } = await database.accounts.query<{
          readonly accountId: string;
          readonly profile: { email: string };
        }>({
          text: "SELECT c.accountId, c.profile FROM c WHERE c.type = 'account'",
        });
        const accountIds = items
          .filter(({ profile }) => profile.email.startsWith(`told-${nth}-`))
          .map(({ accountId }) => accountId);
        const parameters = { topic: 'claims', subject: words(nth), message: words(nth) };
        const audience = { kind: 'accounts', accountIds } as const;
        const fanOut = newMailFanOut(config.dataKey, 'service-announcement', { parameters, audience }, clock.now());
        await database.governance.create('announcement', fanOut);
      },
      async (nth) => {
        await composed.runTimer('deliver-notifications');
        for (let index = 0; index < 2; index += 1) {
          const told = async () => {
            const { body } = await product.control('GET', `/mail?to=${email(nth, index)}`);
            const mails: readonly { subject: string; text: string }[] = body.messages;
            return new Set(mails.filter(({ subject }) => subject.includes(`Nouveauté ${nth}`)).map(({ text }) => text))
              .size;
          };
          // A mail that is nudged may be on its way.
          await expect.poll(told).toBe(1);
        }
      },
    );
    expect(writes).toBeGreaterThan(6);
  }, 120_000);
});
