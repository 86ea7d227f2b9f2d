import * as z from 'zod/mini';
import { dataCategories } from '../../shared/personal-data/index.ts';
import { type Cursors, pageQuery } from '../../shared/platform/http/paging.ts';
import { Problem } from '../../shared/platform/http/problem.ts';
import { type Route, route, staff } from '../../shared/platform/http/route.ts';
import { type GrantFault, type Habilitations, missions, STAFF_ID } from '../../shared/staff-access/index.ts';
import { instant } from './schemas.ts';

const day = z.iso.date();
const distinct = <Value extends string>(values: readonly Value[]) =>
  z.array(z.enum(values)).check(
    z.minLength(1),
    z.refine((given) => new Set(given).size === given.length),
  );
const grantSchema = z.strictObject({
  categories: distinct(dataCategories),
  missions: distinct(missions),
  expiresOn: day,
});
const habilitationSchema = z.strictObject({
  staffId: z.string(),
  ...grantSchema.shape,
  grantedBy: z.string(),
  grantedAt: instant,
});
const reviewSchema = z.strictObject({
  ...habilitationSchema.shape,
  state: z.enum(['in-force', 'ends-soon', 'ended']),
  endsSoon: z.boolean(),
  unused: z.boolean(),
  lastUsedAt: z.optional(instant),
});
const staffId = z.strictObject({ staffId: z.string().check(z.regex(STAFF_ID)) });

function refusal(fault: GrantFault): Problem {
  if (fault === 'to-oneself') {
    return new Problem('forbidden', {
      detail: {
        fr: 'Personne ne s’accorde une habilitation à soi-même : demandez-la à un autre administrateur.',
        en: 'Nobody grants a habilitation to themselves: ask another administrator for it.',
      },
    });
  }
  const detail =
    fault === 'already-over'
      ? { fr: 'Cette date est passée.', en: 'This date is past.' }
      : {
          fr: 'Une habilitation dure un an au plus ; elle est ensuite revue.',
          en: 'A habilitation lasts one year at the most; it is reviewed then.',
        };
  return new Problem('unprocessable', { detail, errors: [{ path: 'expiresOn', message: fault }] });
}

interface DeskHabilitationServices {
  readonly habilitations: Habilitations;
  readonly cursors: Cursors;
}

/** Who of the staff may see which data, for what, until when (clause C3). */
export function deskHabilitationRoutes({ habilitations, cursors }: DeskHabilitationServices): readonly Route[] {
  return [
    route({
      name: 'desk-habilitations-list',
      method: 'GET',
      path: '/api/v1/desk/habilitations',
      topic: 'staff access',
      summary:
        'Every habilitation in the order of staff ids, with what a review looks for: what ends soon, has ended, was never used.',
      caller: staff('habilitation-admin'),
      query: z.strictObject(pageQuery),
      answers: {
        200: {
          description: 'One page',
          schema: z.strictObject({ items: z.array(reviewSchema), nextCursor: z.optional(z.string()) }),
        },
      },
      async handle({ query, now }) {
        const after = cursors.decode<string>('habilitations', query.cursor);
        const { items, last } = await habilitations.list({ limit: query.limit, after }, now);
        return {
          status: 200,
          body: { items, ...(last ? { nextCursor: cursors.encode('habilitations', last) } : {}) },
        };
      },
    }),
    route({
      name: 'desk-habilitations-read',
      method: 'GET',
      path: '/api/v1/desk/habilitations/{staffId}',
      topic: 'staff access',
      summary: 'What one member of staff may see.',
      caller: staff('habilitation-admin'),
      params: staffId,
      entityTag: 'read',
      answers: { 200: { description: 'The habilitation', schema: habilitationSchema } },
      problems: ['not-found'],
      async handle({ params }) {
        const found = await habilitations.of(params.staffId);
        if (!found) throw new Problem('not-found');
        return { status: 200, body: found };
      },
    }),
    route({
      name: 'desk-habilitations-grant',
      method: 'PUT',
      path: '/api/v1/desk/habilitations/{staffId}',
      topic: 'staff access',
      summary: 'Grants, or replaces what was granted: for a year at the most, never to oneself.',
      caller: staff('habilitation-admin'),
      params: staffId,
      entityTag: 'write',
      body: grantSchema,
      answers: {
        200: { description: 'Replaced', schema: habilitationSchema },
        201: { description: 'Granted', schema: habilitationSchema },
      },
      problems: ['unprocessable'],
      async handle({ params, body, caller, preconditions, now }) {
        const result = await habilitations.grant(params.staffId, body, caller, preconditions.check, now);
        if (result.outcome === 'refused') throw refusal(result.fault);
        if (result.outcome === 'changed-meanwhile') throw new Problem('precondition-failed');
        return { status: result.outcome === 'granted' ? 201 : 200, body: result.habilitation };
      },
    }),
    route({
      name: 'desk-habilitations-withdraw',
      method: 'DELETE',
      path: '/api/v1/desk/habilitations/{staffId}',
      topic: 'staff access',
      summary: 'Withdraws everything from somebody (a leaver), effective at their next request.',
      caller: staff('habilitation-admin'),
      params: staffId,
      answers: { 204: { description: 'Withdrawn' } },
      problems: ['not-found'],
      async handle({ params, caller, now }) {
        if (!(await habilitations.withdraw(params.staffId, caller, now))) throw new Problem('not-found');
        return { status: 204 };
      },
    }),
  ];
}
