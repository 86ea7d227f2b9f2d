import { type Clock, SECOND } from './clock.ts';
import type { Document, DocumentContainer, Stored } from './cosmos/document-store.ts';

/** One row, with the version that it has and since when. Version 0 is what the product ships with. */
export type Governed<Row> = Row & { readonly revision: number; readonly changedAt?: string };

/** One change of one row, on record for ever: what it became, or that it was taken out. */
export interface RowChange<Row> {
  readonly revision: number;
  readonly at: string;
  /** The member of staff who made it. */
  readonly by: string;
  readonly row: Row | null;
}

interface TableDocument<Row> extends Document {
  readonly type: 'governed-table';
  readonly rows: readonly Governed<Row>[];
  readonly revision: number;
}

interface ChangeDocument<Row> extends Document, RowChange<Row> {
  readonly type: 'governed-change';
  readonly key: string;
}

/** How long another instance may still show the rows before; the instance that changed them shows the new ones at once. */
const FRESH = 5 * SECOND;
const CURRENT = 'current';

/** Throws when the row is not the one that the client meant to change. */
type Check<Row> = (current: Governed<Row> | undefined) => void;

/**
 * A small table that staff govern: rows that ship with the product until somebody changes them, and every change on record. The table is one
 * document, read once in a while; a change is one batch, which replaces it on the condition that nobody else did and adds the change.
 */
export function governedTable<Row extends object>(
  governance: DocumentContainer,
  clock: Clock,
  {
    kind,
    keyOf,
    shipped,
  }: { readonly kind: string; readonly keyOf: (row: Row) => string; readonly shipped: readonly Row[] },
) {
  const seeds = shipped.map((row): Governed<Row> => ({ ...row, revision: 0 }));
  let known: { readonly table: Promise<Stored<TableDocument<Row>> | undefined>; readonly loadedAt: number } | undefined;

  const load = () => governance.read<TableDocument<Row>>(kind, CURRENT);

  async function rows(): Promise<readonly Governed<Row>[]> {
    const at = performance.now();
    if (!known || at - known.loadedAt > FRESH) {
      const table = load();
      known = { table, loadedAt: at };
      table.catch(() => {
        known = undefined;
      });
    }
    return (await known.table)?.rows ?? seeds;
  }

  async function change(
    key: string,
    row: Row | null,
    { by, check }: { readonly by: string; readonly check: Check<Row> },
  ): Promise<{ readonly before: Governed<Row> | undefined; readonly after: Governed<Row> | undefined }> {
    for (;;) {
      const table = await load();
      const current = table?.rows ?? seeds;
      const before = current.find((candidate) => keyOf(candidate) === key);
      check(before);
      if (row === null && !before) return { before, after: undefined };
      const revision = (table?.revision ?? 0) + 1;
      const at = clock.now().toISOString();
      const after: Governed<Row> | undefined = row === null ? undefined : { ...row, revision, changedAt: at };
      const isKept = (candidate: Governed<Row>) => keyOf(candidate) !== key;
      const next = before && after ? current.map((one) => (isKept(one) ? one : after)) : current.filter(isKept);
      const document: TableDocument<Row> = {
        id: CURRENT,
        type: 'governed-table',
        revision,
        rows: before || !after ? next : [...next, after],
      };
      const record: ChangeDocument<Row> = {
        id: `change-${String(revision).padStart(8, '0')}`,
        type: 'governed-change',
        key,
        revision,
        at,
        by,
        row,
      };
      const { outcome } = await governance.batch(kind, [
        table ? { replace: document, etag: table._etag } : { create: document },
        { create: record },
      ]);
      known = undefined;
      if (outcome === 'written') return { before, after };
    }
  }

  return {
    rows,

    async row(key: string): Promise<Governed<Row> | undefined> {
      return (await rows()).find((candidate) => keyOf(candidate) === key);
    },

    /** Creates or replaces a row; `check` throws when the client did not mean the row that is there. */
    async put(
      row: Row,
      how: { readonly by: string; readonly check: Check<Row> },
    ): Promise<{ readonly outcome: 'created' | 'replaced'; readonly row: Governed<Row> }> {
      const { before, after } = await change(keyOf(row), row, how);
      if (!after) throw new Error('the row was not put');
      return { outcome: before ? 'replaced' : 'created', row: after };
    },

    /** Takes a row out. `false` when there is none. */
    async remove(key: string, how: { readonly by: string; readonly check: Check<Row> }): Promise<boolean> {
      return (await change(key, null, how)).before !== undefined;
    },

    /** Every change of one row, latest first; before the first of them stands what the product ships with. */
    async changes(key: string): Promise<readonly RowChange<Row>[]> {
      const found: RowChange<Row>[] = [];
      let continuation: string | undefined;
      do {
        const page = await governance.query<ChangeDocument<Row>>({
          text: "SELECT * FROM c WHERE c.type = 'governed-change' AND c.key = @key",
          parameters: { key },
          partition: kind,
          ...(continuation ? { continuation } : {}),
        });
        found.push(...page.items.map(({ revision, at, by, row }) => ({ revision, at, by, row })));
        continuation = page.continuation;
      } while (continuation);
      const original = seeds.find((candidate) => keyOf(candidate) === key);
      if (original) {
        const { revision, ...row } = original;
        found.push({ revision, at: SHIPPED_SINCE, by: 'product', row: row as unknown as Row });
      }
      return found.toSorted((a, b) => b.revision - a.revision);
    },
  };
}

/** When what the product ships with took effect: with its first legal documents. */
const SHIPPED_SINCE = '2022-01-01T00:00:00.000Z';
