import { buffer } from 'node:stream/consumers';
import * as z from 'zod/mini';
import type { AuditedAct, AuditLog } from '../../shared/audit/index.ts';
import { dataCategories, type Packages } from '../../shared/personal-data/index.ts';
import { type Cursors, pageQuery } from '../../shared/platform/http/paging.ts';
import { Problem } from '../../shared/platform/http/problem.ts';
import { type Route, route, type StaffCaller, staff } from '../../shared/platform/http/route.ts';
import type { Language } from '../../shared/platform/language.ts';
import {
  type DeathNotice,
  type DeathNotices,
  type DeathNoticeWork,
  type DecisionOutcome,
  deathActions,
  type NoticeWithDirectives,
  noticeStates,
  relations,
} from '../../shared/post-mortem/index.ts';
import type { HabilitationReader } from '../../shared/staff-access/index.ts';
import { directivesShape } from './directives.ts';
import { email, instant, language, multilineText, text } from './schemas.ts';

const path = '/api/v1/desk/death-notices';
const SCOPE = 'death-notices';
const action = z.enum(deathActions);
const reporter = {
  name: text(200),
  email,
  relation: z.enum(relations),
};
const summary = {
  id: z.string(),
  status: z.enum(noticeStates),
  accountId: z.string(),
  receivedAt: instant,
  requestedAction: action,
};
const summarySchema = z.strictObject({ ...summary, relation: z.enum(relations) });
const words = z.strictObject({ fr: z.string(), en: z.string() });
const noticeSchema = z.strictObject({
  ...summary,
  reportedBy: z.strictObject({ ...reporter, language }),
  evidence: z.string(),
  recordedBy: z.string(),
  directives: z.optional(
    z.strictObject({ ...directivesShape, consent: z.literal(true), version: z.int(), recordedAt: instant }),
  ),
  standing: z.enum(['directives', 'heirs', 'none']),
  designeeMatches: z.boolean(),
  allowedActions: z.array(action),
  decision: z.optional(
    z.strictObject({
      action: z.enum([...deathActions, 'dismiss']),
      reason: z.string(),
      at: instant,
      by: z.string(),
      categories: z.optional(z.array(z.enum(dataCategories))),
    }),
  ),
  package: z.optional(z.strictObject({ readyAt: instant, expiresAt: instant, size: z.int(), sha256: z.string() })),
  executedAt: z.optional(instant),
  kept: z.optional(
    z.array(z.strictObject({ source: z.string(), title: words, reason: words, legalReference: z.string() })),
  ),
});
const params = z.strictObject({ id: z.string().check(z.maxLength(100)) });

function shown({ notice, ...more }: NoticeWithDirectives) {
  const { id, status, accountId, receivedAt, requestedAction, reportedBy, evidence, recordedBy } = notice;
  const { decision, executedAt, kept, package: built } = notice;
  const fetchable = built && {
    readyAt: built.readyAt,
    expiresAt: built.expiresAt,
    size: built.size,
    sha256: built.sha256,
  };
  return {
    id,
    status,
    accountId,
    receivedAt,
    requestedAction,
    reportedBy,
    evidence,
    recordedBy,
    ...more,
    ...(decision ? { decision } : {}),
    ...(fetchable ? { package: fetchable } : {}),
    ...(executedAt ? { executedAt } : {}),
    ...(kept ? { kept } : {}),
  };
}

const summarised = ({ id, status, accountId, receivedAt, requestedAction, reportedBy }: DeathNotice) => ({
  id,
  status,
  accountId,
  receivedAt,
  requestedAction,
  relation: reportedBy.relation,
});

const notAllowed = {
  fr: 'Ni les directives de la personne ni les droits de qui signale ne permettent cette action.',
  en: 'Neither the person’s directives nor the rights of the reporter allow this action.',
};

const notGranted = {
  fr: 'Ces données ne se remettent qu’avec une habilitation pour chacune de leurs catégories (mission « rights-requests »).',
  en: 'These data are handed over only with a habilitation for each of their categories (mission “rights-requests”).',
};

const categoriesMissing = {
  fr: 'nommez les données dont le règlement de la succession a besoin',
  en: 'name the data that settling the estate needs',
};

