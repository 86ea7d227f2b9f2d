import type { FeedOptions, PluginConfig } from '@azure/cosmos';

interface SdkRequest {
  readonly headers?: Readonly<Record<string, unknown>>;
  readonly options?: Pick<FeedOptions, 'partitionKey'>;
}

const IS_PLAN_REQUEST = 'x-ms-cosmos-is-query-plan-request';

/**
 * Keeps the SDK from asking for query plans that it never uses: with every `items.query` it sends a request for a plan beside the query
 * itself (4.10.1), although a query of one partition is answered as it stands. What it gets instead is an error that it stores and
 * would raise only if it did need the plan. Queries over all partitions keep theirs.
 */
export const withoutPlans: PluginConfig = {
  on: 'request',
  plugin: (request, _diagnostics, next) => {
    const { headers, options } = request as SdkRequest;
    return headers?.[IS_PLAN_REQUEST] !== undefined && options?.partitionKey !== undefined
      ? Promise.reject(new Error('A query of one partition is sent without a plan.'))
      : next(request);
  },
};
