import * as z from 'zod/mini';
import { Problem } from '../../shared/platform/http/problem.ts';
import { type Route, route, staff } from '../../shared/platform/http/route.ts';
import {
  metrics,
  monthAfter,
  monthOf,
  monthsBetween,
  type PublishedCell,
  type PublishedStatistics,
} from '../../shared/statistics/index.ts';

const SHOWN_MONTHS = 12;
const MAX_MONTHS = 120;
/** A month, or a day or instant of it. */
const month = z.string().check(z.regex(/^\d{4}-(?:0[1-9]|1[0-2])(?:-\d{2}(?:T[\d:.]+Z)?)?$/));
const cellSchema = z.strictObject({
  period: z.string(),
  metric: z.enum(metrics),
  dimension: z.optional(z.string()),
  value: z.nullable(z.number()),
  suppressed: z.boolean(),
});

/** The anonymous statistics (clause C5). */
export function statisticsRoutes({ statistics }: { readonly statistics: PublishedStatistics }): readonly Route[] {
  return [
    route({
      name: 'desk-statistics',
      method: 'GET',
      path: '/api/v1/desk/statistics',
      topic: 'statistics',
      summary:
        'Monthly counts by company and section, rounded to ten, with ten people at least behind each; by default of a year.',
      caller: staff('statistician'),
      query: z.strictObject({ from: z.optional(month), to: z.optional(month) }),
      answers: {
        200: {
          description:
            'Published months only. `dimension` is `company=…`, `section=…` or both, joined by `; `; `(other)` is all that is told together.',
          schema: z.strictObject({ cells: z.array(cellSchema) }),
        },
      },
      async handle({ query, now }) {
        const to = query.to?.slice(0, 7) ?? monthOf(now);
        const from = query.from?.slice(0, 7) ?? monthAfter(to, 1 - SHOWN_MONTHS);
        const months = from < monthAfter(to, 1 - MAX_MONTHS) ? undefined : monthsBetween(from, to);
        if (!months) throw new Problem('invalid-request', { errors: [{ path: 'from', message: '120 months' }] });
        const cells = await Promise.all(months.map(async (period) => shown(period, await statistics.cells(period))));
        return { status: 200, body: { cells: cells.flat() } };
      },
    }),
  ];
}

function shown(period: string, cells: readonly PublishedCell[]) {
  return cells.map(({ metric, company, section, value }) => {
    const dimension = [company && `company=${company}`, section && `section=${section}`].filter(Boolean).join('; ');
    return { period, metric, ...(dimension ? { dimension } : {}), value, suppressed: value === null };
  });
}
