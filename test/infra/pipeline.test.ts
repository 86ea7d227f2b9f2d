import { globSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

const workflows = globSync('.github/workflows/*.yml').map((path) => [path, readFileSync(path, 'utf8')] as const);

describe.each(workflows)('the pipeline %s', (_path, text) => {
  it('pins every action to a commit, and says which release that was', () => {
    const used = [...text.matchAll(/uses: (.+)$/gm)].map((match) => match[1]);
    expect(used.length).toBeGreaterThan(0);
    for (const action of used) expect(action).toMatch(/^[\w-]+\/[\w-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/);
  });

  it('signs in by federation: no secret is stored', () => {
    expect(text).not.toMatch(/secrets\./);
    expect(text).not.toMatch(/creds:|publish-profile/);
  });

  it('grants nothing but what a job asks for', () => {
    expect(text).toMatch(/^permissions: \{\}$/m);
    expect(text).not.toMatch(/write-all|contents: write/);
  });

  it('checks, packages, shows what would change and deploys after approval', () => {
    for (const job of ['check', 'package', 'what-if', 'deploy']) expect(text).toContain(`\n  ${job}:\n`);
    expect(text).toContain('needs: [check, package, what-if]');
    expect(text).toContain('name: production');
  });

  it('puts no value of the event into a shell script', () => {
    const scripts = [...text.matchAll(/run: (?:\|\n((?: {10}.*\n)+)|(.+)\n)/g)].map((match) => match[1] ?? match[2]);
    expect(scripts.length).toBeGreaterThan(5);
    expect(scripts.filter((script) => script?.includes('${{'))).toEqual([]);
  });
});
