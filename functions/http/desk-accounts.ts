import * as z from 'zod/mini';
import { type DataCategory, dataCategories } from '../../shared/personal-data/index.ts';
import { Problem } from '../../shared/platform/http/problem.ts';
import { type Route, route, type StaffCaller, staff } from '../../shared/platform/http/route.ts';
import type { Language } from '../../shared/platform/language.ts';
import { type AccountReading, type Mission, missions, type ReadingOutcome } from '../../shared/staff-access/index.ts';
import { email, text } from './schemas.ts';

/** `a,b`: a list of categories in a query. */
const categoryList = z.pipe(
  z.string().check(z.maxLength(400)),
  z.pipe(
    z.transform((list: string) =>
      list
        .split(',')
        .map((name) => name.trim())
        .filter(Boolean),
    ),
    z.array(z.enum(dataCategories)),
  ),
);
const why = {
  reason: text(500),
  mission: z.optional(z.enum(missions)),
  categories: z.optional(categoryList),
};
const shownSource = z.strictObject({
  source: z.string(),
  title: z.string(),
  records: z.array(z.record(z.string(), z.unknown())),
  more: z.boolean(),
});
const accountSchema = z.strictObject({
  id: z.string(),
  mission: z.enum(missions),
  restricted: z.boolean(),
  categories: z.partialRecord(z.enum(dataCategories), z.array(shownSource)),
  refusedCategories: z.array(z.enum(dataCategories)),
});

/** What tells that the right account was found, unless something else is asked for. */
const TO_RECOGNISE: readonly DataCategory[] = ['identity', 'contact'];

interface Asked {
  readonly reason: string;
  readonly mission?: Mission | undefined;
  readonly categories?: readonly DataCategory[] | undefined;
}

function readingOf(caller: StaffCaller, { reason, mission, categories }: Asked, language: Language) {
  const usual: Mission = caller.roles.includes('dpo') ? 'rights-requests' : 'support';
  // An empty list asks for nothing in particular.
  const asked = categories && categories.length > 0 ? [...new Set(categories)] : undefined;
  return { by: caller, reason, mission: mission ?? usual, language, categories: asked };
}

/** The account that may be shown, or nothing when there is none. Throws where nothing may be seen. */
function shownOrRefused(result: ReadingOutcome) {
  if (result.outcome === 'read') return result.account;
  if (result.outcome === 'unknown') return undefined;
  if (result.outcome === 'restricted') throw new Problem('processing-restricted');
  throw new Problem('forbidden', {
    detail: {
      fr: 'Votre habilitation ne couvre aucune de ces catégories pour cette mission.',
      en: 'Your habilitation covers none of these categories for this mission.',
    },
  });
}

/** What staff see of accounts: what their habilitation covers, for a reason, on record before it is shown (clause C3). */
export function deskAccountRoutes({ reading }: { readonly reading: AccountReading }): readonly Route[] {
  return [
    route({
      name: 'desk-accounts-find',
      method: 'GET',
      path: '/api/v1/desk/accounts',
      topic: 'staff access',
      summary: 'Finds the account of an e-mail; identity and contact come back unless other categories are asked for.',
      caller: staff('dpo', 'support'),
      query: z.strictObject({ email, ...why }),
      answers: {
        200: { description: 'The account, or nobody', schema: z.strictObject({ items: z.array(accountSchema) }) },
      },
      problems: ['processing-restricted'],
      async handle({ query, caller, language, now }) {
        const asked = readingOf(caller, query, language);
        const result = await reading.byEmail(
          query.email,
          { ...asked, categories: asked.categories ?? TO_RECOGNISE },
          now,
        );
        const account = shownOrRefused(result);
        return { status: 200, body: { items: account ? [account] : [] } };
      },
    }),
    route({
      name: 'desk-accounts-read',
      method: 'GET',
      path: '/api/v1/desk/accounts/{id}',
      topic: 'staff access',
      summary: 'An account, by categories: only the granted ones come back, the others are named.',
      caller: staff('dpo', 'support'),
      params: z.strictObject({ id: z.string().check(z.maxLength(100)) }),
      query: z.strictObject(why),
      answers: { 200: { description: 'What may be seen', schema: accountSchema } },
      problems: ['processing-restricted', 'not-found'],
      async handle({ params, query, caller, language, now }) {
        const account = shownOrRefused(await reading.byId(params.id, readingOf(caller, query, language), now));
        if (!account) throw new Problem('not-found');
        return { status: 200, body: account };
      },
    }),
  ];
}
