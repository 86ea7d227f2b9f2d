import * as z from 'zod/mini';
import type { AuditLog } from '../../shared/audit/index.ts';
import {
  type BreachChange,
  type BreachFault,
  type BreachRegister,
  breachForm,
  type ShownBreach,
  shownBreach,
} from '../../shared/breaches/index.ts';
import { dataCategories } from '../../shared/personal-data/index.ts';
import type { Controller } from '../../shared/platform/config.ts';
import { preferredMediaType } from '../../shared/platform/http/media-type.ts';
import { type Cursors, pageQuery } from '../../shared/platform/http/paging.ts';
import { Problem, type ProblemCode } from '../../shared/platform/http/problem.ts';
import { type Route, route, type StaffCaller, staff } from '../../shared/platform/http/route.ts';
import type { Language } from '../../shared/platform/language.ts';
import { instant, multilineText, text } from './schemas.ts';

const SCOPE = 'desk-breaches';
const path = '/api/v1/desk/breaches';
const MAX_ACCOUNTS = 1_000;

const count = z.number().check(z.int(), z.minimum(0), z.maximum(1_000_000_000));
const anInstant = z.iso.datetime({ offset: true });
const words = multilineText(10_000);
const facts = {
  nature: words,
  categories: z.array(z.enum(dataCategories)).check(z.minLength(1), z.maxLength(dataCategories.length)),
  approximatePeople: count,
  approximateRecords: count,
  consequences: words,
  measures: words,
  highRisk: z.boolean(),
};
const moreFacts = { startedAt: z.optional(anInstant), endedAt: z.optional(anInstant), cause: z.optional(words) };
const factsSchema = z.partial(z.strictObject({ ...facts, ...moreFacts }));
const breachSchema = z.strictObject({
  id: z.string(),
  status: z.enum(['open', 'closed']),
  awareAt: instant,
  notifyBy: instant,
  ...facts,
  ...moreFacts,
  notifiedAt: z.optional(instant),
  delayReasons: z.optional(z.string()),
  notNotifiedReason: z.optional(z.string()),
  peopleToldAt: z.optional(instant),
  peopleNotToldReason: z.optional(z.string()),
  recordedAt: instant,
  recordedBy: z.string(),
  closedAt: z.optional(instant),
  expiresAt: z.optional(instant),
  phases: z.array(
    z.strictObject({
      at: instant,
      by: z.string(),
      kind: z.enum(['recorded', 'supplemented', 'notified', 'people-told', 'closed']),
      facts: z.optional(factsSchema),
      note: z.optional(z.string()),
    }),
  ),
});
const params = z.strictObject({ id: text(100) });

const faults: Readonly<Record<BreachFault, readonly [ProblemCode, Readonly<Record<Language, string>>]>> = {
  closed: ['conflict', { fr: 'Cette violation est close.', en: 'This breach is closed.' }],
  'nothing-to-add': ['unprocessable', { fr: 'Rien à ajouter.', en: 'There is nothing to add.' }],
  'notified-already': ['conflict', { fr: 'La notification est déjà consignée.', en: 'It has been notified already.' }],
  'notified-before-awareness': [
    'unprocessable',
    { fr: 'La notification ne précède pas la prise de connaissance.', en: 'It cannot be notified before awareness.' },
  ],
  'notified-in-the-future': [
    'unprocessable',
    { fr: 'La notification est à consigner une fois faite.', en: 'A notification is recorded once it is made.' },
  ],
  'delay-reasons-missing': [
    'unprocessable',
    {
      fr: 'Au-delà de 72 heures, les motifs du retard sont requis (delayReasons, RGPD art. 33(1)).',
      en: 'After 72 hours the reasons for the delay are required (delayReasons, GDPR art. 33(1)).',
    },
  ],
  'notification-outstanding': [
    'unprocessable',
    {
      fr: 'Avant de clore : consignez la notification (notifiedAt), ou pourquoi elle n’est pas requise (notNotifiedReason).',
      en: 'Before closing: record the notification (notifiedAt), or why none is due (notNotifiedReason).',
    },
  ],
  'people-to-be-told': [
    'unprocessable',
    {
      fr: 'Le risque est élevé : informez les personnes, ou dites pourquoi ce n’est pas requis (peopleNotToldReason, RGPD art. 34).',
      en: 'The risk is high: tell the people, or say why they need not be told (peopleNotToldReason, GDPR art. 34).',
    },
  ],
};

