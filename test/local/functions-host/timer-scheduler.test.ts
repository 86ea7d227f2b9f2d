import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createLocalClock } from '../../../local/clock.ts';
import { parseNcrontab } from '../../../local/functions-host/ncrontab.ts';
import {
  createTimerScheduler,
  type TimerInput,
  type TimerScheduler,
} from '../../../local/functions-host/timer-scheduler.ts';
import {
  createFileTimerStatusStore,
  createMemoryTimerStatusStore,
  type TimerStatusStore,
} from '../../../local/functions-host/timer-status.ts';

const started: TimerScheduler[] = [];
beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  for (const scheduler of started.splice(0)) scheduler.stop();
  vi.useRealTimers();
});

/** Lets `milliseconds` of real time go by. */
const pass = (milliseconds: number) => vi.advanceTimersByTimeAsync(milliseconds);

/** A scheduler of the one timer `job`, and the inputs of its runs. */
function schedule(
  options: {
    expression?: string;
    monitored?: boolean;
    runOnStartup?: boolean;
    statusStore?: TimerStatusStore;
    at?: string;
    work?: () => Promise<void>;
  } = {},
) {
  const clock = createLocalClock();
  const moveTo = (instant: string) => clock.setOffset(Date.parse(instant) - Date.now());
  moveTo(options.at ?? '2026-05-01T10:30:00Z');
  const runs: TimerInput[] = [];
  const scheduler = createTimerScheduler({
    timers: [
      {
        name: 'job',
        schedule: parseNcrontab(options.expression ?? '0 0 * * * *'),
        monitored: options.monitored ?? true,
        runOnStartup: options.runOnStartup ?? false,
      },
    ],
    clock,
    statusStore: options.statusStore ?? createMemoryTimerStatusStore(),
    invoke: async (_name, input) => {
      runs.push(input);
      await options.work?.();
    },
    track: () => undefined,
    onStoreFailure: () => undefined,
  });
  started.push(scheduler);
  return { scheduler, moveTo, runs };
}

test('a timer runs when the local clock reaches its next occurrence', async () => {
  const { scheduler, runs } = schedule();
  await scheduler.start();
  await pass(30 * 60_000 - 1);
  expect(runs).toHaveLength(0);
  await pass(1);
  expect(runs).toHaveLength(1);
  expect(runs[0]).toMatchObject({
    IsPastDue: false,
    Schedule: { AdjustForDST: true },
    ScheduleStatus: { Last: '0001-01-01T00:00:00Z', Next: '2026-05-01T11:00:00.000Z' },
  });
  await pass(60 * 60_000);
  expect(runs[1]?.ScheduleStatus).toMatchObject({ Last: '2026-05-01T11:00:00.000Z', Next: '2026-05-01T12:00:00.000Z' });
});

test('an occurrence that the clock leaps over does not run, the one after does', async () => {
  const { scheduler, moveTo, runs } = schedule();
  await scheduler.start();
  moveTo('2026-09-01T05:59:00Z');
  scheduler.clockMoved();
  await pass(59_999);
  expect(runs).toHaveLength(0);
  await pass(1);
  expect(runs).toHaveLength(1);
  expect(runs[0]?.ScheduleStatus?.Next).toBe('2026-09-01T06:00:00.000Z');
});

test('a clock set back makes earlier occurrences come again, noticed without being told', async () => {
  const { scheduler, moveTo, runs } = schedule();
  await scheduler.start();
  moveTo('2020-01-01T00:59:00Z');
  await pass(60_000);
  expect(runs).toHaveLength(1);
  expect(runs[0]?.ScheduleStatus?.Next).toBe('2020-01-01T01:00:00.000Z');
});

test('a timer never overlaps itself, and a manual run waits for the one under way', async () => {
  let running = 0;
  let most = 0;
  const { scheduler, runs } = schedule({
    expression: '* * * * * *',
    work: async () => {
      running += 1;
      most = Math.max(most, running);
      await new Promise((resolve) => setTimeout(resolve, 2500));
      running -= 1;
    },
  });
  await scheduler.start();
  const manual = Promise.all([scheduler.run('job'), scheduler.run('JOB'), scheduler.run('job', { isPastDue: true })]);
  await pass(20_000);
  await manual;
  expect(runs).toHaveLength(8);
  expect(runs.some((run) => run.IsPastDue)).toBe(true);
  expect(most).toBe(1);
});

