/**
 * What a month in Azure costs, as a formula of users and requests. Every price and every habit of the users is an input: replace them
 * by your own.
 *
 *     node scripts/costs.ts                                     the table of docs/costs.md
 *     node scripts/costs.ts --users 25000 --requests 80 --units 9
 *     node scripts/costs.ts --write                             writes the table into docs/costs.md
 */
import { readFileSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { markdownTable } from './markdown-table.ts';
import { runsPerMonth, timerFigures, timerUnits } from './timer-costs.ts';

/** Euros, without tax. Orders of magnitude of list prices in France Central, written down from memory: not looked up. */
const prices = {
  serverlessMillionUnits: 0.28,
  /** For each 100 request units a second, an hour, at the autoscale rate. */
  autoscaleHundredUnitsHour: 0.013,
  databaseGbMonth: 0.26,
  /** Functions, on demand: a second of a gigabyte; and when always ready, idle and busy. */
  functionsGbSecond: 0.000026,
  readyIdleGbSecond: 0.000004,
  readyBusyGbSecond: 0.000016,
  functionsMillionCalls: 0.4,
  logsGb: 2.8,
  privateEndpointHour: 0.0095,
  privateZoneMonth: 0.47,
  logAlertMonth: 0.9,
  vaultTenThousandCalls: 0.03,
} as const;

/** What a month asks of the product. */
export interface Load {
  readonly users: number;
  /** API requests of one user in a month. */
  readonly requestsPerUser: number;
  /** Request units that one request costs on the average, at the consistency that is deployed. */
  readonly unitsPerRequest: number;
}

/** What the estimate takes for granted, each to be replaced by a measured figure. */
const assumed = {
  requestsPerUser: 60,
  unitsPerRequest: 12,
  /** The busiest second against the average one: work is done in 220 of 730 hours, and mornings are busier. */
  peak: 8,
  busyHours: 220,
  /** Bytes that a user leaves in the database, indexes included: "Room" in docs/costs.md. */
  bytesPerUser: 270_000,
  /** The same in the largest container that timers look through as a whole: `consents`. `activity` is larger, and looked through once an hour. */
  bytesLookedThrough: 7_700,
  /** Seconds of an instance that one request takes when it shares it with few others. */
  secondsPerRequest: 0.2,
  telemetryBytesPerRequest: 2_000,
  /** Seconds that a run of a timer takes. */
  secondsPerRun: 1,
} as const;

const DOCUMENT = fileURLToPath(new URL('../docs/costs.md', import.meta.url));
const timers = timerFigures(readFileSync(DOCUMENT, 'utf8'));

const HOURS = 730;
const SECONDS = HOURS * 3600;
const INSTANCE_GB = 2;
const GB = 1e9;
const PARTITION_BYTES = 50 * GB;
const PARTITION_UNITS = 10_000;
const FREE_GB_SECONDS = 100_000;
const PRIVATE_ENDPOINTS = 4;
const PRIVATE_ZONES = 3;
const LOG_ALERTS = 11;
/** The highest second that a serverless container serves before it refuses. */
const SERVERLESS_UNITS = 5_000;

/** The physical partitions that a load needs, by what it stores and by its busiest second. */
export const physicalPartitions = (load: Load): number => partitions(load, assumed.bytesPerUser);

/** Those of a container that timers look through. */
const partitionsLookedThrough = (load: Load): number => partitions(load, assumed.bytesLookedThrough);

function partitions(load: Load, bytesPerUser: number): number {
  return Math.max(
    1,
    Math.ceil((load.users * bytesPerUser) / PARTITION_BYTES),
    Math.ceil(peakUnits(load) / PARTITION_UNITS),
  );
}

/** Request units in the busiest second. */
export function peakUnits({ users, requestsPerUser, unitsPerRequest }: Load): number {
  return ((users * requestsPerUser * unitsPerRequest) / SECONDS) * assumed.peak;
}

/** Euros a month by what they are paid for. */
export function monthlyCost(load: Load, capacity: 'serverless' | 'autoscale'): Readonly<Record<string, number>> {
  const requests = load.users * load.requestsPerUser;
  const units = requests * load.unitsPerRequest + timerUnits(timers, load.users, partitionsLookedThrough(load));
  const highest = Math.max(1_000, Math.ceil(peakUnits(load) / 1_000) * 1_000);
  const hundreds = assumed.busyHours * highest + (HOURS - assumed.busyHours) * (highest / 10);
  const seconds = requests * assumed.secondsPerRequest + runsPerMonth * assumed.secondsPerRun;
  const gbSeconds = seconds * INSTANCE_GB;
  const ready = capacity === 'autoscale' ? 2 : 0;
  const isPrivate = capacity === 'autoscale';
  return {
    'request units':
      capacity === 'serverless'
        ? (units / 1e6) * prices.serverlessMillionUnits
        : (hundreds / 100) * prices.autoscaleHundredUnitsHour,
    'database storage': ((load.users * assumed.bytesPerUser) / GB) * prices.databaseGbMonth,
    functions:
      (requests / 1e6) * prices.functionsMillionCalls +
      (ready > 0
        ? ready * INSTANCE_GB * SECONDS * prices.readyIdleGbSecond + gbSeconds * prices.readyBusyGbSecond
        : Math.max(0, gbSeconds - FREE_GB_SECONDS) * prices.functionsGbSecond),
    'logs and alerts':
      ((requests * assumed.telemetryBytesPerRequest) / GB) * prices.logsGb + LOG_ALERTS * prices.logAlertMonth,
    'private network': isPrivate
      ? PRIVATE_ENDPOINTS * HOURS * prices.privateEndpointHour + PRIVATE_ZONES * prices.privateZoneMonth
      : 0,
    'key vault': (load.users * 0.05 * prices.vaultTenThousandCalls) / 10_000 + 1,
  };
}

const total = (cost: Readonly<Record<string, number>>) => Object.values(cost).reduce((sum, euros) => sum + euros, 0);

/** The table of docs/costs.md for these loads. */
export function table(loads: readonly Load[]): string {
  const euros = (value: number) => Math.round(value).toLocaleString('en-GB');
  const columns = loads.flatMap((load) =>
    (['serverless', 'autoscale'] as const).map((capacity) => ({
      title: `${load.users.toLocaleString('en-GB')} ${capacity}`,
      refused: capacity === 'serverless' && peakUnits(load) > SERVERLESS_UNITS,
      cost: monthlyCost(load, capacity),
    })),
  );
  const lines = Object.keys(columns[0]?.cost ?? {});
  const together = columns.map(({ cost, refused }) => (refused ? 'refused' : `**${euros(total(cost))}**`));
  return markdownTable(
    ['euros a month', ...columns.map(({ title }) => title)],
    [
      ...lines.map((line) => [line, ...columns.map(({ cost }) => euros(cost[line] ?? 0))]),
      ['**together**', ...together],
    ],
  );
}

/** Loads of three sizes, with the habits that are assumed. */
export const sizes: readonly Load[] = [10_000, 1_000_000, 100_000_000].map((users) => ({
  users,
  requestsPerUser: assumed.requestsPerUser,
  unitsPerRequest: assumed.unitsPerRequest,
}));

const START = '<!-- estimated:start -->';
const END = '<!-- estimated:end -->';

/** A document with the table between its marks renewed. */
export function withTable(document: string): string {
  const [before, rest = ''] = document.split(START);
  return `${before}${START}\n\n${table(sizes)}\n\n${END}${rest.split(END)[1] ?? ''}`;
}

if (import.meta.main) {
  const { values } = parseArgs({
    options: {
      users: { type: 'string' },
      requests: { type: 'string' },
      units: { type: 'string' },
      write: { type: 'boolean', default: false },
    },
  });
  if (values.write) await writeFile(DOCUMENT, withTable(await readFile(DOCUMENT, 'utf8')));
  else if (values.users === undefined) console.log(table(sizes));
  else
    console.log(
      table([
        {
          users: Number(values.users),
          requestsPerUser: Number(values.requests ?? assumed.requestsPerUser),
          unitsPerRequest: Number(values.units ?? assumed.unitsPerRequest),
        },
      ]),
    );
}