interface BreachServices {
  readonly register: BreachRegister;
  readonly controller: Controller;
  readonly audit: AuditLog;
  readonly cursors: Cursors;
  /** Sets the mails to the people on their way. */
  readonly nudge: (id: string) => void;
}

/** The register of personal data breaches: awareness, 72 hours, phases, people told, closing (GDPR art. 33-34). */
export function breachRoutes({ register, controller, audit, cursors, nudge }: BreachServices): readonly Route[] {
  const recordAct = (caller: StaffCaller, action: string, now: Date, resource?: string) =>
    audit.record(
      {
        actor: { kind: 'staff', id: caller.staffId, roles: caller.roles },
        action,
        ...(resource ? { resource } : {}),
        outcome: 'allowed',
      },
      now,
    );
  const body = (breach: ShownBreach) => breach as z.input<typeof breachSchema>;

  async function found(id: string) {
    const breach = await register.find(id);
    if (!breach) throw new Problem('not-found');
    return breach;
  }

  return [
    route({
      name: 'desk-breaches-record',
      method: 'POST',
      path,
      topic: 'breaches',
      summary: 'Records a breach; the answer says by when the authority must have been notified.',
      caller: staff('dpo'),
      idempotent: true,
      body: z.strictObject({ awareAt: anInstant, ...facts, ...moreFacts }),
      answers: { 201: { description: 'On record', schema: breachSchema } },
      problems: ['unprocessable'],
      async handle({ body: { awareAt, ...given }, caller, now }) {
        const aware = new Date(awareAt);
        if (aware > now) throw new Problem('unprocessable', { errors: [{ path: 'awareAt', message: 'future' }] });
        const breach = await register.record(factsOf(given), aware, caller.staffId, now);
        await recordAct(caller, 'breach-recorded', now, breach.id);
        return { status: 201, body: body(breach) };
      },
    }),
    route({
      name: 'desk-breaches-list',
      method: 'GET',
      path,
      topic: 'breaches',
      summary: 'The breaches, latest first.',
      caller: staff('dpo'),
      query: z.strictObject({ ...pageQuery }),
      answers: {
        200: {
          description: 'The register',
          schema: z.strictObject({ items: z.array(breachSchema), nextCursor: z.optional(z.string()) }),
        },
      },
      async handle({ query: { limit, cursor }, caller, now }) {
        const { items, next } = await register.list(cursors.decode<string>(SCOPE, cursor), limit);
        await recordAct(caller, 'breaches-read', now);
        return {
          status: 200,
          body: { items: items.map(body), ...(next ? { nextCursor: cursors.encode(SCOPE, next) } : {}) },
        };
      },
    }),
    route({
      name: 'desk-breaches-read',
      method: 'GET',
      path: `${path}/{id}`,
      topic: 'breaches',
      summary: 'One breach; as HTML in the order of the CNIL’s notification form.',
      caller: staff('dpo'),
      entityTag: 'read',
      params,
      answers: {
        200: { description: 'The breach', schema: breachSchema, alternatives: ['text/html'] },
      },
      problems: ['not-found'],
      async handle({ params: { id }, caller, header, now }) {
        const breach = await found(id);
        await recordAct(caller, 'breach-read', now, breach.id);
        if (preferredMediaType(header('accept'), ['application/json', 'text/html']) === 'text/html') {
          const headers = { 'Content-Type': 'text/html; charset=utf-8', Vary: 'Accept' };
          return { status: 200, headers, body: breachForm(breach, controller) };
        }
        return { status: 200, headers: { Vary: 'Accept' }, body: body(shownBreach(breach)) };
      },
    }),
    route({
      name: 'desk-breaches-supplement',
      method: 'PATCH',
      path: `${path}/{id}`,
      topic: 'breaches',
      summary:
        'Adds a phase: more facts, the notification, its reasons when late, the closing. Nothing said before is lost.',
      caller: staff('dpo'),
      entityTag: 'write',
      params,
      body: z.strictObject({
        ...z.partial(z.strictObject({ ...facts, ...moreFacts })).shape,
        note: z.optional(words),
        notifiedAt: z.optional(anInstant),
        delayReasons: z.optional(words),
        notNotifiedReason: z.optional(words),
        peopleNotToldReason: z.optional(words),
        status: z.optional(z.literal('closed')),
      }),
      answers: { 200: { description: 'The breach as it now stands', schema: breachSchema } },
      problems: ['not-found', 'conflict', 'unprocessable'],
      async handle({ params: { id }, body: given, caller, preconditions, now }) {
        const breach = await found(id);
        preconditions.check(shownBreach(breach));
        const result = await register.revise(breach, changeOf(given), caller.staffId, now);
        if (result.outcome === 'changed-meanwhile') throw new Problem('precondition-failed');
        if (result.outcome === 'refused') {
          const [code, detail] = faults[result.fault];
          throw new Problem(code, { detail });
        }
        await recordAct(caller, 'breach-supplemented', now, id);
        return { status: 200, body: body(shownBreach(result.breach)) };
      },
    }),
    route({
      name: 'desk-breaches-tell-people',
      method: 'POST',
      path: `${path}/{id}/tell-people`,
      topic: 'breaches',
      summary: 'Tells people by mail what happened, what may follow and what is done about it (GDPR art. 34).',
      caller: staff('dpo'),
      idempotent: true,
      params,
      body: z.strictObject({
        audience: z.discriminatedUnion('kind', [
          z.strictObject({ kind: z.literal('everyone') }),
          z.strictObject({ kind: z.literal('company'), company: text(200) }),
          z.strictObject({
            kind: z.literal('accounts'),
            accountIds: z.array(text(100)).check(z.minLength(1), z.maxLength(MAX_ACCOUNTS)),
          }),
        ]),
        message: z.strictObject({ fr: words, en: words }),
      }),
      answers: { 202: { description: 'The mails are on their way', schema: breachSchema } },
      problems: ['not-found', 'conflict'],
      async handle({ params: { id }, body: { audience, message }, caller, now }) {
        const breach = await found(id);
        await recordAct(caller, 'breach-people-told', now, id);
        const told = await register.tellPeople(breach, audience, message, caller.staffId, now);
        if (typeof told === 'string') throw new Problem('conflict');
        nudge(told.fanOutId);
        return { status: 202, body: body(shownBreach(told.breach)) };
      },
    }),
  ];
}

