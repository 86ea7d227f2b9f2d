import { buffer } from 'node:stream/consumers';
import * as z from 'zod/mini';
import type { Account } from '../../shared/accounts/index.ts';
import { MINUTE } from '../../shared/platform/clock.ts';
import type { Stored } from '../../shared/platform/cosmos/document-store.ts';
import type { AccountOf } from '../../shared/platform/http/authentication.ts';
import { type Cursors, pageQuery } from '../../shared/platform/http/paging.ts';
import { Problem } from '../../shared/platform/http/problem.ts';
import {
  type AnonymousCaller,
  anyoneOrUser,
  type Route,
  route,
  type UserCaller,
  userEvenPending,
} from '../../shared/platform/http/route.ts';
import { uploadOf } from '../../shared/platform/http/upload.ts';
import type { Language } from '../../shared/platform/language.ts';
import type { ServicePurposes } from '../../shared/purposes/index.ts';
import {
  type CaseServices,
  type ContentFault,
  caseSummary,
  documentKinds,
  type ProofMediaType,
  personView,
  proofMediaTypes,
  type RightsRequest,
} from '../../shared/rights-requests/index.ts';
import {
  actorKind,
  checkPurposes,
  checkSubmission,
  ground,
  historyShape,
  letterShape,
  proofSchema,
  requestId,
  submission,
  summaryShape,
} from './case-schemas.ts';
import { email, instant, multilineText, text } from './schemas.ts';

interface RightsRequestServices {
  readonly cases: CaseServices;
  readonly purposes: Pick<ServicePurposes, 'wasOffered'>;
  readonly accountOf: AccountOf<Stored<Account>>;
  readonly cursors: Cursors;
}

/** A package wants a sign-in at most this old. */
const RECENT = 10 * MINUTE;
const MAX_PROOF_BYTES = 10 * 1024 * 1024;

const byId = z.strictObject({ id: requestId });
const code = z.string().check(z.regex(/^\d{6}$/));
const summary = z.strictObject(summaryShape);
const messageSchema = z.strictObject({
  id: z.string(),
  at: instant,
  from: z.enum(['person', 'desk']),
  text: z.string(),
});
const caseSchema = z.strictObject({
  ...summaryShape,
  ...letterShape,
  ground: z.optional(ground),
  history: z.array(z.strictObject({ ...historyShape, actor: z.strictObject({ kind: actorKind }) })),
  messages: z.array(messageSchema),
  identityProofs: z.array(proofSchema),
});

const trackingCode = {
  name: 'X-Tracking-Code',
  description: 'Of a request that was made without a sign-in: what the 201 answered.',
} as const;

const faults: Readonly<Record<ContentFault, Readonly<Record<Language, string>>>> = {
  'not-what-it-claims': {
    fr: 'Le contenu n’est pas du type annoncé.',
    en: 'The content is not of the type that it claims to be.',
  },
  truncated: { fr: 'Le fichier est incomplet.', en: 'The file is incomplete.' },
  'holds-another-file': {
    fr: 'Le fichier contient autre chose que le document.',
    en: 'The file holds something besides the document.',
  },
  'too-many-pixels': { fr: 'L’image est trop grande (ou vide).', en: 'The picture is too large (or empty).' },
  'active-or-encrypted': {
    fr: 'Le PDF est protégé, ou contient des éléments actifs ou des fichiers joints.',
    en: 'The PDF is protected, or holds active content or attached files.',
  },
};

const accountIdOf = (caller: UserCaller | AnonymousCaller) => (caller.kind === 'user' ? caller.accountId : undefined);

const notAllowed = { 'not-found': 'not-found', 'not-allowed': 'conflict', 'not-awaited': 'conflict' } as const;

