import * as z from 'zod/mini';
import { Problem } from '../../shared/platform/http/problem.ts';
import { type Route, recentUser, route } from '../../shared/platform/http/route.ts';
import type { SecondFactorUseCases } from '../../shared/sessions/index.ts';

interface SecondFactorServices {
  readonly secondFactors: SecondFactorUseCases;
  readonly nudge: (accountId: string, notificationId: string) => void;
}

/** The second factor of a user who wants one: TOTP with recovery codes (clause F2; RFC 6238). */
export function secondFactorRoutes({ secondFactors, nudge }: SecondFactorServices): readonly Route[] {
  return [
    route({
      name: 'me-totp-begin',
      method: 'POST',
      path: '/api/v1/me/mfa/totp',
      topic: 'sessions',
      summary: 'Begins to add a second factor; a first code must confirm it.',
      caller: recentUser,
      answers: {
        201: {
          description: 'For the authenticator',
          schema: z.strictObject({ secret: z.string(), otpauthUrl: z.string() }),
        },
      },
      problems: ['conflict'],
      async handle({ caller }) {
        const result = await secondFactors.begin(caller.accountId);
        if (result.outcome === 'active') throw new Problem('conflict');
        return { status: 201, body: { secret: result.secret, otpauthUrl: result.otpauthUrl } };
      },
    }),
    route({
      name: 'me-totp-confirm',
      method: 'POST',
      path: '/api/v1/me/mfa/totp/confirm',
      topic: 'sessions',
      summary: 'Enables the second factor; answers the recovery codes, which are shown this once.',
      caller: recentUser,
      body: z.strictObject({ code: z.string().check(z.regex(/^\d{6}$/)) }),
      answers: { 200: { description: 'Enabled', schema: z.strictObject({ recoveryCodes: z.array(z.string()) }) } },
      problems: ['conflict', 'unprocessable'],
      async handle({ caller, body, now }) {
        const result = await secondFactors.confirm(caller.accountId, body.code, now);
        if (result.outcome !== 'enabled')
          throw new Problem(result.outcome === 'not-begun' ? 'conflict' : 'unprocessable');
        nudge(caller.accountId, result.notification.id);
        return { status: 200, body: { recoveryCodes: [...result.recoveryCodes] } };
      },
    }),
    route({
      name: 'me-totp-remove',
      method: 'DELETE',
      path: '/api/v1/me/mfa/totp',
      topic: 'sessions',
      summary: 'Removes the second factor.',
      caller: recentUser,
      answers: { 204: { description: 'Removed' } },
      problems: ['not-found'],
      async handle({ caller, now }) {
        const result = await secondFactors.remove(caller.accountId, now);
        if (result.outcome === 'none') throw new Problem('not-found');
        if (result.notification) nudge(caller.accountId, result.notification.id);
        return { status: 204 };
      },
    }),
  ];
}
