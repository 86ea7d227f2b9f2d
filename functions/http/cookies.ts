import * as z from 'zod/mini';
import type { ServedNotices } from '../../shared/consents/index.ts';
import { type Cookie, type CookieTable, isWithinTerm, worded } from '../../shared/cookies/index.ts';
import type { Controller } from '../../shared/platform/config.ts';
import type { RowChange } from '../../shared/platform/governed-table.ts';
import { type Cursors, pageOf, pageQuery } from '../../shared/platform/http/paging.ts';
import { Problem } from '../../shared/platform/http/problem.ts';
import { anyone, type Route, route, staff } from '../../shared/platform/http/route.ts';
import { legalBases, needsConsent, type ServicePurposes } from '../../shared/purposes/index.ts';
import { instant, text } from './schemas.ts';

interface CookieServices {
  readonly cookies: CookieTable;
  readonly purposes: ServicePurposes;
  readonly notices: ServedNotices;
  readonly controller: Controller;
  readonly cursors: Cursors;
}

/** A cookie name (RFC 6265 §4.1.1: an HTTP token). */
const name = z.string().check(z.regex(/^[\w!#$%&'*+.^`|~-]{1,128}$/));
const words = (max: number) => z.union([text(max), z.strictObject({ fr: text(max), en: text(max) })]);
const purposeId = z.string().check(z.regex(/^[a-z][a-z0-9-]{0,59}$/));

const shownCookie = z.strictObject({
  name: z.string(),
  provider: z.string(),
  purpose: z.string(),
  category: z.string(),
  consentRequired: z.boolean(),
  retention: z.string(),
  controller: z.string(),
  consentPurpose: z.optional(z.string()),
});
const shownPurpose = z.strictObject({
  id: z.string(),
  title: z.string(),
  description: z.string(),
  consentRequired: z.boolean(),
  legalBasis: z.enum(legalBases),
  charterPurpose: z.string(),
  categories: z.array(z.string()),
  recipients: z.string(),
  retention: z.string(),
});

const cookieContent = {
  provider: text(100),
  purpose: words(500),
  category: text(60),
  consentRequired: z.boolean(),
  retention: text(60),
};
const cookieRow = z.strictObject({
  name,
  ...cookieContent,
  controller: text(200),
  consentPurpose: z.optional(purposeId),
});
const revision = { revision: z.int(), changedAt: z.optional(instant) };
/** A page of the versions of a row; `null` where it was taken out. */
export const versionsOf = <Row extends z.ZodMiniType>(row: Row) =>
  pageOf(z.strictObject({ revision: z.int(), at: instant, by: z.string(), row: z.nullable(row) }));

/** The cookie table (clauses H4-H6, H8). */
export function cookieRoutes({ cookies, purposes, notices, controller, cursors }: CookieServices): readonly Route[] {
  /** Faults that only the row's meaning shows. */
  async function check(row: Cookie, language: 'fr' | 'en'): Promise<void> {
    const fault = (path: string, fr: string, en: string) =>
      new Problem('unprocessable', { errors: [{ path, message: language === 'fr' ? fr : en }] });
    if (!isWithinTerm(row.retention))
      throw fault('retention', '« session », ou une durée de 13 mois au plus', '"session", or at most 13 months');
    if (!row.consentRequired && row.consentPurpose !== undefined)
      throw fault('consentPurpose', 'ce cookie est dispensé de consentement', 'this cookie needs no consent');
    if (row.consentPurpose !== undefined && !(await purposes.consentIds()).has(row.consentPurpose))
      throw fault('consentPurpose', 'finalité inconnue', 'unknown purpose');
  }

  return [
    route({
      name: 'cookies',
      method: 'GET',
      path: '/api/v1/cookies',
      topic: 'cookies',
      summary:
        'The cookie table and the purposes of « Gestion des services » (H4, H6): what needs consent and what is exempt.',
      caller: anyone,
      answers: {
        200: {
          description: 'In the reader’s language',
          schema: z.strictObject({
            noticeVersion: z.string(),
            refusing: z.string(),
            cookies: z.array(shownCookie),
            purposes: z.array(shownPurpose),
          }),
        },
      },
      async handle({ language, now }) {
        const [notice, rows, offered] = await Promise.all([
          notices.inForce(language, now),
          cookies.rows(),
          purposes.all(),
        ]);
        return {
          status: 200,
          headers: { 'Content-Language': language },
          body: {
            noticeVersion: notice.version,
            refusing: REFUSING[language],
            cookies: rows.map(({ revision: _, changedAt: __, ...row }) => ({
              ...row,
              purpose: worded(row.purpose, language),
            })),
            purposes: offered.map((purpose) => ({
              id: purpose.id,
              title: purpose.title[language],
              description: purpose.description[language],
              consentRequired: needsConsent(purpose),
              legalBasis: purpose.legalBasis,
              charterPurpose: purpose.charterPurpose,
              categories: [...purpose.categories],
              recipients: purpose.recipients[language],
              retention: purpose.retention,
            })),
          },
        };
      },
    }),
    route({
      name: 'gpc',
      method: 'GET',
      path: '/.well-known/gpc.json',
      topic: 'cookies',
      summary: 'That Global Privacy Control is honoured, since the notice in force.',
      caller: anyone,
      cacheSeconds: 3_600,
      answers: {
        200: {
          description: 'The GPC support resource',
          schema: z.strictObject({ gpc: z.literal(true), lastUpdate: z.iso.date() }),
        },
      },
      async handle({ language, now }) {
        const { effectiveAt } = await notices.inForce(language, now);
        return { status: 200, body: { gpc: true, lastUpdate: effectiveAt.slice(0, 10) } };
      },
    }),
    route({
      name: 'desk-cookies-read',
      method: 'GET',
      path: '/api/v1/desk/cookies/{name}',
      topic: 'cookies',
      summary: 'One row of the cookie table, as it is edited.',
      caller: staff('publisher'),
      entityTag: 'read',
      params: z.strictObject({ name }),
      answers: { 200: { description: 'The row', schema: z.extend(cookieRow, revision) } },
      problems: ['not-found'],
      async handle({ params }) {
        const row = await cookies.row(params.name);
        if (!row) throw new Problem('not-found');
        return { status: 200, body: row };
      },
    }),
    route({
      name: 'desk-cookies-versions',
      method: 'GET',
      path: '/api/v1/desk/cookies/{name}/versions',
      topic: 'cookies',
      summary: 'Every version of one row, latest first; `null` where it was taken out.',
      caller: staff('publisher'),
      params: z.strictObject({ name }),
      query: z.strictObject(pageQuery),
      answers: { 200: { description: 'The versions', schema: versionsOf(cookieRow) } },
      problems: ['not-found'],
      async handle({ params, query }) {
        const changes = versions(await cookies.changes(params.name));
        return { status: 200, body: cursors.pageOf(`cookie-versions:${params.name}`, changes, query) };
      },
    }),
    route({
      name: 'desk-cookies-save',
      method: 'PUT',
      path: '/api/v1/desk/cookies/{name}',
      topic: 'cookies',
      summary: 'Creates or replaces a row of the cookie table; more than 13 months are refused (H3).',
      caller: staff('publisher'),
      entityTag: 'write',
      params: z.strictObject({ name }),
      body: z.strictObject({
        name: z.optional(name),
        ...cookieContent,
        controller: z.optional(text(200)),
        consentPurpose: z.optional(purposeId),
      }),
      answers: {
        200: { description: 'Replaced', schema: z.extend(cookieRow, revision) },
        201: { description: 'Created', schema: z.extend(cookieRow, revision) },
      },
      problems: ['unprocessable'],
      async handle({ params, body, caller, preconditions, language }) {
        if (body.name !== undefined && body.name !== params.name)
          throw new Problem('unprocessable', { errors: [{ path: 'name', message: params.name }] });
        const { consentPurpose, controller: given, ...content } = body;
        const row: Cookie = {
          ...content,
          name: params.name,
          controller: given ?? controller.name,
          ...(consentPurpose === undefined ? {} : { consentPurpose }),
        };
        await check(row, language);
        const saved = await cookies.put(row, { by: caller.staffId, check: preconditions.check });
        return { status: saved.outcome === 'created' ? 201 : 200, body: saved.row };
      },
    }),
    route({
      name: 'desk-cookies-delete',
      method: 'DELETE',
      path: '/api/v1/desk/cookies/{name}',
      topic: 'cookies',
      summary: 'Takes a row out of the cookie table; its versions stay.',
      caller: staff('publisher'),
      params: z.strictObject({ name }),
      requestHeaders: [{ name: 'If-Match', description: 'Takes it out only as it was seen.' }],
      answers: { 204: { description: 'Taken out' } },
      problems: ['not-found', 'precondition-failed'],
      async handle({ params, caller, header, preconditions }) {
        const isConditional = header('if-match') !== undefined;
        const check = (current: unknown) => (isConditional ? preconditions.check(current) : undefined);
        if (!(await cookies.remove(params.name, { by: caller.staffId, check }))) throw new Problem('not-found');
        return { status: 204 };
      },
    }),
  ];
}

/** H8: the person is told what refusing can cost. */
const REFUSING = {
  fr: 'Refuser des cookies peut désactiver certaines fonctions.',
  en: 'Refusing cookies can disable some features.',
} as const;

/** Throws `not-found` when nothing was ever recorded. */
export function versions<Row>(changes: readonly RowChange<Row>[]): readonly RowChange<Row>[] {
  if (changes.length === 0) throw new Problem('not-found');
  return changes;
}
