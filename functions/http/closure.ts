import * as z from 'zod/mini';
import type { Account, ProcessingChoices } from '../../shared/accounts/index.ts';
import type { Closure } from '../../shared/closure/index.ts';
import type { Stored } from '../../shared/platform/cosmos/document-store.ts';
import type { AccountOf } from '../../shared/platform/http/authentication.ts';
import { ACCESS_COOKIE, clearedCookies } from '../../shared/platform/http/cookie-mode.ts';
import { Problem } from '../../shared/platform/http/problem.ts';
import { anyone, type Route, route, user, userEvenPending } from '../../shared/platform/http/route.ts';
import type { Language } from '../../shared/platform/language.ts';
import type { ServicePurposes } from '../../shared/purposes/index.ts';
import { denied } from './proof-problem.ts';
import { instant, multilineText, otp, password, token } from './schemas.ts';

interface ClosureServices {
  readonly closure: Closure;
  readonly choices: ProcessingChoices;
  readonly purposes: Pick<ServicePurposes, 'find'>;
  readonly accountOf: AccountOf<Stored<Account>>;
  /** Sets a queued mail on its way without waiting for it. */
  readonly nudge: (accountId: string, notificationId: string) => void;
}

const objections = z.strictObject({ purposes: z.array(z.string().check(z.maxLength(60))).check(z.maxLength(50)) });

const refusals = {
  unknown: { fr: 'finalité inconnue', en: 'no such purpose' },
  contract: {
    fr: 'cette finalité est nécessaire au contrat : pour y mettre fin, fermez votre espace',
    en: 'the contract needs this purpose: to end it, close your space',
  },
  'legal-obligation': {
    fr: 'la loi impose ce traitement : il n’y a pas de droit d’opposition',
    en: 'the law imposes this processing: there is no right to object',
  },
} as const;

/** Closing one's space and objecting to purposes: the two forms of objection (clauses G5, G10). */
export function closureRoutes({ closure, choices, purposes, accountOf, nudge }: ClosureServices): readonly Route[] {
  /** Why somebody cannot object to a purpose (art. 21: only to legitimate interest and prospecting; a consent can always be refused). */
  async function refusal(purposeId: string): Promise<keyof typeof refusals | undefined> {
    const purpose = await purposes.find(purposeId);
    if (!purpose) return 'unknown';
    return purpose.legalBasis === 'contract' || purpose.legalBasis === 'legal-obligation'
      ? purpose.legalBasis
      : undefined;
  }

  /** Throws `unprocessable`. What the person objects to already may stay, also when the purpose has been taken out since. */
  async function check(given: readonly string[], standing: readonly string[], language: Language): Promise<void> {
    const faults = await Promise.all(
      given.map(async (id, index) => {
        const why = standing.includes(id) ? undefined : await refusal(id);
        return why ? [{ path: `purposes.${index}`, message: refusals[why][language] }] : [];
      }),
    );
    const errors = faults.flat();
    if (errors.length > 0) throw new Problem('unprocessable', { errors });
  }

  return [
    route({
      name: 'me-closure',
      method: 'POST',
      path: '/api/v1/me/closure',
      topic: 'closure',
      summary:
        'Closes the space: processing stops and every session ends at once; a mailed link undoes it for seven days.',
      caller: userEvenPending,
      body: z.strictObject({ password, otp: z.optional(otp), reason: z.optional(multilineText(2_000)) }),
      answers: {
        202: {
          description: 'The space is closed and will be erased',
          schema: z.strictObject({ status: z.literal('closing'), undoUntil: instant }),
        },
      },
      problems: ['mfa-required', 'too-many-requests'],
      async handle({ caller, body, source, cookie, now }) {
        const result = await closure.close(caller.accountId, { ...body, source }, now);
        if (result.outcome !== 'closed') throw denied(result);
        nudge(caller.accountId, result.notification.id);
        return {
          status: 202,
          ...(cookie(ACCESS_COOKIE) ? { cookies: clearedCookies } : {}),
          body: { status: 'closing', undoUntil: result.undoUntil },
        };
      },
    }),
    route({
      name: 'me-closure-undo',
      method: 'POST',
      path: '/api/v1/me/closure/undo',
      topic: 'closure',
      summary: 'Reopens the space by the mailed token, once; no sign-in is needed.',
      caller: anyone,
      body: z.strictObject({ token }),
      answers: { 204: { description: 'The space is open again' } },
      problems: ['unprocessable', 'gone'],
      async handle({ body, now }) {
        const result = await closure.undo(body.token, now);
        if (result.outcome !== 'reopened') {
          throw new Problem(result.outcome === 'unknown-token' ? 'unprocessable' : 'gone');
        }
        nudge(result.accountId, result.notification.id);
        return { status: 204 };
      },
    }),
    route({
      name: 'me-objections-read',
      method: 'GET',
      path: '/api/v1/me/objections',
      topic: 'processing',
      summary: 'The purposes that the person objects to.',
      caller: user,
      entityTag: 'read',
      answers: { 200: { description: 'Ids of purposes', schema: objections } },
      async handle({ caller }) {
        return { status: 200, body: { purposes: accountOf(caller).objections ?? [] } };
      },
    }),
    route({
      name: 'me-objections-save',
      method: 'PUT',
      path: '/api/v1/me/objections',
      topic: 'processing',
      summary: 'Replaces the objections; they hold from this very moment.',
      caller: user,
      entityTag: 'write',
      body: objections,
      answers: { 200: { description: 'The objections as they stand', schema: objections } },
      problems: ['unprocessable'],
      async handle({ caller, body, language, preconditions }) {
        await check(body.purposes, accountOf(caller).objections ?? [], language);
        const isFirst = accountOf(caller).objections === undefined;
        const outcome = await choices.setObjections(caller.accountId, body.purposes, (current) => {
          const stands = isFirst && current.length === 0 ? undefined : { purposes: current };
          preconditions.check(stands, { purposes: [] });
        });
        if (outcome === 'no-account') throw new Problem('unauthenticated');
        return { status: 200, body: { purposes: await choices.objections(caller.accountId) } };
      },
    }),
  ];
}
