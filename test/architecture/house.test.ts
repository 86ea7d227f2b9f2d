import { existsSync, globSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Catalogue } from '../../functions/catalogue.ts';
import { CATALOGUE, catalogueFile } from '../../scripts/catalogue.ts';
import { settingNames } from '../../shared/platform/config.ts';

const sources = globSync('{functions,shared,local,bench,scripts}/**/*.ts').map((file) => ({
  file,
  imports: [...readFileSync(file, 'utf8').matchAll(/(?:from|import)\s*\(?'(\.[^']+)'/g)].map((match) =>
    normalize(join(dirname(file), match[1] ?? '')),
  ),
}));
const topicOf = (file: string) => /^shared\/([^/]+)\//.exec(file)?.[1];

describe('imports go one way', () => {
  it('the product imports neither its triggers nor the local stack', () => {
    for (const { file, imports } of sources) {
      if (file.startsWith('shared/'))
        expect({ file, wrong: imports.filter((path) => !path.startsWith('shared/')) }).toEqual({ file, wrong: [] });
      if (file.startsWith('functions/'))
        expect({ file, wrong: imports.filter((path) => path.startsWith('local/')) }).toEqual({ file, wrong: [] });
    }
  });

  it('the platform imports no topic, and topics use each other through their index', () => {
    for (const { file, imports } of sources) {
      const topic = topicOf(file);
      const wrong = imports.filter((path) => {
        const other = topicOf(path);
        if (!other || other === topic || other === 'platform') return false;
        return topic === 'platform' || !path.endsWith('/index.ts');
      });
      if (topic) expect({ file, wrong }).toEqual({ file, wrong: [] });
    }
  });

  it('topics have no cycles', () => {
    const uses = new Map<string, Set<string>>();
    for (const { file, imports } of sources) {
      const topic = topicOf(file);
      if (!topic) continue;
      const others = uses.get(topic) ?? new Set();
      for (const path of imports) {
        const other = topicOf(path);
        if (other && other !== topic) others.add(other);
      }
      uses.set(topic, others);
    }
    const reaches = (from: string, to: string, seen = new Set<string>()): boolean =>
      [...(uses.get(from) ?? [])].some((next) => next === to || (!seen.has(next) && reaches(next, to, seen.add(next))));
    for (const topic of uses.keys()) expect({ topic, cycle: reaches(topic, topic) }).toEqual({ topic, cycle: false });
  });

  it('rules are pure: no clock, no randomness, no Azure', () => {
    const rules = globSync('shared/**/*rules.ts');
    expect(rules.length).toBeGreaterThan(1);
    for (const file of rules)
      expect(readFileSync(file, 'utf8')).not.toMatch(/Date\.now|new Date\(\)|Math\.random|@azure/);
  });

  it('only the platform clock reads real time', () => {
    for (const file of globSync('{functions,shared}/**/*.ts')) {
      if (file === join('shared', 'platform', 'clock.ts')) continue;
      expect({ file, reads: /Date\.now\(|new Date\(\)/.test(readFileSync(file, 'utf8')) }).toEqual({
        file,
        reads: false,
      });
    }
  });
});

describe('a cold start', () => {
  it('registers all that the product has, each under its own name; else run "npm run generate"', async () => {
    expect(readFileSync(CATALOGUE, 'utf8')).toBe(await catalogueFile());
    const { endpoints, timers } = JSON.parse(readFileSync(CATALOGUE, 'utf8')) as Catalogue;
    const names = [...endpoints, ...timers].map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
    expect(endpoints.length).toBeGreaterThan(100);
  });

  it('loads the endpoints of a file when one of them is called', () => {
    for (const { file, text } of globSync('functions/{topics,timers}/*.ts').map((path) => ({
      file: path,
      text: readFileSync(path, 'utf8'),
    })))
      expect({ file, eager: text.match(/^import (?!type ).*\/http\/.*$/m) }).toEqual({ file, eager: null });
  });

  it('makes no date or number format: each reads the data of its locale and zone, which takes tens of milliseconds', () => {
    for (const file of globSync('{functions,shared}/**/*.ts')) {
      const made = readFileSync(file, 'utf8').match(/^(?:export )?const .*new Intl\..*$/m);
      expect({ file, made }).toEqual({ file, made: null });
    }
  });
});

describe('the clause table of the README', () => {
  const rows = [...readFileSync('README.md', 'utf8').matchAll(/^\| ([A-J]\d+) [^|]*\|([^|]*)\| `([^`]+)`\s*\|$/gm)].map(
    (match) => ({
      clause: match[1] ?? '',
      paths: [...(match[2] ?? '').matchAll(/`(?:[A-Z]+) (\/[^`]+)`/g)].map((path) => path[1] ?? ''),
      test: match[3] ?? '',
    }),
  );

  it('holds one row for each clause of the charter, in its order', () => {
    const numbered = (letter: string, last: number) =>
      Array.from({ length: last }, (_, index) => `${letter}${index + 1}`);
    const clauses = [
      ['A', 2],
      ['B', 3],
      ['C', 7],
      ['D', 9],
      ['E', 1],
      ['F', 2],
      ['G', 11],
      ['H', 8],
      ['I', 1],
      ['J', 1],
    ] as const;
    expect(rows.map((row) => row.clause)).toEqual(clauses.flatMap(([letter, last]) => numbered(letter, last)));
  });

  it('points to endpoints that exist and to tests that are named after the clause', () => {
    const routes = globSync('functions/http/*.ts')
      .map((file) => readFileSync(file, 'utf8'))
      .join('\n');
    for (const { clause, paths, test } of rows) {
      expect(existsSync(test)).toBe(true);
      expect(readFileSync(test, 'utf8')).toMatch(new RegExp(`'[^']*\\b${clause}\\b[^']*'`));
      expect(paths.length).toBeGreaterThan(0);
      for (const path of paths) expect(routes).toContain(`'${path}'`);
    }
  });
});

describe('the sample settings', () => {
  it('name every setting that the product cannot start without', () => {
    const sample = JSON.parse(readFileSync('local.settings.sample.json', 'utf8')) as { Values: Record<string, string> };
    const optional = new Set(['AZURE_CLIENT_ID', 'MAIL_FROM_NAME', 'WRAPPING_KEY_URL', 'CONTROLLER']);
    expect(settingNames.filter((name) => !optional.has(name) && !(name in sample.Values))).toEqual([]);
  });
});
