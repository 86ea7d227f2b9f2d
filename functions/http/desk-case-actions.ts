import * as z from 'zod/mini';
import { Problem, type ProblemCode } from '../../shared/platform/http/problem.ts';
import { type Route, route, type StaffCaller, staff } from '../../shared/platform/http/route.ts';
import type { RequestId } from '../../shared/platform/ids.ts';
import { identityMethods, rejectionGrounds } from '../../shared/rights-requests/index.ts';
import { deskCaseSchema, requestId } from './case-schemas.ts';
import { type DeskRecordServices, deskRecord } from './desk-case-record.ts';
import { instant, multilineText, text } from './schemas.ts';

const byId = z.strictObject({ id: requestId });
const reason = multilineText(2_000);

const problems: Readonly<Record<string, ProblemCode>> = {
  'not-found': 'not-found',
  'not-allowed': 'conflict',
  'same-person': 'conflict',
};

/** What the desk does with a case. What its status does not allow is a 409; what was done answers with the case as it is now. */
export function deskCaseActionRoutes(services: DeskRecordServices): readonly Route[] {
  const { desk } = services.cases;
  const { shown } = deskRecord(services);
  const answers = { 200: { description: 'The case as it is now', schema: deskCaseSchema } } as const;
  const refusals = ['not-found', 'conflict'] as const;

  /** Throws what the action refused, or answers the case. */
  async function answered(outcome: string, caller: StaffCaller, action: string, id: string, now: Date) {
    if (outcome !== 'changed') throw new Problem(problems[outcome] ?? 'conflict');
    return { status: 200 as const, body: await shown(caller, action, id, now) };
  }
  const act = (params: { readonly id: string }, caller: StaffCaller, now: Date) => ({
    requestId: params.id as RequestId,
    staffId: caller.staffId,
    now,
  });
  const common = { method: 'POST', topic: 'desk', caller: staff('dpo'), params: byId, answers } as const;

  return [
    route({
      ...common,
      name: 'desk-case-assign',
      path: '/api/v1/desk/rights-requests/{id}/assign',
      summary: 'Gives the case to a member of staff (by default oneself), or with null to nobody.',
      body: z.strictObject({ assignee: z.optional(z.nullable(text(200))) }),
      problems: refusals,
      async handle({ params, caller, body, now }) {
        const assignee = body.assignee === undefined ? caller.staffId : body.assignee;
        const { outcome } = await desk.assign(act(params, caller, now), assignee);
        return answered(outcome, caller, 'case-assigned', params.id, now);
      },
    }),
    route({
      ...common,
      name: 'desk-case-request-identity',
      path: '/api/v1/desk/rights-requests/{id}/request-identity',
      summary: 'Asks for proof of identity on reasonable doubt, with the reason; the clock stands still.',
      body: z.strictObject({ reason }),
      problems: refusals,
      async handle({ params, caller, body, now }) {
        const { outcome } = await desk.requestIdentity(act(params, caller, now), body.reason);
        return answered(outcome, caller, 'case-identity-requested', params.id, now);
      },
    }),
    route({
      ...common,
      name: 'desk-case-decide-identity',
      path: '/api/v1/desk/rights-requests/{id}/identity',
      summary: 'Decides who the person is; the documents are deleted with it.',
      body: z.strictObject({
        decision: z.enum(['verified', 'insufficient']),
        method: z.enum(identityMethods),
        note: z.optional(reason),
      }),
      problems: refusals,
      async handle({ params, caller, body, now }) {
        const { outcome } = await desk.decideIdentity(act(params, caller, now), body);
        return answered(outcome, caller, 'case-identity-decided', params.id, now);
      },
    }),
    route({
      ...common,
      name: 'desk-case-extend',
      path: '/api/v1/desk/rights-requests/{id}/extend',
      summary: 'Takes up to two months more, with reasons, inside the first month.',
      body: z.strictObject({ reason, months: z.optional(z.int().check(z.minimum(1), z.maximum(2))) }),
      problems: refusals,
      async handle({ params, caller, body, now }) {
        const { outcome } = await desk.extend(act(params, caller, now), body.reason, body.months);
        return answered(outcome, caller, 'case-extended', params.id, now);
      },
    }),
    route({
      ...common,
      name: 'desk-case-approve',
      path: '/api/v1/desk/rights-requests/{id}/approve',
      summary:
        'Grants the request, which is then carried out. Where two must agree, another person has to approve too.',
      body: z.strictObject({ note: z.optional(reason) }),
      problems: refusals,
      async handle({ params, caller, body, now }) {
        const { outcome } = await desk.approve(act(params, caller, now), body.note);
        return answered(outcome, caller, 'case-approved', params.id, now);
      },
    }),
    route({
      ...common,
      name: 'desk-case-reject',
      path: '/api/v1/desk/rights-requests/{id}/reject',
      summary: 'Refuses on a ground, with the reason; the letter names both, the CNIL and the court.',
      body: z.strictObject({ ground: z.enum(rejectionGrounds), reason }),
      problems: refusals,
      async handle({ params, caller, body, now }) {
        const { outcome } = await desk.reject(act(params, caller, now), body.ground, body.reason);
        return answered(outcome, caller, 'case-rejected', params.id, now);
      },
    }),
    route({
      ...common,
      name: 'desk-case-complete',
      path: '/api/v1/desk/rights-requests/{id}/complete',
      summary: 'Closes what was answered by hand; never an erasure, which is complete by proof alone.',
      body: z.strictObject({ note: reason }),
      problems: refusals,
      async handle({ params, caller, body, now }) {
        const { outcome } = await desk.complete(act(params, caller, now), body.note);
        return answered(outcome, caller, 'case-completed', params.id, now);
      },
    }),
    route({
      ...common,
      name: 'desk-case-lift-restriction',
      path: '/api/v1/desk/rights-requests/{id}/lift-restriction',
      summary: 'Tells the person that the restriction will end, and ends it three days later.',
      body: z.strictObject({ reason }),
      problems: refusals,
      async handle({ params, caller, body, now }) {
        const { outcome } = await desk.liftRestriction(act(params, caller, now), body.reason);
        return answered(outcome, caller, 'case-restriction-lifting', params.id, now);
      },
    }),
    route({
      ...common,
      name: 'desk-case-resume',
      path: '/api/v1/desk/rights-requests/{id}/resume',
      summary: 'Has an execution that stalled tried again.',
      problems: refusals,
      async handle({ params, caller, now }) {
        const { outcome } = await desk.resume(act(params, caller, now));
        return answered(outcome, caller, 'case-resumed', params.id, now);
      },
    }),
    route({
      ...common,
      name: 'desk-case-annotate',
      path: '/api/v1/desk/rights-requests/{id}/notes',
      summary: 'Adds a remark of the desk’s own.',
      caller: staff('dpo', 'support'),
      idempotent: true,
      body: z.strictObject({ text: multilineText(5_000) }),
      answers: {
        201: {
          description: 'The note',
          schema: z.strictObject({ id: z.string(), at: instant, staffId: z.string(), text: z.string() }),
        },
      },
      problems: refusals,
      async handle({ params, caller, body, now }) {
        const { outcome, note } = await desk.annotate(act(params, caller, now), body.text);
        if (outcome !== 'changed') throw new Problem(outcome);
        const { id, at, staffId, text: said } = note;
        return { status: 201, body: { id, at, staffId, text: said } };
      },
    }),
    route({
      ...common,
      name: 'desk-case-write',
      path: '/api/v1/desk/rights-requests/{id}/messages',
      summary: 'Writes to the person about the request.',
      idempotent: true,
      body: z.strictObject({ text: multilineText(5_000) }),
      answers: {
        201: {
          description: 'On its way',
          schema: z.strictObject({ id: z.string(), at: instant, from: z.literal('desk'), text: z.string() }),
        },
      },
      problems: refusals,
      async handle({ params, caller, body, now }) {
        const { outcome, message } = await desk.write(act(params, caller, now), body.text);
        if (outcome !== 'changed') throw new Problem(problems[outcome] ?? 'conflict');
        const { id, at, text: said } = message;
        return { status: 201, body: { id, at, from: 'desk', text: said } };
      },
    }),
  ];
}
