import type { LocalClock } from '../clock.ts';
import type { NcrontabSchedule } from './ncrontab.ts';
import type { ScheduleStatus, TimerStatusStore } from './timer-status.ts';

/** A timer function and how it is scheduled. */
export interface TimerDefinition {
  readonly name: string;
  readonly schedule: NcrontabSchedule;
  /** Whether its status is kept, so that an occurrence missed while the host was down is made up for at its start. */
  readonly monitored: boolean;
  readonly runOnStartup: boolean;
}

/** The timer's input as the real host builds it. */
export interface TimerInput {
  readonly Schedule: { readonly AdjustForDST: boolean };
  readonly ScheduleStatus: { readonly Last: string; readonly Next: string; readonly LastUpdated: string } | null;
  readonly IsPastDue: boolean;
}

export interface TimerScheduler {
  /** Starts the schedules; runs at once what is past due or marked `runOnStartup`. */
  start(): Promise<void>;
  /** Ends the schedules and drops queued runs; a run under way goes on to its end. */
  stop(): void;
  /** Looks at the clock now instead of at the next tick. */
  clockMoved(): void;
  /**
   * Runs a timer now, after a run of it that may be under way; the schedule is left as it is.
   *
   * @throws Error when there is no such timer or the schedules have ended, and what the function threw.
   */
  run(name: string, options?: { readonly isPastDue?: boolean }): Promise<void>;
}

interface TimerState extends TimerDefinition {
  status: ScheduleStatus | undefined;
  /** The next occurrence in local milliseconds. */
  next: number;
  /** A scheduled run is queued or under way. */
  pending: boolean;
  /** Counts the jumps of the clock: a run that began before one does not move the schedule set after it. */
  jumps: number;
  /** The end of the last queued run: a timer never overlaps itself. */
  tail: Promise<void>;
}

/** How often the clock is looked at, at least: a jump is noticed within this time. */
const LONGEST_WAIT_MS = 200;

/** .NET's default date, which stands for a run that never was. */
const NEVER = '0001-01-01T00:00:00Z';

/**
 * Runs timers by the local clock. When the clock jumps, the next occurrences are computed anew from the instant it
 * shows then: what was leapt over does not run.
 */
export function createTimerScheduler(options: {
  readonly timers: readonly TimerDefinition[];
  readonly clock: LocalClock;
  readonly statusStore: TimerStatusStore;
  /** Runs the function once; a rejection is what the function threw. */
  readonly invoke: (name: string, input: TimerInput) => Promise<void>;
  /** Told of each scheduled run, which includes keeping its status: to be waited for before the process ends. */
  readonly track: (run: Promise<void>) => void;
  /** Told of a status that could not be kept. */
  readonly onStoreFailure: (name: string, error: unknown) => void;
}): TimerScheduler {
  const { clock, statusStore } = options;
  const states = new Map(
    options.timers.map((timer): [string, TimerState] => [
      timer.name.toLowerCase(),
      { ...timer, status: undefined, next: Infinity, pending: false, jumps: 0, tail: Promise.resolve() },
    ]),
  );
  let tickTimeout: NodeJS.Timeout | undefined;
  let knownOffset = clock.offsetMs;
  let started = false;
  let stopped = false;

  function setNext(state: TimerState, last: string | null, from: Date): void {
    const next = state.schedule.next(from);
    state.next = next?.getTime() ?? Infinity;
    state.status = { last, next: next?.toISOString() ?? null, lastUpdated: from.toISOString() };
  }

  async function keepStatus(state: TimerState): Promise<void> {
    if (!state.monitored || state.status === undefined) return;
    try {
      await statusStore.write(state.name, state.status);
    } catch (error) {
      options.onStoreFailure(state.name, error);
    }
  }

  /** Queues a run and tells whether it came about; `tail` never rejects, the answered promise does. */
  function enqueue(state: TimerState, isPastDue: boolean): Promise<boolean> {
    const run = state.tail.then(async () => {
      if (stopped) return false;
      await options.invoke(state.name, timerInput(state, isPastDue));
      return true;
    });
    state.tail = run.then(
      () => undefined,
      () => undefined,
    );
    return run;
  }

  function runScheduled(state: TimerState, isPastDue: boolean): void {
    state.pending = true;
    const { jumps } = state;
    const at = clock.now();
    const finish = async (ran: boolean) => {
      if (ran && jumps === state.jumps) {
        setNext(state, at.toISOString(), at);
        await keepStatus(state);
      }
      state.pending = false;
    };
    // What the function threw is in the log already; the schedule goes on.
    options.track(enqueue(state, isPastDue).then(finish, () => finish(true)));
  }

  function tick(): void {
    clearTimeout(tickTimeout);
    if (stopped || !started) return;
    const now = clock.now();
    if (clock.offsetMs !== knownOffset) {
      knownOffset = clock.offsetMs;
      for (const state of states.values()) {
        state.jumps += 1;
        setNext(state, null, now);
        void keepStatus(state);
      }
    }
    let wait = LONGEST_WAIT_MS;
    for (const state of states.values()) {
      if (state.pending) continue;
      if (state.next <= now.getTime()) runScheduled(state, false);
      else wait = Math.min(wait, state.next - now.getTime());
    }
    tickTimeout = setTimeout(tick, wait);
    tickTimeout.unref();
  }

  return {
    async start() {
      const now = clock.now();
      knownOffset = clock.offsetMs;
      for (const state of states.values()) {
        const kept = state.monitored ? await statusStore.read(state.name) : undefined;
        if (kept !== undefined && isCurrent(state.schedule, kept, now)) {
          state.status = kept;
          state.next = kept.next === null ? Infinity : Date.parse(kept.next);
        } else {
          setNext(state, null, now);
          await keepStatus(state);
        }
        const pastDue = state.next < now.getTime();
        if (pastDue || state.runOnStartup) runScheduled(state, pastDue);
      }
      started = true;
      tick();
    },
    stop() {
      stopped = true;
      clearTimeout(tickTimeout);
    },
    clockMoved: tick,
    async run(name, { isPastDue: pastDue = false } = {}) {
      const state = states.get(name.toLowerCase());
      if (state === undefined) throw new Error(`There is no timer named '${name}'.`);
      if (!(await enqueue(state, pastDue))) throw new Error('The Functions host is closing.');
    },
  };
}

/** Whether a kept status still holds: made by this schedule, and not in what the clock now shows as the future. */
function isCurrent(schedule: NcrontabSchedule, kept: ScheduleStatus, now: Date): boolean {
  const since = new Date(kept.last ?? kept.lastUpdated);
  return since <= now && (schedule.next(since)?.toISOString() ?? null) === kept.next;
}

function timerInput(state: TimerState, pastDue: boolean): TimerInput {
  const { status } = state;
  return {
    Schedule: { AdjustForDST: true },
    ScheduleStatus:
      state.monitored && status !== undefined
        ? { Last: status.last ?? NEVER, Next: status.next ?? NEVER, LastUpdated: status.lastUpdated }
        : null,
    IsPastDue: pastDue,
  };
}
