import * as z from 'zod/mini';
import { type Cursors, pageOf, pageQuery } from '../../shared/platform/http/paging.ts';
import { Problem } from '../../shared/platform/http/problem.ts';
import { type Route, route, user } from '../../shared/platform/http/route.ts';
import type { Session, SessionUseCases } from '../../shared/sessions/index.ts';
import { instant } from './schemas.ts';

/** The sessions of an account: theft made visible, and ended (clause F2). */
export function sessionRoutes({
  sessions,
  cursors,
}: {
  readonly sessions: SessionUseCases;
  readonly cursors: Cursors;
}): readonly Route[] {
  const shownSession = (session: Session, current: string) => ({
    id: session.id,
    device: session.device,
    createdAt: session.createdAt,
    lastUsedAt: session.lastUsedAt,
    current: session.id === current,
  });

  return [
    route({
      name: 'me-sessions-list',
      method: 'GET',
      path: '/api/v1/me/sessions',
      topic: 'sessions',
      summary: 'The living sessions, with device and last use.',
      caller: user,
      query: z.strictObject(pageQuery),
      answers: {
        200: {
          description: 'Last used first',
          schema: pageOf(
            z.strictObject({
              id: z.string(),
              device: z.string(),
              createdAt: instant,
              lastUsedAt: instant,
              current: z.boolean(),
            }),
          ),
        },
      },
      async handle({ caller, query, now }) {
        const living = (await sessions.list(caller.accountId, now)).map((session) =>
          shownSession(session, caller.sessionId),
        );
        return { status: 200, body: cursors.pageOf(`sessions:${caller.accountId}`, living, query) };
      },
    }),
    route({
      name: 'me-sessions-end',
      method: 'DELETE',
      path: '/api/v1/me/sessions/{id}',
      topic: 'sessions',
      summary: 'Ends one session.',
      caller: user,
      params: z.strictObject({ id: z.string().check(z.regex(/^ses_[\w-]{22}$/)) }),
      answers: { 204: { description: 'Ended' } },
      problems: ['not-found'],
      async handle({ caller, params, now }) {
        if (!(await sessions.end(caller.accountId, params.id as Session['id'], now))) throw new Problem('not-found');
        return { status: 204 };
      },
    }),
    route({
      name: 'me-sessions-end-all',
      method: 'DELETE',
      path: '/api/v1/me/sessions',
      topic: 'sessions',
      summary: 'Ends every session, this one too.',
      caller: user,
      answers: { 204: { description: 'Signed out everywhere' } },
      async handle({ caller, now }) {
        await sessions.endAll(caller.accountId, now);
        return { status: 204 };
      },
    }),
  ];
}
