import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

/** The suite that drives a real browser; the main one leaves it alone. */
export default defineConfig({
  root: fileURLToPath(new URL('../..', import.meta.url)),
  test: {
    include: ['test/browser/**/*.test.ts'],
    pool: 'forks',
    maxWorkers: 1,
    testTimeout: 60_000,
    hookTimeout: 120_000,
  },
});
