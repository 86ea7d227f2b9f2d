import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { composedOffline } from '../support/composition.ts';

const runbook = readFileSync('docs/operations.md', 'utf8');

describe('the runbook', () => {
  it('tells of every timer, and of none that there is not', () => {
    const timers = composedOffline().topics.flatMap((topic) => (topic.timers ?? []).map(({ name }) => name));
    const told = [...runbook.matchAll(/^\| `([a-z-]+)` +\| (?:every|hourly|daily)/gm)].map(([, name]) => name);
    expect(told.sort()).toEqual(['deliver-notifications', ...timers].sort());
  });

  it('says of each whether it is exclusive', () => {
    for (const { name, exclusive } of composedOffline().topics.flatMap((topic) => topic.timers ?? [])) {
      expect(runbook).toMatch(new RegExp(`\`${name}\` +\\|[^|]+\\| ${exclusive ? 'yes' : 'no'} `));
    }
  });
});