/** What a person does about their rights (clauses G1-G11): with an account, without one, and while acceptances are pending. */
export function rightsRequestRoutes({ cases, purposes, accountOf, cursors }: RightsRequestServices): readonly Route[] {
  const { intake, followUp, identityProofs } = cases;

  /** The case, if it is the caller's: by the token of its account, or by its tracking code. Everybody else hears 404. */
  async function ofCaller(
    id: string,
    caller: UserCaller | AnonymousCaller,
    header: (name: string) => string | undefined,
  ): Promise<Stored<RightsRequest>> {
    const accountId = accountIdOf(caller);
    const found = await followUp.mine(id, { accountId, trackingCode: header('x-tracking-code') });
    if (!found) throw new Problem('not-found');
    return found;
  }

  return [
    route({
      name: 'rights-requests-submit',
      method: 'POST',
      path: '/api/v1/rights-requests',
      topic: 'rights requests',
      summary: 'Exercises a right. Without a sign-in the e-mail must be confirmed by a mailed code first.',
      caller: anyoneOrUser,
      idempotent: true,
      body: z.extend(submission, {
        contact: z.optional(z.strictObject({ email, givenName: text(100), familyName: text(100) })),
      }),
      answers: {
        201: {
          description: 'The case, with its deadline; without a sign-in also the code to follow it by',
          schema: z.strictObject({ ...summaryShape, trackingCode: z.optional(z.string()) }),
        },
      },
      problems: ['unprocessable', 'too-many-requests'],
      async handle({ caller, body, language, now }) {
        const { contact, ...given } = body;
        checkSubmission(given, language);
        await checkPurposes(given, purposes, language);
        if (caller.kind === 'user') {
          const opened = await intake.submit(given, accountOf(caller), now);
          return { status: 201, body: caseSummary(opened) };
        }
        if (!contact) {
          const message = language === 'fr' ? 'requis' : 'required';
          throw new Problem('unprocessable', { errors: [{ path: 'contact', message }] });
        }
        const opened = await intake.submitUnconfirmed(given, contact, language, now);
        if ('retryAfterSeconds' in opened) throw new Problem('too-many-requests', opened);
        return { status: 201, body: { ...caseSummary(opened.case), trackingCode: opened.trackingCode } };
      },
    }),
    route({
      name: 'rights-requests-confirm',
      method: 'POST',
      path: '/api/v1/rights-requests/{id}/confirm',
      topic: 'rights requests',
      summary: 'Confirms the e-mail by the mailed code; after five wrong ones a new code must be asked for.',
      caller: anyoneOrUser,
      params: byId,
      body: z.strictObject({ code }),
      answers: { 200: { description: 'Confirmed: the case is in review', schema: summary } },
      problems: ['not-found', 'conflict', 'gone', 'unprocessable'],
      async handle({ params, body, caller, now }) {
        const result = await intake.confirm(params.id, body.code, accountIdOf(caller), now);
        if (result.outcome === 'wrong') throw new Problem('unprocessable');
        if (result.outcome === 'used-up') throw new Problem('gone');
        if (result.outcome !== 'changed') throw new Problem(notAllowed[result.outcome]);
        return { status: 200, body: caseSummary(result.case) };
      },
    }),
    route({
      name: 'rights-requests-confirm-resend',
      method: 'POST',
      path: '/api/v1/rights-requests/{id}/confirm/resend',
      topic: 'rights requests',
      summary: 'Mails a new code to confirm by; the one before is void.',
      caller: anyoneOrUser,
      params: byId,
      answers: { 202: { description: 'On its way' } },
      problems: ['not-found', 'conflict', 'too-many-requests'],
      async handle({ params, caller, now }) {
        const result = await intake.resend(params.id, accountIdOf(caller), now);
        if (result.outcome === 'too-many') throw new Problem('too-many-requests', result);
        if (result.outcome !== 'sent') throw new Problem(notAllowed[result.outcome]);
        return { status: 202 };
      },
    }),
    route({
      name: 'me-rights-requests-list',
      method: 'GET',
      path: '/api/v1/me/rights-requests',
      topic: 'rights requests',
      summary: 'The signed-in person’s requests.',
      caller: userEvenPending,
      query: z.strictObject(pageQuery),
      answers: {
        200: {
          description: 'Last received first',
          schema: z.strictObject({ items: z.array(summary), nextCursor: z.optional(z.string()) }),
        },
      },
      async handle({ caller, query }) {
        const scope = `me-rights-requests:${caller.accountId}`;
        const before = cursors.decode<string>(scope, query.cursor);
        const { items, after } = await followUp.list(caller.accountId, query.limit, before);
        const nextCursor = after === undefined ? {} : { nextCursor: cursors.encode(scope, after) };
        return { status: 200, body: { items: items.map(caseSummary), ...nextCursor } };
      },
    }),
    route({
      name: 'rights-requests-read',
      method: 'GET',
      path: '/api/v1/rights-requests/{id}',
      topic: 'rights requests',
      summary: 'One’s own request: state, history, correspondence.',
      caller: anyoneOrUser,
      params: byId,
      requestHeaders: [trackingCode],
      entityTag: 'read',
      answers: { 200: { description: 'The case', schema: caseSchema } },
      problems: ['not-found'],
      async handle({ params, caller, header, now }) {
        const found = await ofCaller(params.id, caller, header);
        const file = await followUp.read(found.requestId, now);
        if (!file) throw new Problem('not-found');
        return { status: 200, body: personView(file) };
      },
    }),
    route({
      name: 'rights-requests-write',
      method: 'POST',
      path: '/api/v1/rights-requests/{id}/messages',
      topic: 'rights requests',
      summary: 'Writes to the DPO about the request.',
      caller: anyoneOrUser,
      idempotent: true,
      params: byId,
      requestHeaders: [trackingCode],
      body: z.strictObject({ text: multilineText(5_000) }),
      answers: { 201: { description: 'On its way', schema: messageSchema } },
      problems: ['not-found', 'conflict'],
      async handle({ params, caller, header, body, now }) {
        const found = await ofCaller(params.id, caller, header);
        const { outcome, message } = await followUp.write(found.requestId, body.text, now);
        if (outcome !== 'changed') throw new Problem(notAllowed[outcome]);
        const { id, at, from, text: said } = message;
        return { status: 201, body: { id, at, from, text: said } };
      },
    }),
    route({
      name: 'rights-requests-cancel',
      method: 'POST',
      path: '/api/v1/rights-requests/{id}/cancel',
      topic: 'rights requests',
      summary: 'Withdraws the request, as long as nothing was decided.',
      caller: anyoneOrUser,
      params: byId,
      requestHeaders: [trackingCode],
      answers: { 200: { description: 'Withdrawn', schema: summary } },
      problems: ['not-found', 'conflict'],
      async handle({ params, caller, header, now }) {
        const found = await ofCaller(params.id, caller, header);
        const result = await followUp.cancel(found.requestId, now);
        if (result.outcome !== 'changed') throw new Problem(notAllowed[result.outcome]);
        return { status: 200, body: caseSummary(result.case) };
      },
    }),
    route({
      name: 'rights-requests-identity-proofs-supply',
      method: 'POST',
      path: '/api/v1/rights-requests/{id}/identity-proofs',
      topic: 'rights requests',
      summary: 'Hands in an identity document that was asked for; it is gone as soon as the decision is taken.',
      caller: anyoneOrUser,
      idempotent: true,
      params: byId,
      requestHeaders: [
        trackingCode,
        { name: 'X-Document-Kind', description: documentKinds.join(', '), required: true },
      ],
      body: uploadOf(proofMediaTypes, MAX_PROOF_BYTES),
      answers: {
        201: {
          description: 'Stored, encrypted',
          schema: z.strictObject({ id: z.string(), size: z.int(), sha256: z.string() }),
        },
      },
      problems: ['not-found', 'conflict', 'unprocessable'],
      async handle({ params, caller, header, body, language, now }) {
        const found = await ofCaller(params.id, caller, header);
        const kind = documentKinds.find((known) => known === header('x-document-kind'));
        if (!kind) {
          throw new Problem('invalid-request', {
            errors: [{ path: 'X-Document-Kind', message: documentKinds.join(', ') }],
          });
        }
        const { bytes } = body;
        const mediaType = body.mediaType as ProofMediaType;
        const result = await identityProofs.supply(found.requestId, { mediaType, kind, bytes }, now);
        if (result.outcome === 'refused') {
          const errors = [{ path: 'body', message: faults[result.fault][language] }];
          throw new Problem('unprocessable', { detail: faults[result.fault], errors });
        }
        if (result.outcome !== 'supplied') throw new Problem(result.outcome === 'not-found' ? 'not-found' : 'conflict');
        return { status: 201, body: result.proof };
      },
    }),
    route({
      name: 'rights-requests-package-code',
      method: 'POST',
      path: '/api/v1/rights-requests/{id}/package/code',
      topic: 'rights requests',
      summary: 'Mails the one-time code by which a package is fetched without an account.',
      caller: anyoneOrUser,
      params: byId,
      requestHeaders: [trackingCode],
      answers: { 202: { description: 'On its way' } },
      problems: ['not-found', 'conflict', 'gone', 'too-many-requests'],
      async handle({ params, caller, header, now }) {
        const found = await ofCaller(params.id, caller, header);
        const result = await followUp.mailPackageCode(found.requestId, now);
        if (result.outcome === 'too-many') throw new Problem('too-many-requests', result);
        if (result.outcome === 'not-ready') throw new Problem('conflict');
        if (result.outcome !== 'sent') throw new Problem(result.outcome);
        return { status: 202 };
      },
    }),
    route({
      name: 'rights-requests-package',
      method: 'GET',
      path: '/api/v1/rights-requests/{id}/package',
      topic: 'rights requests',
      summary: 'The data that were asked for, as a zip; wants a sign-in at most ten minutes old, or a mailed code.',
      caller: anyoneOrUser,
      params: byId,
      requestHeaders: [
        trackingCode,
        { name: 'X-Confirmation-Code', description: 'Without an account: the one-time code that was mailed.' },
      ],
      answers: { 200: { description: 'The package', contentType: 'application/zip' } },
      problems: ['reauthentication-required', 'not-found', 'conflict', 'gone', 'unprocessable'],
      async handle({ params, caller, header, now }) {
        const found = await ofCaller(params.id, caller, header);
        const by = proofOfPresence(found, caller, header('x-confirmation-code'), now);
        const result = await followUp.download(found.requestId, by, now);
        if (result.outcome === 'package') {
          const name = `${result.case.requestType}-${result.case.reference}.zip`;
          const headers = { 'Content-Disposition': `attachment; filename="${name}"` };
          return { status: 200, headers, body: await buffer(result.content) };
        }
        if (result.outcome === 'not-ready') throw new Problem('conflict');
        if (result.outcome === 'wrong') throw new Problem('unprocessable');
        throw new Problem(result.outcome === 'used-up' ? 'reauthentication-required' : result.outcome);
      },
    }),
  ];
}

/** A package wants more than a token that lies about: a recent sign-in, or the code that only the owner of the mailbox has. */
function proofOfPresence(
  request: RightsRequest,
  caller: UserCaller | AnonymousCaller,
  mailed: string | undefined,
  now: Date,
): 'recent-sign-in' | { readonly code: string } {
  const isOwn = caller.kind === 'user' && caller.accountId === request.accountId;
  if (isOwn && now.getTime() - caller.authenticatedAt.getTime() <= RECENT) return 'recent-sign-in';
  if (isOwn || mailed === undefined) throw new Problem('reauthentication-required');
  return { code: mailed };
}
