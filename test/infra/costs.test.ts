import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { monthlyCost, peakUnits, physicalPartitions, withTable } from '../../scripts/costs.ts';
import { timerFigures, timerUnits } from '../../scripts/timer-costs.ts';

const load = (users: number) => ({ users, requestsPerUser: 60, unitsPerRequest: 12 });
const together = (users: number, capacity: 'serverless' | 'autoscale') =>
  Object.values(monthlyCost(load(users), capacity)).reduce((sum, euros) => sum + euros, 0);

const document = readFileSync('docs/costs.md', 'utf8');

describe('docs/costs.md', () => {
  it('shows what the formula says now; else run "npm run costs -- --write"', () => {
    expect(document).toBe(withTable(document));
  });

  it('has a place for the counted figures, and a row for every container', () => {
    expect(document).toMatch(/<!-- counted:start -->[\s\S]*<!-- counted:end -->/);
    const containers = JSON.parse(readFileSync('infra/generated/cosmos-containers.json', 'utf8')) as { id: string }[];
    expect(document).toMatch(/<!-- timers:start -->[\s\S]*<!-- timers:end -->/);
    for (const { id } of containers) expect(document).toMatch(new RegExp(`^\\| \`${id}\` `, 'm'));
  });
});

describe('the estimate', () => {
  it('pays for use by the request when serverless, and for readiness when autoscaled', () => {
    expect(together(1_000, 'serverless')).toBeLessThan(together(1_000, 'autoscale'));
    const units = (users: number) => monthlyCost(load(users), 'serverless')['request units'] ?? 0;
    expect(units(2_000_000) / units(1_000_000)).toBeCloseTo(2, 1);
    const least = (users: number) => monthlyCost(load(users), 'autoscale')['request units'];
    expect(least(10)).toBe(least(10_000));
  });

  it('takes what the timers cost from the counted figures, and refuses a document without them', () => {
    const figures = timerFigures(document);
    const dearer = timerFigures(
      document.replace(/(`deliver-notifications` +\| an empty run .*?)[\d.]+ \|$/m, '$1999.0 |'),
    );
    expect(timerUnits(dearer, 0, 1) - timerUnits(figures, 0, 1)).toBeGreaterThan(900 * 60 * 730);
    expect(timerUnits(figures, 10, 1)).toBeGreaterThan(timerUnits(figures, 0, 1));
    expect(timerUnits(figures, 10, 2)).toBeGreaterThan(timerUnits(figures, 10, 1));
    expect(() => timerFigures('# Costs')).toThrow('docs/costs.md tells nothing of deliver-notifications, an empty run');
  });

  it('grows with the users, and asks for more partitions by size or by the busiest second', () => {
    for (const capacity of ['serverless', 'autoscale'] as const)
      expect(together(200_000, capacity)).toBeGreaterThan(together(100_000, capacity));
    expect(physicalPartitions(load(10_000))).toBe(1);
    expect(physicalPartitions(load(1_000_000))).toBeGreaterThan(1);
    const busy = { users: 1_000, requestsPerUser: 1_000_000, unitsPerRequest: 12 };
    expect(physicalPartitions(busy)).toBe(Math.ceil(peakUnits(busy) / 10_000));
  });
});
