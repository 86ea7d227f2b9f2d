import * as z from 'zod/mini';
import { isWithinTerm } from '../../shared/cookies/index.ts';
import { dataCategories } from '../../shared/personal-data/index.ts';
import { type Cursors, pageQuery } from '../../shared/platform/http/paging.ts';
import { Problem } from '../../shared/platform/http/problem.ts';
import { type Route, route, staff } from '../../shared/platform/http/route.ts';
import { legalBases, type ServicePurpose, type ServicePurposes } from '../../shared/purposes/index.ts';
import { versions, versionsOf } from './cookies.ts';
import { instant, text } from './schemas.ts';

const id = z.string().check(z.regex(/^[a-z][a-z0-9-]{0,59}$/));
const words = (max: number) => z.strictObject({ fr: text(max), en: text(max) });
const content = {
  title: words(100),
  description: words(500),
  legalBasis: z.enum(legalBases),
  charterPurpose: z.templateLiteral(['D', z.int().check(z.minimum(1), z.maximum(9))]),
  categories: z.array(z.enum(dataCategories)).check(z.minLength(1), z.maxLength(dataCategories.length)),
  recipients: words(500),
  retention: text(60),
};
const row = z.strictObject({ id, ...content, categories: z.array(z.string()) });
const savedRow = z.extend(row, { revision: z.int(), changedAt: z.optional(instant) });

/** Audience data may be kept for longer than the choice about them, but no longer than this (CNIL). */
const MAX_MONTHS = 25;

/** The purposes of « Gestion des services », governed by staff (clauses B2, H4, H7). */
export function purposeRoutes({
  purposes,
  cursors,
}: {
  readonly purposes: ServicePurposes;
  readonly cursors: Cursors;
}): readonly Route[] {
  return [
    route({
      name: 'desk-purposes-read',
      method: 'GET',
      path: '/api/v1/desk/purposes/{id}',
      topic: 'cookies',
      summary: 'One purpose, as it is edited.',
      caller: staff('publisher'),
      entityTag: 'read',
      params: z.strictObject({ id }),
      answers: { 200: { description: 'The purpose', schema: savedRow } },
      problems: ['not-found'],
      async handle({ params }) {
        const found = await purposes.one(params.id);
        if (!found) throw new Problem('not-found');
        return { status: 200, body: found };
      },
    }),
    route({
      name: 'desk-purposes-versions',
      method: 'GET',
      path: '/api/v1/desk/purposes/{id}/versions',
      topic: 'cookies',
      summary: 'Every version of one purpose, latest first; `null` where it was taken out.',
      caller: staff('publisher'),
      params: z.strictObject({ id }),
      query: z.strictObject(pageQuery),
      answers: { 200: { description: 'The versions', schema: versionsOf(row) } },
      problems: ['not-found'],
      async handle({ params, query }) {
        const changes = versions(await purposes.changes(params.id));
        return { status: 200, body: cursors.pageOf(`purpose-versions:${params.id}`, changes, query) };
      },
    }),
    route({
      name: 'desk-purposes-save',
      method: 'PUT',
      path: '/api/v1/desk/purposes/{id}',
      topic: 'cookies',
      summary:
        'Creates or rewords a purpose with its basis, categories, recipients and retention; its basis is never changed (B2).',
      caller: staff('publisher'),
      entityTag: 'write',
      params: z.strictObject({ id }),
      body: z.strictObject({ id: z.optional(id), ...content }),
      answers: {
        200: { description: 'Replaced', schema: savedRow },
        201: { description: 'Created', schema: savedRow },
      },
      problems: ['unprocessable'],
      async handle({ params, body, caller, preconditions, language }) {
        const refused = (path: string, fr: string, en: string) =>
          new Problem('unprocessable', { errors: [{ path, message: language === 'fr' ? fr : en }] });
        if (body.id !== undefined && body.id !== params.id) throw refused('id', params.id, params.id);
        if (!isWithinTerm(body.retention, MAX_MONTHS))
          throw refused('retention', 'une durée de 25 mois au plus', 'a duration of at most 25 months');
        const purpose: ServicePurpose = { ...body, id: params.id };
        const saved = await purposes.put(purpose, { by: caller.staffId, check: preconditions.check });
        if (saved.outcome === 'other-basis')
          throw refused(
            'legalBasis',
            'une autre base légale est une autre finalité',
            'another legal basis is another purpose',
          );
        return { status: saved.outcome === 'created' ? 201 : 200, body: saved.row };
      },
    }),
    route({
      name: 'desk-purposes-delete',
      method: 'DELETE',
      path: '/api/v1/desk/purposes/{id}',
      topic: 'cookies',
      summary: 'No longer offers a purpose; what people chose about it stays on record.',
      caller: staff('publisher'),
      params: z.strictObject({ id }),
      requestHeaders: [{ name: 'If-Match', description: 'Takes it out only as it was seen.' }],
      answers: { 204: { description: 'Taken out' } },
      problems: ['not-found', 'conflict', 'precondition-failed'],
      async handle({ params, caller, header, preconditions }) {
        const isConditional = header('if-match') !== undefined;
        const check = (current: unknown) => (isConditional ? preconditions.check(current) : undefined);
        const outcome = await purposes.remove(params.id, { by: caller.staffId, check });
        if (outcome !== 'removed') throw new Problem(outcome === 'shipped' ? 'conflict' : 'not-found');
        return { status: 204 };
      },
    }),
  ];
}
