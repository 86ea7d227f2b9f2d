import * as z from 'zod/mini';
import type { Account } from '../../shared/accounts/index.ts';
import type { Stored } from '../../shared/platform/cosmos/document-store.ts';
import type { AccountOf } from '../../shared/platform/http/authentication.ts';
import { type Cursors, pageOf, pageQuery } from '../../shared/platform/http/paging.ts';
import { Problem } from '../../shared/platform/http/problem.ts';
import { type Route, route, user } from '../../shared/platform/http/route.ts';
import type { Preferences, UserSpace } from '../../shared/user-space/index.ts';
import { instant, language, text } from './schemas.ts';

const preferencesSchema = z.strictObject({
  language,
  theme: z.optional(z.enum(['light', 'dark', 'system'])),
  interests: z.optional(z.array(text(60)).check(z.maxLength(50))),
  notifications: z.optional(
    z
      .record(z.string().check(z.regex(/^[a-z][\w-]{0,59}$/)), z.boolean())
      .check(z.refine((topics) => Object.keys(topics).length <= 50)),
  ),
});
const fields = z
  .record(
    z.string().check(z.regex(/^(?!__proto__$)[\p{L}\w][\p{L}\w .:[\]-]{0,99}$/u)),
    z.union([z.string().check(z.maxLength(10_000)), z.number(), z.boolean(), z.null()]),
  )
  .check(z.refine((given) => Object.keys(given).length <= 200));
const draftSchema = z.strictObject({ formId: z.string(), fields, updatedAt: instant, expiresAt: instant });
const formId = z.strictObject({ formId: z.string().check(z.regex(/^[\w][\w.-]{0,99}$/)) });

interface UserSpaceServices {
  readonly space: UserSpace;
  readonly accountOf: AccountOf<Stored<Account>>;
  readonly cursors: Cursors;
}

/** Preferences and form drafts (clauses D9, H1, H5). */
export function userSpaceRoutes({ space, accountOf, cursors }: UserSpaceServices): readonly Route[] {
  return [
    route({
      name: 'me-preferences-read',
      method: 'GET',
      path: '/api/v1/me/preferences',
      topic: 'user space',
      summary: 'The person’s preferences.',
      caller: user,
      entityTag: 'read',
      answers: { 200: { description: 'The preferences', schema: preferencesSchema } },
      async handle({ caller }) {
        const found: Preferences = await space.preferences(caller.accountId, accountOf(caller).profile.language);
        return { status: 200, body: found as z.input<typeof preferencesSchema> };
      },
    }),
    route({
      name: 'me-preferences-save',
      method: 'PUT',
      path: '/api/v1/me/preferences',
      topic: 'user space',
      summary: 'Replaces the preferences.',
      caller: user,
      entityTag: 'write',
      body: preferencesSchema,
      answers: { 200: { description: 'The preferences as saved', schema: preferencesSchema } },
      async handle({ caller, body, preconditions }) {
        const outcome = await space.setPreferences(
          caller.accountId,
          body,
          accountOf(caller).profile.language,
          preconditions.check,
        );
        if (outcome === 'changed-meanwhile') throw new Problem('precondition-failed');
        return { status: 200, body };
      },
    }),
    route({
      name: 'me-form-drafts-list',
      method: 'GET',
      path: '/api/v1/me/form-drafts',
      topic: 'user space',
      summary: 'The remembered form input.',
      caller: user,
      query: z.strictObject(pageQuery),
      answers: { 200: { description: 'Last changed first', schema: pageOf(draftSchema) } },
      async handle({ caller, query }) {
        const drafts = (await space.drafts(caller.accountId)).map((draft) => ({
          ...draft,
          fields: { ...draft.fields },
        }));
        return { status: 200, body: cursors.pageOf(`form-drafts:${caller.accountId}`, drafts, query) };
      },
    }),
    route({
      name: 'me-form-drafts-read',
      method: 'GET',
      path: '/api/v1/me/form-drafts/{formId}',
      topic: 'user space',
      summary: 'One draft.',
      caller: user,
      entityTag: 'read',
      params: formId,
      answers: { 200: { description: 'The draft', schema: draftSchema } },
      problems: ['not-found'],
      async handle({ caller, params }) {
        const found = await space.draft(caller.accountId, params.formId);
        if (!found) throw new Problem('not-found');
        return { status: 200, body: found };
      },
    }),
    route({
      name: 'me-form-drafts-save',
      method: 'PUT',
      path: '/api/v1/me/form-drafts/{formId}',
      topic: 'user space',
      summary: 'Saves a draft; 90 days after its last change it is gone.',
      caller: user,
      entityTag: 'write',
      params: formId,
      body: z.strictObject({ fields }),
      answers: {
        200: { description: 'Replaced', schema: draftSchema },
        201: { description: 'Created', schema: draftSchema },
      },
      problems: ['conflict'],
      async handle({ caller, params, body, preconditions, now }) {
        const result = await space.saveDraft(caller.accountId, params.formId, body.fields, preconditions.check, now);
        if (!('draft' in result)) throw new Problem(result.outcome === 'too-many' ? 'conflict' : 'precondition-failed');
        return { status: result.outcome === 'created' ? 201 : 200, body: result.draft };
      },
    }),
    route({
      name: 'me-form-drafts-delete',
      method: 'DELETE',
      path: '/api/v1/me/form-drafts/{formId}',
      topic: 'user space',
      summary: 'Forgets a draft.',
      caller: user,
      params: formId,
      answers: { 204: { description: 'Gone' } },
      problems: ['not-found'],
      async handle({ caller, params }) {
        if (!(await space.deleteDraft(caller.accountId, params.formId))) throw new Problem('not-found');
        return { status: 204 };
      },
    }),
  ];
}