interface DeathNoticeServices {
  readonly notices: DeathNotices;
  readonly work: DeathNoticeWork;
  readonly packages: Pick<Packages, 'open'>;
  readonly habilitations: HabilitationReader;
  readonly audit: AuditLog;
  readonly cursors: Cursors;
  /** Sets committed work on its way without waiting for it. */
  readonly nudge: (id: string) => void;
}

/** What the desk does when a user has died (clause G7; loi 78-17 art. 85). */
export function deathNoticeRoutes(services: DeathNoticeServices): readonly Route[] {
  const { notices, work, packages, habilitations, audit, cursors, nudge } = services;

  const record = (
    caller: StaffCaller,
    act: Omit<AuditedAct, 'actor' | 'outcome'>,
    now: Date,
    outcome: AuditedAct['outcome'] = 'allowed',
  ) =>
    audit.record(
      {
        actor: { kind: 'staff', id: caller.staffId, roles: caller.roles },
        mission: 'rights-requests',
        categories: ['directives'],
        ...act,
        outcome,
      },
      now,
    );

  /** Lets a decision be taken, on record before it is and again when it was refused; what it committed is set on its way. */
  async function decide(
    { id, action, reason }: { readonly id: string; readonly action: string; readonly reason: string },
    take: () => Promise<DecisionOutcome>,
    {
      caller,
      language: reader,
      now,
    }: { readonly caller: StaffCaller; readonly language: Language; readonly now: Date },
  ) {
    const found = await notices.one(id);
    if (!found) throw new Problem('not-found');
    const act = { action: `death-notice-${action}`, subject: found.notice.accountId, resource: id, reason };
    await record(caller, act, now);
    const result = await take();
    if (result.outcome === 'decided') {
      for (const due of notices.dueWorkOf(result.found.notice)) nudge(due);
      return { status: 200, body: shown(result.found) } as const;
    }
    await record(caller, act, now, 'refused');
    if (result.outcome === 'not-found') throw new Problem('not-found');
    if (result.outcome === 'categories-missing') {
      throw new Problem('unprocessable', { errors: [{ path: 'categories', message: categoriesMissing[reader] }] });
    }
    throw new Problem('conflict', result.outcome === 'not-allowed' ? { detail: notAllowed } : {});
  }

  return [
    route({
      name: 'desk-death-notices-record',
      method: 'POST',
      path,
      topic: 'death notices',
      summary:
        'Records the report of a user’s death: the account is on hold from now on; directives are shown where there are any.',
      caller: staff('dpo'),
      idempotent: true,
      body: z
        .strictObject({
          accountId: z.optional(text(100)),
          email: z.optional(email),
          reportedBy: z.strictObject({ ...reporter, language: z.optional(language) }),
          evidence: multilineText(5_000),
          requestedAction: z.enum(['close', 'communicate', 'erase']),
        })
        .check(
          z.refine(({ accountId, email: address }) => (accountId === undefined) !== (address === undefined), {
            path: ['accountId'],
          }),
        ),
      answers: { 201: { description: 'Recorded', schema: noticeSchema } },
      problems: ['not-found'],
      async handle({ body, caller, now }) {
        const { accountId, email: address = '', reportedBy, evidence, requestedAction } = body;
        const recorded = await notices.record(
          {
            person: accountId === undefined ? { email: address } : { accountId },
            reportedBy: { ...reportedBy, language: reportedBy.language ?? 'fr' },
            evidence,
            requestedAction,
          },
          caller.staffId,
          now,
        );
        if (!recorded) throw new Problem('not-found');
        const { notice } = recorded.found;
        await record(caller, { action: 'death-notice-recorded', subject: notice.accountId, resource: notice.id }, now);
        // The work that was committed with the notice does this in any case; here it is done before anybody is answered.
        await work.holdNow(notice.accountId, notice.receivedAt, now).catch(() => undefined);
        for (const id of recorded.work) nudge(id);
        return { status: 201, body: shown(recorded.found) };
      },
    }),
    route({
      name: 'desk-death-notices-list',
      method: 'GET',
      path,
      topic: 'death notices',
      summary: 'The notices, newest first.',
      caller: staff('dpo'),
      query: z.strictObject({ ...pageQuery, status: z.optional(z.enum(noticeStates)) }),
      answers: {
        200: {
          description: 'One page',
          schema: z.strictObject({ items: z.array(summarySchema), nextCursor: z.optional(z.string()) }),
        },
      },
      async handle({ query, caller, now }) {
        const before = cursors.decode<string>(SCOPE, query.cursor);
        const { items, last } = await notices.list({ status: query.status }, { before, limit: query.limit });
        const people = new Set(items.map(({ accountId }) => accountId));
        await Promise.all([...people].map((subject) => record(caller, { action: 'death-notices-read', subject }, now)));
        return {
          status: 200,
          body: { items: items.map(summarised), ...(last ? { nextCursor: cursors.encode(SCOPE, last) } : {}) },
        };
      },
    }),
    route({
      name: 'desk-death-notices-read',
      method: 'GET',
      path: `${path}/{id}`,
      topic: 'death notices',
      summary: 'One notice, with the directives and what they allow.',
      caller: staff('dpo'),
      params,
      entityTag: 'read',
      answers: { 200: { description: 'The notice', schema: noticeSchema } },
      problems: ['not-found'],
      async handle({ params: { id }, caller, now }) {
        const found = await notices.one(id);
        if (!found) throw new Problem('not-found');
        const { accountId } = found.notice;
        await record(caller, { action: 'death-notice-read', subject: accountId, resource: id }, now);
        return { status: 200, body: shown(found) };
      },
    }),
    route({
      name: 'desk-death-notices-execute',
      method: 'POST',
      path: `${path}/{id}/execute`,
      topic: 'death notices',
      summary:
        'Decides: a closed space is erased after seven days, an erasure begins at once, keeping leaves the account on hold.',
      caller: staff('dpo'),
      params,
      body: z.strictObject({
        action,
        reason: multilineText(2_000),
        categories: z.optional(z.array(z.enum(dataCategories)).check(z.minLength(1))),
      }),
      answers: { 200: { description: 'Decided', schema: noticeSchema } },
      problems: ['not-found', 'conflict', 'unprocessable'],
      async handle({ params: { id }, body, ...request }) {
        const by = request.caller.staffId;
        return decide({ id, ...body }, () => notices.execute(id, { ...body, by }, request.now), request);
      },
    }),
    route({
      name: 'desk-death-notices-package',
      method: 'GET',
      path: `${path}/{id}/package`,
      topic: 'death notices',
      summary:
        'The data to hand over to whoever has a right to them; wants a habilitation for each of their categories.',
      caller: staff('dpo'),
      params,
      answers: { 200: { description: 'A zip', contentType: 'application/zip' } },
      problems: ['not-found', 'conflict', 'gone'],
      async handle({ params: { id }, caller, now }) {
        const found = await notices.one(id);
        if (!found) throw new Problem('not-found');
        const { accountId, decision, package: built } = found.notice;
        if (decision?.action !== 'communicate') throw new Problem('not-found');
        if (!built) throw new Problem('conflict');
        const categories = decision.categories ?? dataCategories;
        const granted = await habilitations.granted(caller.staffId, 'rights-requests', now);
        const isAllowed = categories.every((category) => granted.includes(category));
        const act = { action: 'death-notice-package-read', subject: accountId, resource: id, categories };
        await record(caller, act, now, isAllowed ? 'allowed' : 'refused');
        if (!isAllowed) throw new Problem('forbidden', { detail: notGranted });
        const content = await packages.open(built.packageId);
        if (!content) throw new Problem('gone');
        return {
          status: 200,
          headers: { 'Content-Disposition': `attachment; filename="${id}.zip"` },
          body: await buffer(content),
        };
      },
    }),
    route({
      name: 'desk-death-notices-dismiss',
      method: 'POST',
      path: `${path}/{id}/dismiss`,
      topic: 'death notices',
      summary: 'The notice was wrong: what has not begun is called off, the person is told, the hold ends.',
      caller: staff('dpo'),
      params,
      body: z.strictObject({ reason: multilineText(2_000) }),
      answers: { 200: { description: 'Dismissed', schema: noticeSchema } },
      problems: ['not-found', 'conflict'],
      async handle({ params: { id }, body: { reason }, ...request }) {
        const by = request.caller.staffId;
        return decide(
          { id, action: 'dismiss', reason },
          () => notices.dismiss(id, { reason, by }, request.now),
          request,
        );
      },
    }),
  ];
}
