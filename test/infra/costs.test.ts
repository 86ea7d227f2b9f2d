import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { monthlyCost, peakUnits, physicalPartitions, withTable } from '../../scripts/costs.ts';

const load = (users: number) => ({ users, requestsPerUser: 60, unitsPerRequest: 12 });
const together = (users: number, capacity: 'serverless' | 'autoscale') =>
  Object.values(monthlyCost(load(users), capacity)).reduce((sum, euros) => sum + euros, 0);

describe('docs/costs.md', () => {
  const document = readFileSync('docs/costs.md', 'utf8');

  it('shows what the formula says now; else run "npm run costs -- --write"', () => {
    // The formatter aligns the columns.
    const plain = (text: string) => text.replace(/ +/g, ' ').replace(/-{3,}/g, '---');
    expect(plain(document)).toBe(plain(withTable(document)));
  });

  it('has a place for the counted figures, and a row for every container', () => {
    expect(document).toMatch(/<!-- counted:start -->[\s\S]*<!-- counted:end -->/);
    const containers = JSON.parse(readFileSync('infra/generated/cosmos-containers.json', 'utf8')) as { id: string }[];
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

  it('grows with the users, and asks for more partitions by size or by the busiest second', () => {
    for (const capacity of ['serverless', 'autoscale'] as const)
      expect(together(200_000, capacity)).toBeGreaterThan(together(100_000, capacity));
    expect(physicalPartitions(load(10_000))).toBe(1);
    expect(physicalPartitions(load(1_000_000))).toBeGreaterThan(1);
    const busy = { users: 1_000, requestsPerUser: 1_000_000, unitsPerRequest: 12 };
    expect(physicalPartitions(busy)).toBe(Math.ceil(peakUnits(busy) / 10_000));
  });
});
