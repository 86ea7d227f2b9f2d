import * as z from 'zod/mini';
import { Problem } from '../../shared/platform/http/problem.ts';
import type { Language } from '../../shared/platform/language.ts';
import type { ServicePurposes } from '../../shared/purposes/index.ts';
import {
  caseStatuses,
  channels,
  documentKinds,
  identityMethods,
  identityStates,
  type profileFields,
  rejectionGrounds,
  requestTypes,
  type Submission,
} from '../../shared/rights-requests/index.ts';
import { email, instant, language, multilineText, text } from './schemas.ts';

/** The shapes of a rights request, which the person's and the desk's routes share. */
const purposeId = text(60);

export const representative = z.strictObject({
  givenName: text(100),
  familyName: text(100),
  email: z.optional(email),
  capacity: z.optional(text(200)),
});

/** What a request is about, whoever writes it down. */
export const submission = z.strictObject({
  type: z.enum(requestTypes),
  details: z.optional(multilineText(5_000)),
  rectifications: z.optional(
    z.array(z.strictObject({ field: text(100), value: text(500) })).check(z.minLength(1), z.maxLength(20)),
  ),
  statement: z.optional(multilineText(2_000)),
  purposes: z.optional(z.array(purposeId).check(z.minLength(1), z.maxLength(20))),
  representative: z.optional(representative),
});

const words = {
  surplus: { fr: 'n’a pas de sens pour ce type de demande', en: 'has no meaning for this type of request' },
  missing: { fr: 'requis', en: 'required' },
  tooLong: { fr: 'valeur trop longue pour ce champ', en: 'too long for this field' },
  unknownPurpose: { fr: 'finalité inconnue', en: 'no such purpose' },
  language: { fr: 'fr ou en', en: 'fr or en' },
} as const;

/** The longest value of the fields of a profile that a rectification may change. */
const fieldLimits: Readonly<Record<(typeof profileFields)[number], number>> = {
  givenName: 100,
  familyName: 100,
  company: 200,
  jobTitle: 200,
  phone: 40,
  language: 2,
};

/** Throws `unprocessable` when fields do not go with the type of the request: nothing is stored that it does not need (clause C1). */
export function checkSubmission(given: Submission, reader: Language): void {
  const errors: { path: string; message: string }[] = [];
  const refuse = (path: string, why: keyof typeof words) => errors.push({ path, message: words[why][reader] });
  const { type, rectifications, purposes, statement, details } = given;
  if (purposes && type !== 'objection' && type !== 'consent-withdrawal') refuse('purposes', 'surplus');
  if (rectifications && type !== 'rectification') refuse('rectifications', 'surplus');
  if (statement !== undefined && type !== 'rectification') refuse('statement', 'surplus');
  if (type === 'rectification' && !rectifications && !statement && !details) refuse('rectifications', 'missing');
  if (type === 'objection' && !purposes && !details) refuse('purposes', 'missing');
  rectifications?.forEach(({ field, value }, index) => {
    const limit = fieldLimits[field as keyof typeof fieldLimits];
    if (limit !== undefined && value.length > limit) refuse(`rectifications.${index}.value`, 'tooLong');
    if (field === 'language' && !language.safeParse(value).success) refuse(`rectifications.${index}.value`, 'language');
  });
  if (errors.length > 0) throw new Problem('unprocessable', { errors });
}

/** Throws `invalid-request` when a purpose is none of ours: of the charter, or one that staff offer, or did. */
export async function checkPurposes(
  { purposes = [] }: Submission,
  known: Pick<ServicePurposes, 'wasOffered'>,
  reader: Language,
): Promise<void> {
  const offered = await Promise.all(purposes.map(known.wasOffered));
  const errors = offered.flatMap((isKnown, index) =>
    isKnown ? [] : [{ path: `purposes.${index}`, message: words.unknownPurpose[reader] }],
  );
  if (errors.length > 0) throw new Problem('invalid-request', { errors });
}

export const requestId = z.string().check(z.regex(/^req_[\w-]{22}$/));
export const calendarDay = z.iso.date();

/** What the first answer, the lists and the actions show of a case. */
export const summaryShape = {
  id: z.string(),
  reference: z.string(),
  type: z.enum(requestTypes),
  channel: z.enum(channels),
  status: z.enum(caseStatuses),
  receivedAt: instant,
  dueAt: instant,
  extendedDueAt: z.optional(instant),
  suspendedDueAt: z.optional(instant),
  closedAt: z.optional(instant),
  identity: z.strictObject({ state: z.enum(identityStates), reason: z.optional(z.string()) }),
};

export const letterShape = {
  details: z.optional(z.string()),
  rectifications: z.optional(z.array(z.strictObject({ field: z.string(), value: z.string() }))),
  statement: z.optional(z.string()),
  purposes: z.optional(z.array(z.string())),
  representative: z.optional(representative),
  package: z.optional(z.strictObject({ readyAt: instant, expiresAt: instant, size: z.int(), sha256: z.string() })),
};

export const proofSchema = z.strictObject({
  id: z.string(),
  kind: z.enum(documentKinds),
  mediaType: z.string(),
  size: z.int(),
  sha256: z.string(),
  uploadedAt: instant,
});

export const historyShape = {
  at: instant,
  action: z.string(),
  from: z.optional(z.enum(caseStatuses)),
  to: z.optional(z.enum(caseStatuses)),
  reason: z.optional(z.string()),
};

export const actorKind = z.enum(['person', 'staff', 'system']);
export const ground = z.enum(rejectionGrounds);

/** The case file as the desk sees it. */
export const deskCaseSchema = z.strictObject({
  ...summaryShape,
  ...letterShape,
  receivedOn: z.iso.date(),
  language,
  contact: z.strictObject({
    givenName: z.string(),
    familyName: z.string(),
    email: z.optional(z.string()),
    postalAddress: z.optional(z.string()),
  }),
  identity: z.strictObject({
    state: z.enum(identityStates),
    reason: z.optional(z.string()),
    method: z.optional(z.enum(identityMethods)),
    decidedAt: z.optional(instant),
    decidedBy: z.optional(z.string()),
  }),
  accountId: z.optional(z.string()),
  assignee: z.optional(z.string()),
  approvals: z.optional(z.array(z.strictObject({ staffId: z.string(), at: instant }))),
  decision: z.optional(z.strictObject({ at: instant, staffId: z.string(), ground: z.optional(ground) })),
  overdueSince: z.optional(instant),
  restriction: z.optional(z.strictObject({ since: instant, liftAt: z.optional(instant) })),
  applied: z.optional(
    z.array(z.strictObject({ field: z.string(), before: z.nullable(z.string()), after: z.string(), at: instant })),
  ),
  execution: z.optional(z.strictObject({ attempts: z.int(), stalledAt: z.optional(instant) })),
  history: z.array(
    z.strictObject({ ...historyShape, actor: z.strictObject({ kind: actorKind, id: z.optional(z.string()) }) }),
  ),
  messages: z.array(
    z.strictObject({
      id: z.string(),
      at: instant,
      from: z.enum(['person', 'desk']),
      staffId: z.optional(z.string()),
      text: z.string(),
    }),
  ),
  notes: z.array(z.strictObject({ id: z.string(), at: instant, staffId: z.string(), text: z.string() })),
  identityProofs: z.array(proofSchema),
  possibleDuplicates: z.array(z.string()),
});
