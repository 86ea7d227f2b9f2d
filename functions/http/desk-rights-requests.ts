import { buffer } from 'node:stream/consumers';
import * as z from 'zod/mini';
import type { AuditLog } from '../../shared/audit/index.ts';
import { type DataCategory, dataCategories } from '../../shared/personal-data/index.ts';
import { type Cursors, pageQuery } from '../../shared/platform/http/paging.ts';
import { Problem } from '../../shared/platform/http/problem.ts';
import { type Route, route, type StaffCaller, staff } from '../../shared/platform/http/route.ts';
import type { AccountId, ProofId } from '../../shared/platform/ids.ts';
import {
  type CaseServices,
  type CaseStatus,
  caseStatuses,
  caseSummary,
  deskChannels,
  deskSorts,
  type ListedCase,
  type RightsRequest,
  requestTypes,
} from '../../shared/rights-requests/index.ts';
import type { HabilitationReader } from '../../shared/staff-access/index.ts';
import { caseCsv } from './case-csv.ts';
import { calendarDay, checkSubmission, deskCaseSchema, requestId, submission, summaryShape } from './case-schemas.ts';
import { email, instant, language, multilineText, text } from './schemas.ts';

export interface DeskServices {
  readonly cases: CaseServices;
  readonly cursors: Cursors;
  readonly audit: AuditLog;
  readonly habilitations: HabilitationReader;
}

const byId = z.strictObject({ id: requestId });
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

const notScanned = {
  fr: 'L’analyse antivirus de ce document n’est pas terminée, ou il n’a pas été jugé sain.',
  en: 'The scan of this document has not ended, or has not found it clean.',
} as const;

/** What the categories of a case file are to the audit log. */
const FILE_CATEGORIES: readonly DataCategory[] = ['identity', 'contact', 'requests', 'correspondence'];

function shownInList(request: ListedCase) {
  const { givenName, familyName, email: address } = request.contact;
  return {
    ...caseSummary(request),
    contact: { givenName, familyName, ...(address ? { email: address } : {}) },
    ...(request.assignee ? { assignee: request.assignee } : {}),
    ...(request.overdueSince ? { overdueSince: request.overdueSince } : {}),
  };
}

/** How what the desk does to a case is put on record, and what it is shown afterwards. */
export function deskRecord({ cases, audit }: Pick<DeskServices, 'cases' | 'audit'>) {
  const actor = ({ staffId, roles }: StaffCaller) => ({ kind: 'staff', id: staffId, roles }) as const;
  const subjectOf = (request: RightsRequest) => request.accountId ?? request.emailKey ?? request.nameKey;

  /** Puts a look at, or an act on, a case on record; whoever shows the case awaits this first (clause C3). */
  async function record(caller: StaffCaller, action: string, request: RightsRequest, now: Date, reason?: string) {
    await audit.record(
      {
        actor: actor(caller),
        action,
        subject: subjectOf(request),
        resource: request.requestId,
        categories: FILE_CATEGORIES,
        mission: 'rights-requests',
        ...(reason === undefined ? {} : { reason }),
        outcome: 'allowed',
      },
      now,
    );
  }

  return {
    actor,
    subjectOf,
    record,

    /** The case as it is now, on record as read under `action`. */
    async shown(caller: StaffCaller, action: string, id: string, now: Date) {
      const found = await cases.store.read(id);
      if (!found) throw new Problem('not-found');
      await record(caller, action, found, now);
      const detail = await cases.deskDetail(id, now);
      if (!detail) throw new Problem('not-found');
      return detail;
    },
  };
}