type Given<T> = { readonly [K in keyof T]: T[K] | undefined };

/** Without the properties that were not given, instants in UTC. */
function factsOf<T extends { startedAt?: string | undefined; endedAt?: string | undefined }>(given: T) {
  const entries = Object.entries(given).filter(([, value]) => value !== undefined);
  const normal = entries.map(([name, value]) =>
    name === 'startedAt' || name === 'endedAt' ? [name, new Date(String(value)).toISOString()] : [name, value],
  );
  return Object.fromEntries(normal) as { [K in keyof T]: Exclude<T[K], undefined> };
}

function changeOf(given: Given<Partial<BreachChange['facts']>> & PatchWords): BreachChange {
  const { note, notifiedAt, delayReasons, notNotifiedReason, peopleNotToldReason, status, ...rest } = given;
  return {
    facts: factsOf(rest) as BreachChange['facts'],
    ...(note ? { note } : {}),
    ...(notifiedAt ? { notifiedAt: new Date(notifiedAt) } : {}),
    ...(delayReasons ? { delayReasons } : {}),
    ...(notNotifiedReason ? { notNotifiedReason } : {}),
    ...(peopleNotToldReason ? { peopleNotToldReason } : {}),
    ...(status === 'closed' ? { close: true } : {}),
  };
}

interface PatchWords {
  readonly note?: string | undefined;
  readonly notifiedAt?: string | undefined;
  readonly delayReasons?: string | undefined;
  readonly notNotifiedReason?: string | undefined;
  readonly peopleNotToldReason?: string | undefined;
  readonly status?: 'closed' | undefined;
}
