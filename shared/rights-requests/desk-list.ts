import { DAY, plus } from '../platform/clock.ts';
import type { Query } from '../platform/cosmos/document-store.ts';
import type { ArchivedCase } from './archive.ts';
import type { RightsRequest } from './case.ts';
import { type CaseStatus, caseStatuses, openStatuses, type RequestType, requestTypes } from './case-rules.ts';
import type { CaseStore } from './case-store.ts';

export const deskSorts = ['dueAt', '-dueAt', 'receivedAt', '-receivedAt'] as const;
export type DeskSort = (typeof deskSorts)[number];

export interface DeskFilter {
  /** Absent: every status but `awaiting-confirmation`, which nobody has stood up for yet. */
  readonly statuses?: readonly CaseStatus[] | undefined;
  readonly type?: RequestType | undefined;
  readonly overdue?: boolean | undefined;
  readonly assignee?: string | undefined;
  /** Part of a name, an e-mail, or a number; an id. */
  readonly q?: string | undefined;
  readonly sort: DeskSort;
}

/** What a list shows of a case. */
const LISTED = [
  'requestId',
  'reference',
  'requestType',
  'channel',
  'status',
  'receivedAt',
  'dueAt',
  'extendedDueAt',
  'suspendedDueAt',
  'closedAt',
  'overdueSince',
  'identity',
  'contact',
  'assignee',
  'sortKey',
  'receivedKey',
] as const;
export type ListedCase = Pick<RightsRequest, (typeof LISTED)[number]>;

/** Cases that one request for a page looks at, when most of them do not fit the search: the page may then be short, with a cursor. */
const LOOKED_AT = 2_000;
/** Rows of a query that is not shown as it is. */
const STRIDE = 500;
const DUE_SOON = 7 * DAY;
/** Cases that the median looks at. */
const MEDIAN_OF = 5_000;

interface DeskListPlatform {
  readonly store: CaseStore;
  readonly archive: { readonly container: CaseStore['container'] };
  readonly identitySuspendsClock: boolean;
}

/**
 * Lists of cases by a key that is indexed (deadline or receipt, then id), so that a page costs the same whether there are fifty cases or fifty
 * thousand: no page is found by counting through those before it.
 */
