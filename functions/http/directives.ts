import * as z from 'zod/mini';
import { type Cursors, pageOf, pageQuery } from '../../shared/platform/http/paging.ts';
import { Problem } from '../../shared/platform/http/problem.ts';
import { type Route, route, userEvenPending } from '../../shared/platform/http/route.ts';
import type { Language } from '../../shared/platform/language.ts';
import { type DirectivesFault, type DirectivesUseCases, wishedActions } from '../../shared/post-mortem/index.ts';
import { email, instant, text } from './schemas.ts';

const wish = z.strictObject({
  scope: text(300),
  action: z.enum(wishedActions),
  to: z.optional(text(300)),
});
const designee = z.strictObject({ givenName: text(100), familyName: text(100), email });
const kind = z.enum(['general', 'particular']);
const wishes = z.array(wish).check(z.minLength(1), z.maxLength(50));
/** Directives as they are kept. */
export const directivesShape = { kind, wishes, designee: z.optional(designee) };
const shownSchema = z.strictObject({
  ...directivesShape,
  consent: z.literal(true),
  version: z.int(),
  recordedAt: instant,
});
const changeSchema = z.strictObject({
  version: z.int(),
  act: z.enum(['recorded', 'revoked']),
  at: instant,
  directives: z.optional(z.strictObject(directivesShape)),
});

const faultWords: Readonly<Record<DirectivesFault['fault'], Readonly<Record<Language, string>>>> = {
  'consent-required': {
    fr: 'vos directives demandent un consentement exprès, distinct des conditions d’utilisation',
    en: 'directives want your express consent, apart from the terms',
  },
  'nobody-to-communicate-to': {
    fr: 'dites à qui communiquer ces données, ou désignez une personne',
    en: 'say whom to hand these data to, or designate a person',
  },
  contradiction: {
    fr: 'ces données sont à la fois à conserver et à effacer',
    en: 'these data are both to be kept and to be erased',
  },
};

interface DirectiveServices {
  readonly directives: DirectivesUseCases;
  readonly cursors: Cursors;
  /** Sets a queued mail on its way without waiting for it. */
  readonly nudge: (accountId: string, notificationId: string) => void;
}

const path = '/api/v1/me/post-mortem-directives';

/** What becomes of the person's data after their death (clause G7). */
export function directiveRoutes({ directives, cursors, nudge }: DirectiveServices): readonly Route[] {
  return [
    route({
      name: 'me-directives-read',
      method: 'GET',
      path,
      topic: 'post-mortem directives',
      summary: 'The directives that hold.',
      caller: userEvenPending,
      entityTag: 'read',
      answers: { 200: { description: 'The directives', schema: shownSchema } },
      problems: ['not-found'],
      async handle({ caller }) {
        const found = await directives.current(caller.accountId);
        if (!found) throw new Problem('not-found');
        return { status: 200, body: found };
      },
    }),
    route({
      name: 'me-directives-record',
      method: 'PUT',
      path,
      topic: 'post-mortem directives',
      summary: 'Records directives, with a consent of their own; earlier versions are kept.',
      caller: userEvenPending,
      entityTag: 'write',
      body: z.strictObject({ ...directivesShape, consent: z.optional(z.boolean()) }),
      answers: {
        200: { description: 'Replaced', schema: shownSchema },
        201: { description: 'Recorded', schema: shownSchema },
      },
      problems: ['unprocessable'],
      async handle({ caller, body, preconditions, language, now }) {
        const result = await directives.record(caller.accountId, body, preconditions.check, now);
        if (result.outcome === 'changed-meanwhile') throw new Problem('precondition-failed');
        if (result.outcome === 'faulty') {
          const errors = result.faults.map(({ path: where, fault }) => ({
            path: where,
            message: faultWords[fault][language],
          }));
          throw new Problem('unprocessable', { errors });
        }
        nudge(caller.accountId, result.notification.id);
        return { status: result.outcome === 'created' ? 201 : 200, body: result.directives };
      },
    }),
    route({
      name: 'me-directives-revoke',
      method: 'DELETE',
      path,
      topic: 'post-mortem directives',
      summary: 'Revokes the directives.',
      caller: userEvenPending,
      answers: { 204: { description: 'Revoked' } },
      problems: ['not-found'],
      async handle({ caller, now }) {
        const notification = await directives.revoke(caller.accountId, now);
        if (!notification) throw new Problem('not-found');
        nudge(caller.accountId, notification.id);
        return { status: 204 };
      },
    }),
    route({
      name: 'me-directives-history',
      method: 'GET',
      path: `${path}/history`,
      topic: 'post-mortem directives',
      summary: 'Every version of the directives, the last first.',
      caller: userEvenPending,
      query: z.strictObject(pageQuery),
      answers: { 200: { description: 'The changes', schema: pageOf(changeSchema) } },
      async handle({ caller, query }) {
        const changes = await directives.history(caller.accountId);
        return { status: 200, body: cursors.pageOf(`directives:${caller.accountId}`, changes, query) };
      },
    }),
  ];
}
