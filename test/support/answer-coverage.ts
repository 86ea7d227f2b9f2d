import { globSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { TestProject } from 'vitest/node';
import type { DeclaredAnswer } from './published-contract.ts';

/** What every route may answer when the platform itself fails; a fault test covers them once for all. */
const PLATFORM_WIDE = new Set([500, 503]);

/**
 * Holds the answers that a run got against those that the contract declares: each declared status of each operation is reached by some test.
 * Looked at only when every test file that starts the product has run.
 */
export default function setup(project: TestProject) {
  const folder = mkdtempSync(join(tmpdir(), 'reached-answers-'));
  project.provide('reachedAnswers', folder);
  return () => {
    try {
      const unreached = unreachedAnswers(folder);
      if (unreached.length === 0) return;
      console.error(`\n${unreached.length} declared answers are reached by no test:`);
      for (const { operation, topic, status } of unreached) console.error(`  ${topic}: ${operation} ${status}`);
      process.exitCode = 1;
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  };
}

function unreachedAnswers(folder: string): readonly DeclaredAnswer[] {
  const lines = (name: string) =>
    new Set(globSync(join(folder, name)).flatMap((file) => readFileSync(file, 'utf8').trim().split('\n')));
  const ran = lines('files-*.txt');
  const starting = globSync('test/**/*.test.ts')
    .filter((file) => /\buseProduct\(/.test(readFileSync(file, 'utf8')))
    .map((file) => resolve(file));
  if (!starting.every((file) => ran.has(file))) return [];
  const reached = lines('reached-*.txt');
  const declared = JSON.parse(readFileSync(join(folder, 'declared.json'), 'utf8')) as DeclaredAnswer[];
  return declared
    .filter(({ operation, status }) => !PLATFORM_WIDE.has(status) && !reached.has(`${operation} ${status}`))
    .toSorted((a, b) => a.topic.localeCompare(b.topic) || a.operation.localeCompare(b.operation));
}
