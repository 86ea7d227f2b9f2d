import { appendFileSync, existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, inject } from 'vitest';
import type { DeclaredAnswer, OpenApi } from './published-contract.ts';

declare module 'vitest' {
  export interface ProvidedContext {
    /** The folder in which the run notes which answers it reached. */
    readonly reachedAnswers: string;
  }
}

const noted = new Set<string>();

/** Notes that a test of this run got such an answer; what nobody got is told at the end ({@link ../answer-coverage.ts}). */
export function noteReached(operation: string, status: number): void {
  const line = `${operation} ${status}\n`;
  if (noted.has(line)) return;
  noted.add(line);
  appendFileSync(join(inject('reachedAnswers'), `reached-${process.pid}.txt`), line);
}

/** Notes what the contract declares, and that this test file took part. */
export function noteDeclared(declared: readonly DeclaredAnswer[]): void {
  const folder = inject('reachedAnswers');
  const file = join(folder, 'declared.json');
  if (!existsSync(file)) writeFileSync(file, JSON.stringify(declared));
  appendFileSync(join(folder, `files-${process.pid}.txt`), `${expect.getState().testPath}\n`);
}

/** The contract that the run holds answers against: asked for by the first test file of the run, for all are served the same. */
export async function askedOnce(ask: () => Promise<OpenApi>): Promise<OpenApi> {
  const file = join(inject('reachedAnswers'), 'contract.json');
  if (existsSync(file)) return JSON.parse(readFileSync(file, 'utf8'));
  const contract = await ask();
  writeFileSync(`${file}.${process.pid}`, JSON.stringify(contract));
  renameSync(`${file}.${process.pid}`, file);
  return contract;
}
