import * as z from 'zod/mini';
import type { AuditLog } from '../../shared/audit/index.ts';
import {
  type DisclosureRegister,
  type DisclosureVerdict,
  disclosureGrounds,
  type RecipientNotices,
  type ShownDisclosure,
  shownDisclosure,
} from '../../shared/disclosures/index.ts';
import { dataCategories } from '../../shared/personal-data/index.ts';
import { type Cursors, pageQuery } from '../../shared/platform/http/paging.ts';
import { Problem } from '../../shared/platform/http/problem.ts';
import { type Route, route, type StaffCaller, staff } from '../../shared/platform/http/route.ts';
import type { AccountId } from '../../shared/platform/ids.ts';
import type { Language } from '../../shared/platform/language.ts';
import { instant, multilineText, text } from './schemas.ts';

const SCOPE = 'desk-disclosures';
const path = '/api/v1/desk/disclosures';
const id = text(100);
const act = z.enum(['rectification', 'erasure', 'restriction']);
const recipient = z.strictObject({ name: text(200), contact: text(300), thirdCountry: z.optional(text(100)) });
const categories = z.array(z.enum(dataCategories)).check(
  z.minLength(1),
  z.refine((given) => new Set(given).size === given.length, 'each category once'),
);
const disclosureBody = z.strictObject({
  accountId: id,
  recipient,
  categories,
  ground: z.enum(disclosureGrounds),
  reference: text(500),
  consentId: z.optional(id),
});
const disclosureSchema = z.strictObject({
  id: z.string(),
  accountId: z.string(),
  recipient,
  categories: z.array(z.enum(dataCategories)),
  ground: z.enum(disclosureGrounds),
  reference: z.string(),
  consentId: z.optional(z.string()),
  recordedAt: instant,
  recordedBy: z.string(),
  notices: z.array(
    z.strictObject({
      requestId: z.string(),
      act,
      at: instant,
      state: z.enum(['mailed', 'to-be-told', 'told']),
      toldAt: z.optional(instant),
      toldBy: z.optional(z.string()),
      note: z.optional(z.string()),
    }),
  ),
  expiresAt: instant,
});

const refusals: Readonly<Record<Exclude<DisclosureVerdict, 'permitted'>, Readonly<Record<Language, string>>>> = {
  'consent-not-named': {
    fr: 'Une communication fondée sur le consentement nomme ce consentement (consentId).',
    en: 'A disclosure on the ground of consent names that consent (consentId).',
  },
  'consent-does-not-stand': {
    fr: 'Ce consentement n’est pas celui de cette personne, ou n’est plus en vigueur.',
    en: 'This consent is not this person’s, or no longer stands.',
  },
  'consent-is-not-the-ground': {
    fr: 'Un consentement n’est nommé que s’il est le fondement de la communication.',
    en: 'A consent is named only where it is the ground.',
  },
  'cookie-data': {
    fr: 'Les données de navigation ne sont communiquées qu’avec le consentement ou si la loi l’exige.',
    en: 'Cookie data are disclosed only with consent or where the law requires it.',
  },
  restricted: {
    fr: 'Le traitement des données de cette personne est limité.',
    en: 'The processing of this person’s data is restricted.',
  },
};

interface DisclosureServices {
  readonly register: DisclosureRegister;
  readonly notices: RecipientNotices;
  readonly audit: AuditLog;
  readonly cursors: Cursors;
}

