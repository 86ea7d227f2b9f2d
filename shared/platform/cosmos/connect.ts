import type { CosmosClient, CosmosClientOptions, PluginConfig } from '@azure/cosmos';
import type { Config } from '../config.ts';
import { lostConnections } from './lost-connections.ts';
import { withoutPlans } from './query-plans.ts';

/** What the SDK takes beside what it documents: functions that its requests pass through. */
type Options = CosmosClientOptions & { readonly plugins: PluginConfig[] };

/** Connects with the account key where one is configured (the local stack), else with the managed identity. */
export async function connectCosmos(config: Config): Promise<CosmosClient> {
  const { CosmosClient } = await import('@azure/cosmos');
  const { endpoint, key } = config.cosmos;
  const connectionPolicy = {
    retryOptions: { maxRetryAttemptCount: 9, fixedRetryIntervalInMilliseconds: 0, maxWaitTimeInSeconds: 15 },
  };
  const plugins = [withoutPlans, lostConnections];
  if (key) {
    const options: Options = {
      endpoint,
      key,
      connectionPolicy: { ...connectionPolicy, enableEndpointDiscovery: false },
      plugins,
    };
    return new CosmosClient(options);
  }
  const { ManagedIdentityCredential } = await import('@azure/identity');
  const aadCredentials = new ManagedIdentityCredential(
    config.identityClientId ? { clientId: config.identityClientId } : {},
  );
  const options: Options = { endpoint, aadCredentials, connectionPolicy, plugins };
  return new CosmosClient(options);
}
