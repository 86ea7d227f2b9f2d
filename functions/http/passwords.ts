import * as z from 'zod/mini';
import { loginIdOf } from '../../shared/accounts/index.ts';
import type { Config } from '../../shared/platform/config.ts';
import { Problem } from '../../shared/platform/http/problem.ts';
import { anyone, type Route, route, user } from '../../shared/platform/http/route.ts';
import type { PasswordUseCases } from '../../shared/sessions/index.ts';
import { passwordProblem } from './accounts.ts';
import { denied } from './proof-problem.ts';
import { email, otp, password, token } from './schemas.ts';

export interface PasswordServices {
  readonly config: Pick<Config, 'loginKey'>;
  readonly passwords: PasswordUseCases;
  readonly nudge: (accountId: string, notificationId: string) => void;
  readonly nudgeReset: (intentId: string) => void;
}

/** Changing a password, knowing the old one or by a mailed link (clause F2; CNIL 2022-100). */
export function passwordRoutes({ config, passwords, nudge, nudgeReset }: PasswordServices): readonly Route[] {
  return [
    route({
      name: 'password-reset-request',
      method: 'POST',
      path: '/api/v1/auth/password-reset',
      topic: 'sessions',
      summary: 'Asks for a reset link. The answer is the same for every e-mail.',
      caller: anyone,
      body: z.strictObject({ email }),
      answers: { 202: { description: 'If the e-mail has an account, a mail is on its way' } },
      async handle({ body, now }) {
        const intent = await passwords.requestReset(loginIdOf(config.loginKey, body.email), now);
        nudgeReset(intent.id);
        return { status: 202 };
      },
    }),
    route({
      name: 'password-reset-confirm',
      method: 'POST',
      path: '/api/v1/auth/password-reset/confirm',
      topic: 'sessions',
      summary: 'Sets a new password by the mailed token, once; every session ends.',
      caller: anyone,
      body: z.strictObject({ token, newPassword: password }),
      answers: { 204: { description: 'Changed' } },
      problems: ['unprocessable', 'gone'],
      async handle({ body, language: reader, now }) {
        const result = await passwords.confirmReset(body.token, body.newPassword, now);
        if (result.outcome === 'password-refused') throw passwordProblem(result.fault, 'newPassword', reader);
        if (result.outcome !== 'changed') throw new Problem(result.outcome === 'gone' ? 'gone' : 'unprocessable');
        nudge(result.accountId, result.notification.id);
        return { status: 204 };
      },
    }),
    route({
      name: 'me-password-change',
      method: 'PUT',
      path: '/api/v1/me/password',
      topic: 'sessions',
      summary: 'Changes the password; every other session ends and the person is told by mail.',
      caller: user,
      body: z.strictObject({ currentPassword: password, newPassword: password, otp: z.optional(otp) }),
      answers: { 204: { description: 'Changed' } },
      problems: ['mfa-required', 'unprocessable', 'too-many-requests'],
      async handle({ caller, body, source, language: reader, now }) {
        const { currentPassword, newPassword, otp: code } = body;
        const request = { password: currentPassword, newPassword, otp: code, source };
        const result = await passwords.change(caller.accountId, caller.sessionId, request, now);
        if (result.outcome === 'password-refused') throw passwordProblem(result.fault, 'newPassword', reader);
        if (result.outcome !== 'changed') throw denied(result);
        nudge(caller.accountId, result.notification.id);
        return { status: 204 };
      },
    }),
  ];
}
