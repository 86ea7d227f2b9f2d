import * as z from 'zod/mini';
import type { ErasureLedger, ErasureReplay, ErasureReplays } from '../../shared/personal-data/index.ts';
import { type Cursors, pageQuery } from '../../shared/platform/http/paging.ts';
import { Problem } from '../../shared/platform/http/problem.ts';
import { type Route, route, staff } from '../../shared/platform/http/route.ts';
import { newId } from '../../shared/platform/ids.ts';
import { instant } from './schemas.ts';

interface LedgerServices {
  readonly ledger: ErasureLedger;
  readonly replays: ErasureReplays;
  readonly cursors: Cursors;
  /** Sets a replay on its way without waiting for it. */
  readonly nudge: (id: string) => void;
}

const replaySchema = z.strictObject({
  id: z.string(),
  since: instant,
  startedAt: instant,
  finishedAt: z.optional(instant),
  examined: z.int(),
  found: z.int(),
  stalledAt: z.optional(instant),
});

const shown = ({ id, since, startedAt, finishedAt, examined, found, stalledAt }: ErasureReplay) => ({
  id,
  since,
  startedAt,
  ...(finishedAt ? { finishedAt } : {}),
  examined,
  found,
  ...(stalledAt ? { stalledAt } : {}),
});

const LEDGER = 'erasure-ledger';

/** The erasure ledger, and its replay after a restore (clause G3). Nothing here is personal data: keyed hashes, dates, counts. */
export function erasureLedgerRoutes({ ledger, replays, cursors, nudge }: LedgerServices): readonly Route[] {
  return [
    route({
      name: 'desk-erasure-ledger',
      method: 'GET',
      path: '/api/v1/desk/erasure-ledger',
      topic: 'erasure',
      summary: 'Who was erased, as keyed hashes, and when; oldest first.',
      caller: staff('operator', 'dpo', 'auditor'),
      query: z.strictObject({ ...pageQuery, since: z.optional(instant) }),
      answers: {
        200: {
          description: 'A page of the ledger',
          schema: z.strictObject({
            items: z.array(z.strictObject({ id: z.string(), at: instant, reason: z.string(), keptUntil: instant })),
            nextCursor: z.optional(z.string()),
          }),
        },
      },
      async handle({ query }) {
        const after = cursors.decode<string>(LEDGER, query.cursor);
        const page = await ledger.page(query.since ?? '', query.limit, after);
        const items = page.items.map(({ id, at, reason, expiresAt }) => ({ id, at, reason, keptUntil: expiresAt }));
        const { continuation } = page;
        return {
          status: 200,
          body: { items, ...(continuation ? { nextCursor: cursors.encode(LEDGER, continuation) } : {}) },
        };
      },
    }),
    route({
      name: 'desk-erasure-ledger-replay',
      method: 'POST',
      path: '/api/v1/desk/erasure-ledger/replay',
      topic: 'erasure',
      summary:
        'After a restore: finds whom the backup brought back although the ledger knows them as erased, and erases them again.',
      caller: staff('operator', 'dpo'),
      idempotent: true,
      body: z.strictObject({ since: instant }),
      answers: { 202: { description: 'Begun', schema: replaySchema } },
      async handle({ body, now }) {
        const replay = await replays.begin(newId('rpl'), new Date(body.since), now);
        nudge(replay.id);
        return { status: 202, body: shown(replay) };
      },
    }),
    route({
      name: 'desk-erasure-ledger-replay-read',
      method: 'GET',
      path: '/api/v1/desk/erasure-ledger/replays/{id}',
      topic: 'erasure',
      summary: 'How far a replay has come.',
      caller: staff('operator', 'dpo', 'auditor'),
      params: z.strictObject({ id: z.string().check(z.regex(/^rpl_[\w-]{22}$/)) }),
      entityTag: 'read',
      answers: { 200: { description: 'The replay', schema: replaySchema } },
      problems: ['not-found'],
      async handle({ params }) {
        const replay = await replays.read(params.id);
        if (!replay) throw new Problem('not-found');
        return { status: 200, body: shown(replay) };
      },
    }),
  ];
}
