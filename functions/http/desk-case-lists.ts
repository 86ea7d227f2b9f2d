import * as z from 'zod/mini';
import { type Cursors, pageQuery } from '../../shared/platform/http/paging.ts';
import { type Route, route, type StaffCaller, staff } from '../../shared/platform/http/route.ts';
import {
  type CaseStatus,
  caseStatuses,
  caseSummary,
  deskSorts,
  type ListedCase,
  requestTypes,
} from '../../shared/rights-requests/index.ts';
import { caseCsv } from './case-csv.ts';
import { summaryShape } from './case-schemas.ts';
import { type DeskRecordServices, deskRecord } from './desk-case-record.ts';
import { instant, text } from './schemas.ts';

/** One status or several, separated by commas. */
const statusList = z
  .string()
  .check(z.regex(new RegExp(`^(?:${caseStatuses.join('|')})(?:,(?:${caseStatuses.join('|')}))*$`)));
const filterShape = {
  status: z.optional(statusList),
  type: z.optional(z.enum(requestTypes)),
  overdue: z.optional(z.enum(['true', 'false'])),
  q: z.optional(text(100)),
  assignee: z.optional(text(200)),
  sort: z._default(z.enum(deskSorts), 'dueAt'),
};
const listed = z.strictObject({
  ...summaryShape,
  contact: z.strictObject({ givenName: z.string(), familyName: z.string(), email: z.optional(z.string()) }),
  assignee: z.optional(z.string()),
  overdueSince: z.optional(instant),
});

interface FilterQuery {
  readonly status?: string | undefined;
  readonly type?: (typeof requestTypes)[number] | undefined;
  readonly overdue?: 'true' | 'false' | undefined;
  readonly q?: string | undefined;
  readonly assignee?: string | undefined;
  readonly sort: (typeof deskSorts)[number];
}

const filterOf = ({ status, type, overdue, q, assignee, sort }: FilterQuery) => ({
  statuses: status?.split(',') as CaseStatus[] | undefined,
  type,
  overdue: overdue === undefined ? undefined : overdue === 'true',
  q,
  assignee,
  sort,
});

function shownInList(request: ListedCase) {
  const { givenName, familyName, email: address } = request.contact;
  return {
    ...caseSummary(request),
    contact: { givenName, familyName, ...(address ? { email: address } : {}) },
    ...(request.assignee ? { assignee: request.assignee } : {}),
    ...(request.overdueSince ? { overdueSince: request.overdueSince } : {}),
  };
}

/** The cases as lists and counts: the desk's, and the archive's (clauses G9, C3). */
export function deskCaseListRoutes(services: DeskRecordServices & { readonly cursors: Cursors }): readonly Route[] {
  const { cases, cursors, audit } = services;
  const { deskList, archive } = cases;
  const { actor } = deskRecord(services);

  const recordList = (caller: StaffCaller, action: string, now: Date) =>
    audit.record(
      {
        actor: actor(caller),
        action,
        resource: 'rights-requests',
        categories: ['identity', 'contact', 'requests'],
        mission: 'rights-requests',
        outcome: 'allowed',
      },
      now,
    );

  return [
    route({
      name: 'desk-rights-requests-list',
      method: 'GET',
      path: '/api/v1/desk/rights-requests',
      topic: 'desk',
      summary: 'The cases, most urgent first; those whose e-mail nobody has confirmed only by `status`.',
      caller: staff('dpo', 'support'),
      query: z.strictObject({ ...pageQuery, ...filterShape }),
      answers: {
        200: {
          description: 'One page; with `q` it may be short and still have a next',
          schema: z.strictObject({ items: z.array(listed), nextCursor: z.optional(z.string()) }),
        },
      },
      async handle({ caller, query, now }) {
        const { limit, cursor, ...given } = query;
        const scope = `desk-rights-requests:${given.sort}`;
        const after = cursors.decode<string>(scope, cursor);
        await recordList(caller, 'cases-listed', now);
        const page = await deskList.page(filterOf(given), limit, after, now);
        const nextCursor = page.after === undefined ? {} : { nextCursor: cursors.encode(scope, page.after) };
        return { status: 200, body: { items: page.items.map(shownInList), ...nextCursor } };
      },
    }),
    route({
      name: 'desk-rights-requests-csv',
      method: 'GET',
      path: '/api/v1/desk/rights-requests.csv',
      topic: 'desk',
      summary: 'The cases as a table for spreadsheets: no cell starts a formula.',
      caller: staff('dpo', 'support'),
      query: z.strictObject(filterShape),
      answers: { 200: { description: 'CSV: UTF-8 with BOM, `;`', contentType: 'text/csv; charset=utf-8' } },
      async handle({ caller, query, now }) {
        await recordList(caller, 'cases-exported', now);
        const headers = { 'Content-Disposition': 'attachment; filename="rights-requests.csv"' };
        return { status: 200, headers, body: await caseCsv(deskList, filterOf(query), now) };
      },
    }),
    route({
      name: 'desk-dashboard',
      method: 'GET',
      path: '/api/v1/desk/dashboard',
      topic: 'desk',
      summary: 'Counts only: open, due within seven days, overdue, days to an answer, by type and status.',
      caller: staff('dpo', 'operator'),
      answers: {
        200: {
          description: 'The counts',
          schema: z.strictObject({
            open: z.int(),
            dueSoon: z.int(),
            overdue: z.int(),
            medianDays: z.optional(z.number()),
            byType: z.record(z.enum(requestTypes), z.int()),
            byStatus: z.record(z.enum(caseStatuses), z.int()),
          }),
        },
      },
      async handle({ now }) {
        return { status: 200, body: await deskList.dashboard(now) };
      },
    }),
    route({
      name: 'desk-case-archive-list',
      method: 'GET',
      path: '/api/v1/desk/case-archive',
      topic: 'desk',
      summary: 'Closed cases, minimised, for five years; only the DPO and auditors reach them.',
      caller: staff('dpo', 'auditor'),
      query: z.strictObject(pageQuery),
      answers: {
        200: {
          description: 'Last closed first',
          schema: z.strictObject({
            items: z.array(
              z.strictObject({
                ...summaryShape,
                closedAt: instant,
                days: z.optional(z.int()),
                ground: z.optional(z.string()),
                history: z.array(
                  z.strictObject({
                    at: instant,
                    actor: z.string(),
                    action: z.string(),
                    from: z.optional(z.string()),
                    to: z.optional(z.string()),
                  }),
                ),
                expiresAt: instant,
              }),
            ),
            nextCursor: z.optional(z.string()),
          }),
        },
      },
      async handle({ caller, query, now }) {
        const after = cursors.decode<string>('desk-case-archive', query.cursor);
        await audit.record(
          { actor: actor(caller), action: 'case-archive-listed', resource: 'case-archive', outcome: 'allowed' },
          now,
        );
        const page = await archive.page(query.limit, after);
        const items = page.items.map((archived) => ({
          ...caseSummary(archived),
          closedAt: archived.closedAt,
          identity: { state: archived.identity.state },
          ...(archived.days === undefined ? {} : { days: archived.days }),
          ...(archived.ground ? { ground: archived.ground } : {}),
          history: archived.history,
          expiresAt: archived.expiresAt,
        }));
        const nextCursor =
          page.after === undefined ? {} : { nextCursor: cursors.encode('desk-case-archive', page.after) };
        return { status: 200, body: { items, ...nextCursor } };
      },
    }),
  ];
}
