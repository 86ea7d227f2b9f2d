import * as z from 'zod/mini';
import {
  answers,
  type ConsentDecision,
  type ConsentUseCases,
  type ConsentView,
  type Receipt,
  receiptDocument,
  receiptPage,
} from '../../shared/consents/index.ts';
import { VISITOR_COOKIE } from '../../shared/cookies/index.ts';
import type { Cursors } from '../../shared/platform/http/paging.ts';
import { pageQuery } from '../../shared/platform/http/paging.ts';
import { Problem } from '../../shared/platform/http/problem.ts';
import { anyoneOrUser, type Route, route, user } from '../../shared/platform/http/route.ts';
import { languages } from '../../shared/platform/language.ts';
import { type ConsentIntake, choiceBody, signalsOf, subjectOf } from './consent-intake.ts';
import { instant } from './schemas.ts';

interface ConsentServices {
  readonly consents: ConsentUseCases;
  readonly intake: ConsentIntake;
  readonly cursors: Cursors;
  readonly receipt: (
    found: NonNullable<Awaited<ReturnType<ConsentUseCases['decision']>>>,
    language: 'fr' | 'en' | undefined,
    now: Date,
  ) => Promise<Receipt>;
}

const answer = z.enum(answers);
const choices = z.record(z.string(), answer);
const client = z.strictObject({ name: z.string(), version: z.string(), configHash: z.string() });

const signals = z.strictObject({ gpc: z.boolean() });
const purposeState = z.strictObject({
  purpose: z.string(),
  answer,
  status: z.string(),
  decidedAt: instant,
  askAgainAt: instant,
  expiresAt: instant,
});
const recorded = z.strictObject({
  id: z.string(),
  visitorId: z.string(),
  choices,
  decidedAt: instant,
  askAgainAt: instant,
  expiresAt: instant,
  receipt: z.string(),
});
const stateFields = {
  choices,
  decidedAt: z.optional(instant),
  askAgainAt: z.optional(instant),
  expiresAt: z.optional(instant),
  purposes: z.array(purposeState),
  signals,
};
const state = z.strictObject({ visitorId: z.optional(z.string()), ...stateFields });
const shownDecision = z.strictObject({
  id: z.string(),
  decidedAt: instant,
  askAgainAt: instant,
  expiresAt: instant,
  choices: z.record(z.string(), z.strictObject({ answer, status: z.string() })),
  noticeVersion: z.string(),
  language: z.enum(languages),
  mechanism: z.string(),
  client: z.optional(client),
  signals,
  /** When a decision that was taken on a device before sign-in joined the account. */
  joinedAt: z.optional(instant),
  receipt: z.string(),
});

const identifying = [
  { name: 'X-Visitor-Id', description: 'The id that the first choice on this device was answered with.' },
  { name: 'Sec-GPC', description: '`1`: Global Privacy Control, stored as a signal.' },
] as const;

const receiptPath = (id: string) => `/api/v1/consents/${id}/receipt`;
const answersOf = (view: Pick<ConsentView, 'choices'>) =>
  Object.fromEntries(Object.entries(view.choices).map(([purpose, choice]) => [purpose, choice.answer]));

function shownState({ decidedAt, askAgainAt, expiresAt, ...view }: ConsentView) {
  return {
    choices: answersOf(view),
    ...(decidedAt && askAgainAt && expiresAt ? { decidedAt, askAgainAt, expiresAt } : {}),
    purposes: Object.entries(view.choices).map(([purpose, { decisionId: _, sequence: __, ...choice }]) => ({
      purpose,
      ...choice,
    })),
    signals: view.signals,
  };
}

function shown({ id, endsAt, proof, ...decision }: ConsentDecision): z.input<typeof shownDecision> {
  const { noticeVersion, language: chosen, mechanism, client: asked } = proof;
  return {
    id,
    decidedAt: decision.decidedAt,
    askAgainAt: decision.askAgainAt,
    expiresAt: endsAt,
    choices: { ...decision.choices },
    noticeVersion,
    language: chosen,
    mechanism,
    ...(asked ? { client: asked } : {}),
    signals: decision.signals,
    ...(decision.joinedAt ? { joinedAt: decision.joinedAt } : {}),
    receipt: receiptPath(id),
  };
}