export function deskList({ store, archive, identitySuspendsClock }: DeskListPlatform) {
  const { container } = store;
  /** The clock of these runs; of who was asked for identity it stands still. */
  const running = openStatuses.filter((status) => !identitySuspendsClock || status !== 'awaiting-identity');

  function query(filter: DeskFilter, after: string | undefined, limit: number, now: Date): Query {
    const key = filter.sort.endsWith('dueAt') ? 'sortKey' : 'receivedKey';
    const descends = filter.sort.startsWith('-');
    const parameters: Record<string, string> = { after: after ?? (descends ? '~' : '') };
    const conditions = [`c.${key} ${descends ? '<' : '>'} @after`];
    const among = (path: string, values: readonly string[]) => {
      values.forEach((value, index) => {
        parameters[`${path}${index}`] = value;
      });
      conditions.push(`c.${path} IN (${values.map((_, index) => `@${path}${index}`).join(', ')})`);
    };
    const statuses = filter.statuses ?? caseStatuses.filter((status) => status !== 'awaiting-confirmation');
    among('status', filter.overdue === true ? statuses.filter((status) => isRunning(status)) : statuses);
    if (filter.type) among('requestType', [filter.type]);
    if (filter.assignee) among('assignee', [filter.assignee]);
    if (filter.overdue !== undefined) {
      parameters.now = now.toISOString();
      conditions.push(filter.overdue ? 'c.sortKey < @now' : 'c.sortKey >= @now');
    }
    return {
      text: `SELECT ${LISTED.map((path) => `c.${path}`).join(', ')} FROM c WHERE ${conditions.join(' AND ')} ORDER BY c.${key}${descends ? ' DESC' : ''}`,
      parameters,
      limit,
    };
  }

  const isRunning = (status: CaseStatus) => (running as readonly CaseStatus[]).includes(status);
  const keyOf = (item: ListedCase, sort: DeskSort) => (sort.endsWith('dueAt') ? item.sortKey : item.receivedKey);

  async function count(text: string, parameters: Readonly<Record<string, string>>): Promise<number> {
    const { items } = await container.query<unknown>({
      text: `SELECT VALUE COUNT(1) FROM c WHERE ${text}`,
      parameters,
    });
    return items.reduce((sum: number, part) => sum + Number(part), 0);
  }

  return {
    /** One page; `after` is where the page before ended. */
    async page(filter: DeskFilter, limit: number, after: string | undefined, now: Date) {
      const found: ListedCase[] = [];
      let position = after;
      let looked = 0;
      const stride = filter.q ? STRIDE : limit + 1;
      while (looked < LOOKED_AT) {
        const { items } = await container.query<ListedCase>(query(filter, position, stride, now));
        const rows = items.slice(0, stride);
        looked += rows.length;
        for (const row of rows) {
          if (found.length === limit) return { items: found, after: position };
          position = keyOf(row, filter.sort);
          if (fits(row, filter.q)) found.push(row);
        }
        if (rows.length < stride) return { items: found };
      }
      return { items: found, after: position };
    },

    /** Every case that fits, in order, `limit` at the most. */
    async *all(filter: DeskFilter, limit: number, now: Date): AsyncGenerator<ListedCase> {
      let position: string | undefined;
      for (let given = 0; given < limit; ) {
        const { items } = await container.query<ListedCase>(query(filter, position, STRIDE, now));
        const rows = items.slice(0, STRIDE);
        for (const row of rows) {
          position = keyOf(row, filter.sort);
          if (fits(row, filter.q) && given < limit) {
            given += 1;
            yield row;
          }
        }
        if (rows.length < STRIDE) return;
      }
    },

    /** Counts for the dashboard, and how long answers took in the last twelve months. No personal data. */
    async dashboard(now: Date) {
      const statusList = (statuses: readonly string[]) => statuses.map((status) => `'${status}'`).join(', ');
      const open = `c.status IN (${statusList(openStatuses)})`;
      const ticking = `c.status IN (${statusList(running)})`;
      const at = now.toISOString();
      const soon = plus(now, DUE_SOON).toISOString();
      const [overdue, dueSoon, byStatus, byType, medianDays] = await Promise.all([
        count(`${ticking} AND c.sortKey < @at`, { at }),
        count(`${ticking} AND c.sortKey >= @at AND c.sortKey < @soon`, { at, soon }),
        Promise.all(
          caseStatuses.map(async (status) => [status, await count('c.status = @status', { status })] as const),
        ),
        Promise.all(
          requestTypes.map(async (type) => [type, await count(`${open} AND c.requestType = @type`, { type })] as const),
        ),
        median(now),
      ]);
      const counts = Object.fromEntries(byStatus) as Record<CaseStatus, number>;
      return {
        open: openStatuses.reduce((sum, status) => sum + counts[status], 0),
        dueSoon,
        overdue,
        ...(medianDays === undefined ? {} : { medianDays }),
        byType: Object.fromEntries(byType) as Record<RequestType, number>,
        byStatus: counts,
      };
    },
  };

  /** Days from receipt to answer, of the cases answered in the last twelve months. */
  async function median(now: Date): Promise<number | undefined> {
    const { items } = await archive.container.query<Pick<ArchivedCase, 'days' | 'sortKey'>>({
      text: 'SELECT c.days, c.sortKey FROM c WHERE c.sortKey > @since ORDER BY c.sortKey DESC',
      parameters: { since: plus(now, -365 * DAY).toISOString() },
      limit: MEDIAN_OF,
    });
    const days = items.flatMap(({ days: taken }) => (taken === undefined ? [] : [taken])).toSorted((a, b) => a - b);
    const middle = Math.floor(days.length / 2);
    return days.length % 2 === 1 ? days[middle] : mean(days[middle - 1], days[middle]);
  }
}

const mean = (a: number | undefined, b: number | undefined) =>
  a === undefined || b === undefined ? undefined : (a + b) / 2;

function fits({ requestId, reference, contact }: ListedCase, q: string | undefined): boolean {
  if (q === undefined) return true;
  const plain = (value: string) => value.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase();
  const wanted = plain(q.trim());
  const { givenName, familyName, email = '' } = contact;
  return [requestId, reference, `${givenName} ${familyName}`, `${familyName} ${givenName}`, email].some((value) =>
    plain(value).includes(wanted),
  );
}