test('a run that fails rejects for its caller and leaves the schedule going', async () => {
  const { scheduler, runs } = schedule({ work: () => Promise.reject(new Error('broken')) });
  await expect(scheduler.run('job')).rejects.toThrow('broken');
  await scheduler.start();
  await pass(2 * 60 * 60_000);
  expect(runs).toHaveLength(3);
  await expect(scheduler.run('other')).rejects.toThrow("There is no timer named 'other'.");
});

test('an occurrence missed while the host was down runs at its start, as past due', async () => {
  const statusStore = createMemoryTimerStatusStore();
  const first = schedule({ statusStore });
  await first.scheduler.start();
  first.scheduler.stop();
  const second = schedule({ statusStore, at: '2026-05-01T12:10:00Z' });
  await second.scheduler.start();
  await pass(0);
  expect(second.runs).toHaveLength(1);
  expect(second.runs[0]).toMatchObject({ IsPastDue: true, ScheduleStatus: { Next: '2026-05-01T11:00:00.000Z' } });
  expect(await statusStore.read('job')).toMatchObject({ next: '2026-05-01T13:00:00.000Z' });
});

test('a kept status whose schedule changed meanwhile, or that lies in the future, makes nothing past due', async () => {
  const statusStore = createMemoryTimerStatusStore();
  await statusStore.write('job', {
    last: null,
    next: '2026-05-01T10:45:00.000Z',
    lastUpdated: '2026-05-01T10:00:00.000Z',
  });
  const changed = schedule({ statusStore, at: '2026-05-01T10:50:00Z' });
  await changed.scheduler.start();
  expect(await statusStore.read('job')).toMatchObject({ next: '2026-05-01T11:00:00.000Z' });
  const earlier = schedule({ statusStore, at: '2024-05-01T10:50:00Z' });
  await earlier.scheduler.start();
  expect(await statusStore.read('job')).toMatchObject({ next: '2024-05-01T11:00:00.000Z' });
  expect([...changed.runs, ...earlier.runs]).toEqual([]);
});

test('a timer that is not monitored keeps and learns no status', async () => {
  const statusStore = createMemoryTimerStatusStore();
  const { scheduler, runs } = schedule({ statusStore, monitored: false, runOnStartup: true });
  await scheduler.start();
  await pass(0);
  expect(runs).toHaveLength(1);
  expect(runs[0]).toMatchObject({ ScheduleStatus: null, IsPastDue: false });
  expect(await statusStore.read('job')).toBeUndefined();
});

test('a manual run does not move the schedule', async () => {
  const statusStore = createMemoryTimerStatusStore();
  const { scheduler } = schedule({ statusStore });
  await scheduler.start();
  const before = await statusStore.read('job');
  await pass(60_000);
  await scheduler.run('job');
  expect(await statusStore.read('job')).toEqual(before);
});

test('nothing runs once the scheduler has stopped', async () => {
  const { scheduler, runs } = schedule({ expression: '* * * * * *' });
  await scheduler.start();
  scheduler.stop();
  await pass(10_000);
  scheduler.clockMoved();
  await expect(scheduler.run('job')).rejects.toThrow('The Functions host is closing.');
  expect(runs).toHaveLength(0);
});

test('a scheduled run that is dropped at the end is past due at the next start', async () => {
  const gate = Promise.withResolvers<void>();
  const statusStore = createMemoryTimerStatusStore();
  const { scheduler, runs } = schedule({ statusStore, work: () => gate.promise });
  await scheduler.start();
  const manual = scheduler.run('job');
  await pass(31 * 60_000);
  scheduler.stop();
  gate.resolve();
  await manual;
  await pass(0);
  expect(runs).toHaveLength(1);
  expect(await statusStore.read('job')).toMatchObject({ next: '2026-05-01T11:00:00.000Z' });
});

test('statuses outlive the process in a folder; a broken file counts as none', async () => {
  vi.useRealTimers();
  const directory = await mkdtemp(join(tmpdir(), 'timer-status-'));
  try {
    const status = { last: null, next: '2026-05-01T11:00:00.000Z', lastUpdated: '2026-05-01T10:00:00.000Z' };
    await createFileTimerStatusStore(join(directory, 'new')).write('job', status);
    expect(await createFileTimerStatusStore(join(directory, 'new')).read('job')).toEqual(status);
    expect(JSON.parse(await readFile(join(directory, 'new', 'job.json'), 'utf8'))).toEqual(status);
    await writeFile(join(directory, 'new', 'job.json'), '{');
    expect(await createFileTimerStatusStore(join(directory, 'new')).read('job')).toBeUndefined();
  } finally {
    await rm(directory, { recursive: true });
  }
});
