import { describe, expect, it } from 'vitest';
import { useProduct } from '../support/product.ts';

const product = useProduct();
const MINUTE = 60_000;

/** Calls as an operator, with a token of this instant: the clock moves. */
const desk = async (method: string, path: string, body?: object) =>
  product.call(method, path, { token: await product.staffToken('operator'), ...(body ? { body } : {}) });
const jobs = async () => (await desk('GET', '/api/v1/desk/jobs')).body;
const health = async () => (await product.call('GET', '/api/health')).body;

async function later(milliseconds: number) {
  const { now } = (await product.control('GET', '/clock')).body;
  await product.control('PUT', '/clock', { now: new Date(Date.parse(now) + milliseconds).toISOString() });
}

describe('E1 every timer is watched', () => {
  it('a stack that has just begun is well, though nothing has run', async () => {
    expect(await health()).toMatchObject({ status: 'ok', checks: { database: 'ok', storage: 'ok', jobs: 'ok' } });
    for (const job of (await jobs()).items) expect(job).toMatchObject({ late: false, failedRuns: 0 });
  });

  it('the jobs list tells schedule, last run and when the next is due', async () => {
    await product.control('POST', '/timers/deliver-notifications');
    const found = (await jobs()).items.find(({ job }: { job: string }) => job === 'deliver-notifications');
    expect(found).toMatchObject({ schedule: '0 * * * * *', lastRun: { job: 'deliver-notifications', failed: 0 } });
    expect(Date.parse(found.nextRunBy) - Date.parse(found.lastRun.startedAt)).toBe(MINUTE);
  });

  it('one that has not run for twice its period makes the service degraded, by name, until it runs', async () => {
    await later(3 * MINUTE);
    expect(await product.call('GET', '/api/health')).toMatchObject({
      status: 200,
      body: { status: 'degraded', checks: { database: 'ok', jobs: 'late', lateJobs: ['deliver-notifications'] } },
    });
    await product.control('POST', '/timers/deliver-notifications');
    await later(30_000);
    expect((await health()).status).toBe('ok');
  });

  it('mail that was given up is there to be seen, and can be sent again', async () => {
    await product.control('PUT', '/faults', { target: 'mail', rate: 1, status: 451 });
    await product.call('POST', '/api/v1/accounts', { body: product.registration('late@partner.example') });
    for (let tried = 0; tried < 14; tried += 1) {
      await later(7 * 60 * MINUTE);
      await product.control('POST', '/timers/deliver-notifications');
    }
    const mails = (await jobs()).backlog.find(({ type }: { type: string }) => type === 'notification');
    expect(mails).toMatchObject({ due: 0, stalled: [{ attempts: 12 }] });
    await product.control('DELETE', '/faults');
    const [{ id, partition }] = mails.stalled;
    const retry = (body: object) => desk('POST', '/api/v1/desk/jobs/retry', body);
    expect((await retry({ id, partition })).status).toBe(202);
    expect((await retry({ id, partition })).status).toBe(404);
    await product.control('POST', '/timers/deliver-notifications');
    expect(await product.mails('late@partner.example')).toHaveLength(1);
  });

  it('is for operators and auditors', async () => {
    const as = async (role: string) =>
      (await product.call('GET', '/api/v1/desk/jobs', { token: await product.staffToken(role) })).status;
    expect([await as('auditor'), await as('dpo'), await as('support')]).toEqual([200, 403, 403]);
  });
});
