import * as z from 'zod/mini';
import type { AccessLog, AuditEntry, AuditLog, AuditSeals, AuditTrail } from '../../shared/audit/index.ts';
import { type Cursors, pageQuery } from '../../shared/platform/http/paging.ts';
import { type Route, route, staff, user } from '../../shared/platform/http/route.ts';
import { STAFF_ID } from '../../shared/staff-access/index.ts';
import { instant, text } from './schemas.ts';

const entrySchema = z.strictObject({
  id: z.string(),
  at: instant,
  actor: z.strictObject({
    kind: z.enum(['staff', 'person', 'system']),
    id: z.optional(z.string()),
    roles: z.optional(z.array(z.string())),
  }),
  action: z.string(),
  /** A keyed pseudonym. */
  subject: z.optional(z.string()),
  resource: z.optional(z.string()),
  categories: z.optional(z.array(z.string())),
  mission: z.optional(z.string()),
  reason: z.optional(z.string()),
  outcome: z.enum(['allowed', 'refused', 'nothing-found']),
});
const shownEntry = ({
  id,
  at,
  actor,
  action,
  subject,
  resource,
  categories,
  mission,
  reason,
  outcome,
}: AuditEntry) => ({
  id,
  at,
  actor,
  action,
  ...(subject ? { subject } : {}),
  ...(resource ? { resource } : {}),
  ...(categories ? { categories } : {}),
  ...(mission ? { mission } : {}),
  ...(reason ? { reason } : {}),
  outcome,
});
const accessSchema = z.strictObject({
  at: instant,
  action: z.string(),
  role: z.string(),
  mission: z.optional(z.string()),
  categories: z.optional(z.array(z.string())),
});
const verificationSchema = z.strictObject({
  ok: z.boolean(),
  sealedDays: z.int(),
  entries: z.int(),
  firstBreak: z.optional(
    z.strictObject({
      day: z.iso.date(),
      entryId: z.optional(z.string()),
      kind: z.enum(['altered', 'added', 'removed', 'seal']),
    }),
  ),
});
/** An instant, or the beginning of a calendar day in UTC. */
const instantOrDay = z.union([instant, z.iso.date()]);
const normalised = (given: string | undefined) => (given === undefined ? undefined : new Date(given).toISOString());

interface AuditServices {
  readonly audit: AuditLog;
  readonly trail: AuditTrail;
  readonly seals: AuditSeals;
  readonly accesses: AccessLog;
  readonly cursors: Cursors;
}

/** Who did what, and proof that the record is whole (clauses C3, F1). */
export function deskAuditRoutes({ audit, trail, seals, accesses, cursors }: AuditServices): readonly Route[] {
  return [
    route({
      name: 'desk-audit-query',
      method: 'GET',
      path: '/api/v1/desk/audit',
      topic: 'audit',
      summary:
        'The audit log, newest first: by person (`subject`, an account id), by member of staff (`actor`), by time (`to` not included).',
      caller: staff('dpo', 'auditor'),
      query: z.strictObject({
        ...pageQuery,
        subject: z.optional(text(200)),
        actor: z.optional(z.string().check(z.regex(STAFF_ID))),
        from: z.optional(instantOrDay),
        to: z.optional(instantOrDay),
      }),
      answers: {
        200: {
          description: 'One page; persons by keyed pseudonym',
          schema: z.strictObject({ items: z.array(entrySchema), nextCursor: z.optional(z.string()) }),
        },
      },
      async handle({ query, caller, now }) {
        const before = cursors.decode<string>('audit', query.cursor);
        await audit.record(
          {
            actor: { kind: 'staff', id: caller.staffId, roles: caller.roles },
            action: 'audit-read',
            ...(query.subject ? { subject: query.subject } : {}),
            ...(query.actor ? { resource: query.actor } : {}),
            mission: 'audit',
            outcome: 'allowed',
          },
          now,
        );
        const filter = {
          subject: query.subject === undefined ? undefined : audit.pseudonym(query.subject),
          actor: query.actor,
          from: normalised(query.from),
          to: normalised(query.to),
        };
        const { items, last } = await trail.page(filter, { before, limit: query.limit });
        return {
          status: 200,
          body: { items: items.map(shownEntry), ...(last ? { nextCursor: cursors.encode('audit', last) } : {}) },
        };
      },
    }),
    route({
      name: 'desk-audit-verify',
      method: 'GET',
      path: '/api/v1/desk/audit/verify',
      topic: 'audit',
      summary: 'Recomputes every daily seal and names the first entry that was altered, added or removed since.',
      caller: staff('dpo', 'auditor'),
      answers: { 200: { description: 'What was found', schema: verificationSchema } },
      async handle() {
        return { status: 200, body: await seals.verify() };
      },
    }),
    route({
      name: 'me-access-log',
      method: 'GET',
      path: '/api/v1/me/access-log',
      topic: 'audit',
      summary: 'Which accesses staff had to the person’s data: when, in which role, for what; newest first.',
      caller: user,
      query: z.strictObject(pageQuery),
      answers: {
        200: {
          description: 'One page',
          schema: z.strictObject({ items: z.array(accessSchema), nextCursor: z.optional(z.string()) }),
        },
      },
      async handle({ query, caller }) {
        const scope = `access-log:${caller.accountId}`;
        const before = cursors.decode<string>(scope, query.cursor);
        const { items, last } = await accesses.page(caller.accountId, { before, limit: query.limit });
        return { status: 200, body: { items, ...(last ? { nextCursor: cursors.encode(scope, last) } : {}) } };
      },
    }),
  ];
}
