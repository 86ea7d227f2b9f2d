import { CosmosClient, type CosmosClientOptions } from '@azure/cosmos';

interface Answer {
  readonly headers: Readonly<Record<string, string | undefined>>;
}

/** What the client library calls around each request; it leaves it out of its published types. */
type RequestPlugin = (
  context: unknown,
  diagnostics: unknown,
  next: (context: unknown, diagnostics: unknown) => Promise<Answer>,
) => Promise<Answer>;

/** A client that tells the request units that each answer says it was charged. */
export function chargedClient(endpoint: string, key: string, onCharge: (units: number) => void): CosmosClient {
  const plugin: RequestPlugin = async (context, diagnostics, next) => {
    const answer = await next(context, diagnostics);
    onCharge(Number(answer.headers['x-ms-request-charge'] ?? 0));
    return answer;
  };
  const options: CosmosClientOptions & { readonly plugins: unknown } = {
    endpoint,
    key,
    connectionPolicy: { enableEndpointDiscovery: false },
    plugins: [{ on: 'request', plugin }],
  };
  return new CosmosClient(options);
}