/** Lists, the case file, and what the desk reads (clauses G9, C3). The acts on a case are in `desk-case-actions.ts`. */
export function deskRightsRequestRoutes(services: DeskServices): readonly Route[] {
  const { cases, cursors, audit, habilitations } = services;
  const { deskList, intake, archive } = cases;
  const { actor, subjectOf, shown } = deskRecord(services);

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
      name: 'desk-rights-requests-record',
      method: 'POST',
      path: '/api/v1/desk/rights-requests',
      topic: 'desk',
      summary: 'Records what came by letter, e-mail, phone or in person; the clock runs from the day of receipt.',
      caller: staff('dpo'),
      idempotent: true,
      body: z.extend(submission, {
        channel: z.enum(deskChannels),
        receivedOn: calendarDay,
        contact: z.strictObject({
          givenName: text(100),
          familyName: text(100),
          email: z.optional(email),
          postalAddress: z.optional(multilineText(500)),
        }),
        language: z._default(language, 'fr'),
        accountId: z.optional(z.string().check(z.regex(/^acc_[\w-]{22}$/))),
      }),
      answers: { 201: { description: 'The case', schema: deskCaseSchema } },
      problems: ['unprocessable'],
      async handle({ caller, body, language: reader, now }) {
        checkSubmission(body, reader);
        const accountId = body.accountId as AccountId | undefined;
        const result = await intake.record({ ...body, accountId }, caller.staffId, now);
        if (result.outcome === 'in-the-future') {
          const message = reader === 'fr' ? 'ne peut être après aujourd’hui' : 'must not be after today';
          throw new Problem('unprocessable', { errors: [{ path: 'receivedOn', message }] });
        }
        return { status: 201, body: await shown(caller, 'case-recorded', result.case.requestId, now) };
      },
    }),
    route({
      name: 'desk-rights-requests-read',
      method: 'GET',
      path: '/api/v1/desk/rights-requests/{id}',
      topic: 'desk',
      summary: 'The case file. The look at it is in the audit log before the answer.',
      caller: staff('dpo', 'support'),
      params: byId,
      entityTag: 'read',
      answers: { 200: { description: 'The case', schema: deskCaseSchema } },
      problems: ['not-found'],
      async handle({ caller, params, now }) {
        return { status: 200, body: await shown(caller, 'case-read', params.id, now) };
      },
    }),
    route({
      name: 'desk-identity-proofs-read',
      method: 'GET',
      path: '/api/v1/desk/rights-requests/{id}/identity-proofs/{proofId}',
      topic: 'desk',
      summary: 'An identity document; wants a habilitation for identity-proofs on the mission rights-requests.',
      caller: staff('dpo', 'support'),
      params: z.strictObject({ id: requestId, proofId: z.string().check(z.regex(/^prf_[\w-]{22}$/)) }),
      answers: {
        200: {
          description: 'The file, to be saved',
          contentType: 'application/pdf',
          alternatives: ['image/jpeg', 'image/png'],
        },
      },
      problems: ['not-found', 'conflict'],
      async handle({ caller, params, now }) {
        const found = await cases.store.read(params.id);
        const proofId = params.proofId as ProofId;
        const proof = found && (await cases.identityProofs.record(found.requestId, proofId, now));
        const granted = await habilitations.granted(caller.staffId, 'rights-requests', now);
        const isAllowed = granted.includes('identity-proofs');
        await audit.record(
          {
            actor: actor(caller),
            action: 'identity-proof-read',
            ...(found ? { subject: subjectOf(found) } : {}),
            resource: proofId,
            categories: ['identity-proofs'],
            mission: 'rights-requests',
            outcome: isAllowed ? 'allowed' : 'refused',
          },
          now,
        );
        if (!isAllowed) throw new Problem('forbidden');
        const content = found && proof && (await cases.identityProofs.open(found.requestId, proofId));
        if (!content) throw new Problem('not-found');
        if (content === 'not-clean') throw new Problem('conflict', { detail: notScanned });
        const extension =
          { 'application/pdf': 'pdf', 'image/jpeg': 'jpg', 'image/png': 'png' }[proof.mediaType] ?? 'bin';
        const headers = {
          'Content-Type': proof.mediaType,
          'Content-Disposition': `attachment; filename="${proofId}.${extension}"`,
        };
        return { status: 200, headers, body: await buffer(content) };
      },
    }),
    route({
      name: 'desk-case-package',
      method: 'GET',
      path: '/api/v1/desk/rights-requests/{id}/package',
      topic: 'desk',
      summary:
        'The package of a request that came by letter or in person, to be handed over; wants a habilitation for every category.',
      caller: staff('dpo'),
      params: byId,
      answers: { 200: { description: 'The package', contentType: 'application/zip' } },
      problems: ['not-found', 'conflict', 'gone'],
      async handle({ caller, params, now }) {
        const found = await cases.store.read(params.id);
        if (!found) throw new Problem('not-found');
        // Who can fetch it fetches it: the desk hands over what nobody else can.
        if (found.channel === 'extranet') throw new Problem('conflict');
        const granted = await habilitations.granted(caller.staffId, 'rights-requests', now);
        const isAllowed = dataCategories.every((category) => granted.includes(category));
        await audit.record(
          {
            actor: actor(caller),
            action: 'case-package-read',
            subject: subjectOf(found),
            resource: found.requestId,
            categories: dataCategories,
            mission: 'rights-requests',
            outcome: isAllowed ? 'allowed' : 'refused',
          },
          now,
        );
        if (!isAllowed) throw new Problem('forbidden');
        const result = await cases.followUp.handOver(found.requestId, { kind: 'staff', id: caller.staffId }, now);
        if (result.outcome === 'not-ready') throw new Problem('conflict');
        if (result.outcome !== 'package') throw new Problem(result.outcome === 'not-found' ? 'not-found' : 'gone');
        const headers = { 'Content-Disposition': `attachment; filename="${found.requestType}-${found.reference}.zip"` };
        return { status: 200, headers, body: await buffer(result.content) };
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