/** The choices of « Gestion des services » with their proof (clauses C4, C6, G8, H3, H4, H7). */
export function consentRoutes(services: ConsentServices): readonly Route[] {
  const { consents, intake, cursors, receipt } = services;

  return [
    route({
      name: 'consents-read',
      method: 'GET',
      path: '/api/v1/consents',
      topic: 'consents',
      summary: 'What stands for this person or device. No choice, or one that has ended: nothing is allowed.',
      caller: anyoneOrUser,
      requestHeaders: identifying,
      answers: { 200: { description: 'What stands', schema: state } },
      async handle(asking) {
        const subject = subjectOf(asking);
        const view = await consents.view(subject, asking.now);
        const isKnown = subject.visitorId !== undefined && (view.decidedAt !== undefined || subject.accountId);
        return {
          status: 200,
          body: {
            ...(isKnown ? { visitorId: subject.visitorId } : {}),
            ...shownState(view),
            signals: { gpc: view.signals.gpc || signalsOf(asking).gpc },
          },
        };
      },
    }),
    route({
      name: 'consents-decide',
      method: 'POST',
      path: '/api/v1/consents',
      topic: 'consents',
      summary:
        'Records a choice with its proof. Granting and refusing are the same one call; what is not mentioned stays.',
      caller: anyoneOrUser,
      idempotent: true,
      idempotencyScope: ({ source, header, cookie }) =>
        [source, header('x-visitor-id'), cookie(VISITOR_COOKIE)].join('|'),
      alsoPlainText: true,
      requestHeaders: identifying,
      body: choiceBody,
      answers: { 201: { description: 'On record', schema: recorded } },
      problems: ['unprocessable', 'too-many-requests', 'forbidden'],
      async handle(asking) {
        const { visitorId, client: module, ...given } = asking.body;
        const { recorded: decision, cookies } = await intake.record(
          asking,
          { ...given, ...(module ? { client: module } : {}) },
          visitorId,
        );
        return {
          status: 201,
          cookies,
          body: { ...decision, choices: answersOf(decision), receipt: receiptPath(decision.id) },
        };
      },
    }),
    route({
      name: 'consents-withdraw',
      method: 'DELETE',
      path: '/api/v1/consents',
      topic: 'consents',
      summary: 'Withdraws everything that was granted, in one call (G8).',
      caller: anyoneOrUser,
      requestHeaders: identifying,
      answers: {
        200: {
          description: 'What stands now; `id` and `receipt` of the withdrawal when there was anything to withdraw',
          schema: z.extend(state, { id: z.optional(z.string()), receipt: z.optional(z.string()) }),
        },
      },
      problems: ['too-many-requests', 'forbidden'],
      async handle(asking) {
        const { now } = asking;
        const subject = subjectOf(asking);
        await intake.admit(asking);
        const how = { language: asking.language, mechanism: 'withdraw-all', signals: signalsOf(asking) };
        const { decision, view } = await consents.withdraw(subject, how, now);
        const device = decision && subject.visitorId;
        return {
          status: 200,
          ...(device ? { cookies: [intake.cookieFor(device, decision.endsAt, now)] } : {}),
          body: {
            ...(decision ? { id: decision.id, receipt: receiptPath(decision.id) } : {}),
            ...(subject.visitorId ? { visitorId: subject.visitorId } : {}),
            ...shownState(view),
          },
        };
      },
    }),
    route({
      name: 'consents-receipt',
      method: 'GET',
      path: '/api/v1/consents/{id}/receipt',
      topic: 'consents',
      summary:
        'The receipt of one decision: ISO/IEC TS 27560 in terms of the W3C DPV, or a page to read by `Accept: text/html`.',
      caller: anyoneOrUser,
      requestHeaders: identifying,
      params: z.strictObject({ id: z.string().check(z.maxLength(100)) }),
      answers: {
        200: {
          description: 'The receipt',
          contentType: 'application/ld+json',
          schema: z.looseObject({ '@context': z.unknown(), '@type': z.unknown() }),
          alternatives: ['text/html'],
        },
      },
      problems: ['not-found'],
      async handle(asking) {
        const found = await consents.decision(asking.params.id, subjectOf(asking));
        if (!found) throw new Problem('not-found');
        if (!prefersHtml(asking.header('accept'))) {
          const content = await receipt(found, undefined, asking.now);
          return { status: 200, headers: { Vary: VARY }, body: receiptDocument(content) };
        }
        const content = await receipt(found, asking.language, asking.now);
        return {
          status: 200,
          headers: { 'Content-Type': 'text/html; charset=utf-8', 'Content-Language': asking.language, Vary: VARY },
          body: receiptPage(content),
        };
      },
    }),
    route({
      name: 'me-consents',
      method: 'GET',
      path: '/api/v1/me/consents',
      topic: 'consents',
      summary: 'What stands for the person, and every decision that is still on record, latest first.',
      caller: user,
      requestHeaders: identifying,
      query: z.strictObject(pageQuery),
      answers: {
        200: {
          description: 'The state and a page of decisions',
          schema: z.strictObject({
            ...stateFields,
            items: z.array(shownDecision),
            nextCursor: z.optional(z.string()),
          }),
        },
      },
      async handle(asking) {
        const { caller, query, now } = asking;
        const view = await consents.view(subjectOf(asking), now);
        const before = cursors.decode<number>(`consents:${caller.accountId}`, query.cursor);
        const { items, next } = await consents.history(caller.accountId, query.limit, before);
        return {
          status: 200,
          body: {
            ...shownState(view),
            items: items.filter(({ endsAt }) => endsAt > now.toISOString()).map(shown),
            ...(next === undefined ? {} : { nextCursor: cursors.encode(`consents:${caller.accountId}`, next) }),
          },
        };
      },
    }),
  ];
}

const VARY = 'Origin, Accept, Accept-Language';

/** Whether a page is wanted more than data: `text/html` is named, and no JSON is wanted as much. */
function prefersHtml(accept: string | undefined): boolean {
  const quality = (wanted: RegExp) =>
    Math.max(
      0,
      ...(accept ?? '').split(',').flatMap((range) => {
        const [type = '', ...parameters] = range.trim().toLowerCase().split(';');
        const q = parameters.map((parameter) => /^\s*q=([\d.]+)/.exec(parameter)?.[1]).find(Boolean);
        return wanted.test(type) ? [Number(q ?? 1)] : [];
      }),
    );
  return quality(/^text\/html$/) > quality(/^application\/(?:ld\+)?json$/);
}
