import * as z from 'zod/mini';
import type { AuditLog } from '../../shared/audit/index.ts';
import { Problem } from '../../shared/platform/http/problem.ts';
import { type Route, route, staff } from '../../shared/platform/http/route.ts';
import type { JobWatch } from '../../shared/platform/job-watch.ts';
import type { PendingWorkRunner } from '../../shared/platform/pending-work.ts';
import { instant, text } from './schemas.ts';

const count = z.number().check(z.int(), z.minimum(0));
const runSchema = z.strictObject({
  job: z.string(),
  startedAt: instant,
  finishedAt: instant,
  examined: count,
  changed: count,
  failed: count,
  continuation: z.optional(z.string()),
});
const jobSchema = z.strictObject({
  job: z.string(),
  summary: z.string(),
  schedule: z.string(),
  lastRun: z.optional(runSchema),
  nextRunBy: instant,
  failedRuns: count,
  late: z.boolean(),
});
const backlogSchema = z.strictObject({
  type: z.string(),
  due: count,
  dueSince: z.optional(instant),
  stalled: z.array(z.strictObject({ id: z.string(), partition: z.string(), attempts: count, stalledAt: instant })),
});

interface JobServices {
  readonly watch: JobWatch;
  readonly work: Pick<PendingWorkRunner, 'backlog' | 'retry'>;
  readonly audit: AuditLog;
}

/** What the timers do, for operators: last and next run, failures, what waits and what has been given up. */
export function jobRoutes({ watch, work, audit }: JobServices): readonly Route[] {
  return [
    route({
      name: 'desk-jobs',
      method: 'GET',
      path: '/api/v1/desk/jobs',
      topic: 'jobs',
      summary:
        'Every timer with its last run and when the next is due; the work that waits and the work that was given up.',
      caller: staff('operator', 'auditor'),
      answers: {
        200: {
          description: 'Timers, and work by type',
          schema: z.strictObject({ items: z.array(jobSchema), backlog: z.array(backlogSchema) }),
        },
      },
      async handle() {
        const [items, backlog] = await Promise.all([watch.states(), work.backlog()]);
        return { status: 200, body: { items, backlog } };
      },
    }),
    route({
      name: 'desk-jobs-retry',
      method: 'POST',
      path: '/api/v1/desk/jobs/retry',
      topic: 'jobs',
      summary: 'Gives a piece of work that was given up another chance.',
      caller: staff('operator'),
      body: z.strictObject({ partition: text(200), id: text(200) }),
      answers: { 202: { description: 'It is due again' } },
      problems: ['not-found'],
      async handle({ body: { partition, id }, caller, now }) {
        const actor = { kind: 'staff', id: caller.staffId, roles: caller.roles } as const;
        await audit.record({ actor, action: 'work-retried', resource: id, outcome: 'allowed' }, now);
        if (!(await work.retry(partition, id))) throw new Problem('not-found');
        return { status: 202 };
      },
    }),
  ];
}