/** The register of disclosures to third parties: each is on record, with its ground, before it happens (clauses C4, C6, C7, H2). */
export function disclosureRoutes({ register, notices, audit, cursors }: DisclosureServices): readonly Route[] {
  const recordAct = (
    caller: StaffCaller,
    action: string,
    about: { subject: string; categories: ShownDisclosure['categories']; resource?: string; reason?: string },
    outcome: 'allowed' | 'refused',
    now: Date,
  ) =>
    audit.record({ actor: { kind: 'staff', id: caller.staffId, roles: caller.roles }, action, ...about, outcome }, now);

  /** Puts on record, for each person, that staff have seen their disclosures; before anything is shown. */
  async function recordReading(caller: StaffCaller, items: readonly ShownDisclosure[], now: Date) {
    const people = new Set(items.map(({ accountId }) => accountId));
    await Promise.all(
      [...people].map((subject) =>
        recordAct(caller, 'disclosures-read', { subject, categories: ['disclosures'] }, 'allowed', now),
      ),
    );
  }

  return [
    route({
      name: 'desk-disclosures-record',
      method: 'POST',
      path,
      topic: 'disclosures',
      summary: 'Records a disclosure before it happens; only what is answered with 201 may leave.',
      caller: staff('dpo'),
      idempotent: true,
      body: disclosureBody,
      answers: { 201: { description: 'On record: the data may now be handed over', schema: disclosureSchema } },
      problems: ['not-found', 'processing-restricted', 'unprocessable'],
      async handle({ body, caller, now }) {
        const { consentId, recipient: to, ...rest } = body;
        const { thirdCountry, ...named } = to;
        const request = {
          ...rest,
          recipient: thirdCountry === undefined ? named : { ...named, thirdCountry },
          ...(consentId === undefined ? {} : { consentId }),
        };
        const result = await register.examine(request, caller.staffId, now);
        if (result.outcome === 'no-such-account') throw new Problem('not-found');
        const about = { subject: body.accountId, categories: body.categories, reason: body.reference };
        if (result.outcome === 'refused') {
          await recordAct(caller, 'disclosure-record', about, 'refused', now);
          throw new Problem(result.verdict === 'restricted' ? 'processing-restricted' : 'unprocessable', {
            detail: refusals[result.verdict],
          });
        }
        const { disclosure } = result;
        await recordAct(caller, 'disclosure-record', { ...about, resource: disclosure.id }, 'allowed', now);
        return { status: 201, body: await register.record(disclosure) };
      },
    }),
    route({
      name: 'desk-disclosures-list',
      method: 'GET',
      path,
      topic: 'disclosures',
      summary: 'The disclosures, newest first; with `accountId` those of one person.',
      caller: staff('dpo'),
      query: z.strictObject({ accountId: z.optional(id), ...pageQuery }),
      answers: {
        200: {
          description: 'The register',
          schema: z.strictObject({ items: z.array(disclosureSchema), nextCursor: z.optional(z.string()) }),
        },
      },
      async handle({ query, caller, now }) {
        const { accountId, limit, cursor } = query;
        const after = cursors.decode<string>(SCOPE, cursor);
        const page = await register.list({ ...(accountId ? { accountId } : {}), ...(after ? { after } : {}) }, limit);
        await recordReading(caller, page.items, now);
        const { items, next } = page;
        return { status: 200, body: { items, ...(next ? { nextCursor: cursors.encode(SCOPE, next) } : {}) } };
      },
    }),
    route({
      name: 'desk-disclosures-read',
      method: 'GET',
      path: `${path}/{id}`,
      topic: 'disclosures',
      summary: 'One disclosure, and what its recipient has been told since (GDPR art. 19).',
      caller: staff('dpo'),
      params: z.strictObject({ id }),
      entityTag: 'read',
      answers: { 200: { description: 'The disclosure', schema: disclosureSchema } },
      problems: ['not-found'],
      async handle({ params, caller, now }) {
        const found = await register.find(params.id);
        if (!found) throw new Problem('not-found');
        const body = shownDisclosure(found);
        await recordReading(caller, [body], now);
        return { status: 200, body };
      },
    }),
    route({
      name: 'desk-disclosures-told',
      method: 'POST',
      path: `${path}/{id}/told`,
      topic: 'disclosures',
      summary: 'Notes that a recipient without an e-mail address has been told (GDPR art. 19).',
      caller: staff('dpo'),
      params: z.strictObject({ id }),
      body: z.strictObject({ requestId: id, act, note: z.optional(multilineText(1_000)) }),
      answers: { 200: { description: 'The disclosure', schema: disclosureSchema } },
      problems: ['not-found', 'conflict'],
      async handle({ params, body, caller, now }) {
        const found = await register.find(params.id);
        if (!found) throw new Problem('not-found');
        const { note, ...which } = body;
        const about = { subject: found.accountId as AccountId, categories: found.categories, resource: found.id };
        await recordAct(caller, 'recipient-told', about, 'allowed', now);
        const marked = await notices.markTold(found, note ? { ...which, note } : which, caller.staffId, now);
        if (typeof marked === 'string') throw new Problem('conflict');
        return { status: 200, body: shownDisclosure(marked) };
      },
    }),
  ];
}
