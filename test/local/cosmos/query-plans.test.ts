import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createLocalClock } from '../../../local/clock.ts';
import { type CosmosContainer, openContainer } from '../../../local/cosmos/container.ts';
import type { Partition } from '../../../local/cosmos/partition-key.ts';

/** That no query reads more than it finds is a matter of the database's plan, which it can be asked for: no clock decides. */
const folder = mkdtempSync(join(tmpdir(), 'cosmos-plans-'));
const sqlite = new DatabaseSync(join(folder, 'plans.sqlite'));
const statements: string[] = [];
let container: CosmosContainer;

beforeAll(() => {
  const prepared = (sql: string) => {
    statements.push(sql);
    return sqlite.prepare(sql);
  };
  const properties = {
    id: 'items',
    partitionKey: { paths: ['/owner'] },
    defaultTtl: -1,
    indexingPolicy: { includedPaths: [{ path: '/owner/?' }, { path: '/type/?' }, { path: '/pendingAt/?' }] },
  };
  container = openContainer(sqlite, prepared, 1, properties, createLocalClock());
  sqlite.exec('BEGIN');
  for (let n = 0; n < 3000; n += 1) {
    const owner = `o${n % 300}`;
    const pending = n % 1000 === 0 ? { pendingAt: `2026-01-0${1 + n / 1000}` } : {};
    container.create(JSON.stringify([owner]), { id: `i${n}`, owner, type: 'item', other: n, ...pending });
  }
  sqlite.exec('COMMIT');
});

afterAll(() => {
  sqlite.close();
  rmSync(folder, { recursive: true, force: true });
});

const inPartition: Partition = { isWhole: true, text: '["o1"]' };

/** The rows of a query, and the steps of the database that went over more than an index led to. */
function run(text: string, partition?: Partition) {
  statements.length = 0;
  const { rows } = container.query({ text, parameters: new Map(), partition, limit: 100, position: undefined });
  const steps = statements
    .flatMap((sql) => sqlite.prepare(`EXPLAIN QUERY PLAN ${sql}`).all())
    .map(({ detail }) => detail as string);
  return {
    rows,
    steps,
    wasteful: steps.filter((step) => /^SCAN (?!\(subquery|.* USING INDEX)|TEMP B-TREE/.test(step)),
  };
}

describe('a query reads no more than it finds', () => {
  test.each([
    ["SELECT VALUE c.id FROM c WHERE c.pendingAt <= '2026-01-02'", 2],
    ["SELECT VALUE c.id FROM c WHERE c.type = 'item' AND c.pendingAt <= '2026-01-02' ORDER BY c.pendingAt", 2],
    ["SELECT VALUE c.id FROM c WHERE c.pendingAt BETWEEN '2026-01-02' AND '2026-01-03' ORDER BY c.pendingAt DESC", 2],
    ["SELECT VALUE c.id FROM c WHERE STARTSWITH(c.pendingAt, '2026-01-0')", 3],
    ["SELECT VALUE COUNT(1) FROM c WHERE c.pendingAt > ''", 1],
    ["SELECT VALUE c.id FROM c WHERE c.type = 'item'", 100],
    ['SELECT VALUE c.id FROM c ORDER BY c.pendingAt DESC', 100],
    ["SELECT VALUE c.id FROM c WHERE c.id > 'i2' ORDER BY c.id", 100],
    ["SELECT VALUE c.id FROM c WHERE c.owner > 'o2' ORDER BY c.owner", 100],
    ["SELECT VALUE c.id FROM c WHERE c.type IN ('item', 'none') AND c.other = 7", 1],
  ])('over all partitions: %s', (query, found) => {
    const { rows, wasteful } = run(query);
    expect({ found: rows.length, wasteful }).toEqual({ found, wasteful: [] });
  });

  test.each([
    ['SELECT VALUE c.id FROM c', 10],
    ["SELECT VALUE c.id FROM c WHERE c.type = 'item'", 10],
    ['SELECT VALUE c.id FROM c WHERE c.other = 1', 1],
    ['SELECT VALUE c.id FROM c ORDER BY c.pendingAt DESC', 10],
    ["SELECT VALUE c.id FROM c WHERE c.type = 'item' AND CONTAINS(c.id, '1')", 10],
  ])('in one partition: %s', (query, found) => {
    const { rows, steps } = run(query, inPartition);
    expect(rows).toHaveLength(found);
    for (const step of steps.filter((name) => name.startsWith('SEARCH'))) expect(step).toContain('pk=?');
    expect(steps.some((step) => step.startsWith('SCAN items'))).toBe(false);
  });
});
