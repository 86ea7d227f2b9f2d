/** What one thing asks of the database, as `docs/costs.md` tells it: a run of a timer with nothing to do, or one of what it does. */
interface Figure {
  /** Queries over all partitions: each physical partition is paid for. */
  readonly overAll: number;
  readonly units: number;
}

/** The counted figures by timer, then by what was counted. */
export type TimerFigures = ReadonlyMap<string, ReadonlyMap<string, Figure>>;

interface Habit {
  readonly runsPerMonth: number;
  /** How many of each thing a user leaves to the timer in a month: assumptions, each to be replaced by a measured figure. */
  readonly perUser: Readonly<Record<string, number>>;
}

const HOURS = 730;
const DAYS = HOURS / 24;
const EMPTY = 'an empty run';
/** What a query costs on each further physical partition. */
const QUERY_UNITS = 2.8;

/** How often each timer runs, and how much it finds. */
const habits: Readonly<Record<string, Habit>> = {
  'deliver-notifications': {
    runsPerMonth: HOURS * 60,
    // What no request has set going: announcements, new versions, second attempts.
    perUser: { 'a mail delivered': 0.5 },
  },
  'advance-rights-requests': {
    runsPerMonth: HOURS * 12,
    perUser: { 'a closed space erased and told': 0.05 / 12, 'a deadline of an open case': (3 * 0.005) / 12 },
  },
  // What the service's own expiry has missed.
  'purge-expired-data': { runsPerMonth: HOURS, perUser: { 'an expired document removed': 0.1 } },
  'review-inactive-accounts': { runsPerMonth: DAYS, perUser: { 'a holder of an unused account told': 0.05 / 12 } },
  // Two browsers, each a state and two decisions in 13 months.
  'expire-consents': { runsPerMonth: DAYS, perUser: { 'an ended document removed': 6 / 13 } },
  // Three entries about a user in a year, the day itself left out: its cost is with the runs.
  'seal-audit-log': { runsPerMonth: DAYS, perUser: { 'fifty more entries of a closed day': 3 / 12 / 50 } },
  'publish-statistics': { runsPerMonth: DAYS, perUser: { 'a person who agreed to be measured, with ten events': 1 } },
};

/** Runs of all timers in a month. */
export const runsPerMonth = Object.values(habits).reduce((sum, habit) => sum + habit.runsPerMonth, 0);

/** The figures in the table of the timers. Throws when one is missing that a month is made of. */
export function timerFigures(document: string): TimerFigures {
  const [, section = ''] = /<!-- timers:start -->([\s\S]*)<!-- timers:end -->/.exec(document) ?? [];
  const figures = new Map<string, Map<string, Figure>>();
  for (const line of section.split('\n')) {
    const [, job, what, plans, units] =
      /^\| `([\w-]+)` +\| (.+?) +\|(?: +[\d.]+ \|){2} +([\d.]+) \|(?: +[\d.]+ \|){2} +([\d.]+) \|$/.exec(line) ?? [];
    if (!job || !what) continue;
    const ofJob = figures.get(job) ?? new Map<string, Figure>();
    // Less than one for each is the share of a page.
    figures.set(job, ofJob.set(what, { overAll: Math.floor(Number(plans)), units: Number(units) }));
  }
  for (const [job, { perUser }] of Object.entries(habits)) {
    for (const what of [EMPTY, ...Object.keys(perUser)]) figureOf(figures, job, what);
  }
  return figures;
}

function figureOf(figures: TimerFigures, job: string, what: string): Figure {
  const found = figures.get(job)?.get(what);
  if (!found) throw new Error(`docs/costs.md tells nothing of ${job}, ${what}`);
  return found;
}

/** Request units of all timers in a month: their runs, and what `users` leave to them; what looks through a whole container pays for each partition. */
export function timerUnits(figures: TimerFigures, users: number, partitions: number): number {
  return Object.entries(habits).reduce((sum, [job, { runsPerMonth: runs, perUser }]) => {
    const cost = (what: string) => {
      const { overAll, units } = figureOf(figures, job, what);
      return units + overAll * QUERY_UNITS * (partitions - 1);
    };
    const left = Object.entries(perUser).reduce((total, [what, count]) => total + users * count * cost(what), 0);
    return sum + runs * cost(EMPTY) + left;
  }, 0);
}
