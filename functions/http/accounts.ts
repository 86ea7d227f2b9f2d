import * as z from 'zod/mini';
import type { Account, AccountUseCases, Profile, Registration } from '../../shared/accounts/index.ts';
import type { PasswordFault } from '../../shared/credentials/index.ts';
import { acceptedKinds } from '../../shared/legal-documents/index.ts';
import type { Stored } from '../../shared/platform/cosmos/document-store.ts';
import type { AccountOf } from '../../shared/platform/http/authentication.ts';
import { type Cursors, pageOf, pageQuery } from '../../shared/platform/http/paging.ts';
import { Problem } from '../../shared/platform/http/problem.ts';
import { anyone, type Route, route, user, userEvenPending } from '../../shared/platform/http/route.ts';
import { email, instant, language, password, text, token } from './schemas.ts';

export interface AccountServices {
  readonly registration: Registration;
  readonly accounts: AccountUseCases;
  readonly accountOf: AccountOf<Stored<Account>>;
  readonly cursors: Cursors;
  /** Sets a queued mail on its way without waiting for it. */
  readonly nudge: (accountId: string, notificationId: string) => void;
}

const profile = z.strictObject({
  email,
  givenName: text(100),
  familyName: text(100),
  company: text(200),
  jobTitle: z.optional(text(200)),
  phone: z.optional(text(40)),
  language,
});

const passwordFaults: Record<PasswordFault, { fr: string; en: string }> = {
  'too-short': { fr: 'au moins 12 caractères', en: 'at least 12 characters' },
  'too-long': { fr: 'au plus 128 caractères', en: 'at most 128 characters' },
  'holds-personal-data': {
    fr: 'ne doit contenir ni votre adresse, ni votre nom, ni votre société',
    en: 'must not hold your e-mail, name or company',
  },
  'too-easy-to-guess': { fr: 'trop facile à deviner', en: 'too easy to guess' },
};

/** The problem of a password that the policy refuses. */
export function passwordProblem(fault: PasswordFault, field: string, reader: 'fr' | 'en'): Problem {
  return new Problem('unprocessable', { errors: [{ path: field, message: passwordFaults[fault][reader] }] });
}

export function accountRoutes({
  registration,
  accounts,
  accountOf,
  cursors,
  nudge,
}: AccountServices): readonly Route[] {
  const me = ({ profile: given, createdAt, verifiedAt, accountId }: Account) => ({
    id: accountId,
    ...given,
    createdAt,
    ...(verifiedAt ? { verifiedAt } : {}),
  });
  const meSchema = z.extend(profile, { id: z.string(), createdAt: instant, verifiedAt: z.optional(instant) });
  const kind = z.strictObject({ kind: z.enum(acceptedKinds) });
  const acceptanceSchema = z.strictObject({
    kind: z.enum(acceptedKinds),
    version: z.string(),
    acceptedAt: instant,
    act: z.enum(['registration', 'acceptance']),
  });

  return [
    route({
      name: 'accounts-register',
      method: 'POST',
      path: '/api/v1/accounts',
      topic: 'accounts',
      summary: 'Registers; a mail asks to confirm the e-mail. The answer is the same for an e-mail that is known.',
      caller: anyone,
      idempotent: true,
      body: z.strictObject({
        ...profile.shape,
        language: z.optional(language),
        password,
        acceptedTerms: text(40),
        acceptedCharter: text(40),
      }),
      answers: {
        202: {
          description: 'A mail is on its way',
          schema: z.strictObject({ status: z.literal('verification-sent') }),
        },
      },
      problems: ['unprocessable'],
      async handle({ body, language: reader, now }) {
        const result = await registration.register(
          { ...body, language: body.language ?? reader } as Profile & typeof body,
          now,
        );
        if (result.outcome === 'password-refused') throw passwordProblem(result.fault, 'password', reader);
        if (result.outcome === 'not-the-version-in-force') {
          const message = reader === 'fr' ? 'ce n’est pas la version en vigueur' : 'not the version in force';
          throw new Problem('unprocessable', { errors: [{ path: result.field, message }] });
        }
        nudge(result.accountId, result.notification.id);
        return { status: 202, body: { status: 'verification-sent' } };
      },
    }),
    route({
      name: 'accounts-verify',
      method: 'POST',
      path: '/api/v1/accounts/verify',
      topic: 'accounts',
      summary: 'Confirms the e-mail by the mailed token; the account becomes active.',
      caller: anyone,
      body: z.strictObject({ token }),
      answers: { 204: { description: 'The account is active' } },
      problems: ['unprocessable', 'gone'],
      async handle({ body, now }) {
        const outcome = await registration.verify(body.token, now);
        if (outcome === 'unknown-token') throw new Problem('unprocessable');
        if (outcome === 'gone') throw new Problem('gone');
        return { status: 204 };
      },
    }),
    route({
      name: 'me-read',
      method: 'GET',
      path: '/api/v1/me',
      topic: 'accounts',
      summary: 'The signed-in person’s account.',
      caller: user,
      entityTag: 'read',
      answers: { 200: { description: 'The account', schema: meSchema } },
      async handle({ caller }) {
        return { status: 200, body: me(accountOf(caller)) };
      },
    }),
    route({
      name: 'me-change',
      method: 'PATCH',
      path: '/api/v1/me',
      topic: 'accounts',
      summary: 'Changes what the person gave; null removes an optional field.',
      caller: user,
      entityTag: 'write',
      body: z.strictObject({
        givenName: z.optional(text(100)),
        familyName: z.optional(text(100)),
        company: z.optional(text(200)),
        jobTitle: z.optional(z.nullable(text(200))),
        phone: z.optional(z.nullable(text(40))),
        language: z.optional(language),
      }),
      answers: { 200: { description: 'The account as it is now', schema: meSchema } },
      async handle({ caller, body, preconditions }) {
        const account = accountOf(caller);
        preconditions.check(me(account));
        const changed = await accounts.changeProfile(account, body);
        if (changed === 'changed-meanwhile') throw new Problem('precondition-failed');
        return { status: 200, body: me({ ...account, profile: changed }) };
      },
    }),
    route({
      name: 'me-acceptances-list',
      method: 'GET',
      path: '/api/v1/me/acceptances',
      topic: 'legal documents',
      summary: 'Which versions were accepted, when and by what act (A1).',
      caller: userEvenPending,
      query: z.strictObject(pageQuery),
      answers: { 200: { description: 'Newest first', schema: pageOf(acceptanceSchema) } },
      async handle({ caller, query }) {
        const given = (await accounts.acceptances(caller.accountId))
          .map(({ kind, version, acceptedAt, act }) => ({ kind, version, acceptedAt, act }))
          .toSorted((a, b) => b.acceptedAt.localeCompare(a.acceptedAt));
        return { status: 200, body: cursors.pageOf(`acceptances:${caller.accountId}`, given, query) };
      },
    }),
    route({
      name: 'me-acceptances-give',
      method: 'PUT',
      path: '/api/v1/me/acceptances/{kind}',
      topic: 'legal documents',
      summary: 'Accepts the version in force (A1, I1).',
      caller: userEvenPending,
      params: kind,
      body: z.strictObject({ version: text(40) }),
      answers: { 204: { description: 'On record' } },
      problems: ['unprocessable'],
      async handle({ caller, params, body, now }) {
        const outcome = await accounts.accept(caller.accountId, params.kind, body.version, now);
        if (outcome !== 'accepted') throw new Problem('unprocessable');
        return { status: 204 };
      },
    }),
  ];
}
