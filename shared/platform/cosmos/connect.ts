import type { CosmosClient } from '@azure/cosmos';
import type { Config } from '../config.ts';

/** Connects with the account key where one is configured (the local stack), else with the managed identity. */
export async function connectCosmos(config: Config): Promise<CosmosClient> {
  const { CosmosClient } = await import('@azure/cosmos');
  const { endpoint, key } = config.cosmos;
  const connectionPolicy = {
    retryOptions: { maxRetryAttemptCount: 9, fixedRetryIntervalInMilliseconds: 0, maxWaitTimeInSeconds: 15 },
  };
  if (key) {
    return new CosmosClient({
      endpoint,
      key,
      connectionPolicy: { ...connectionPolicy, enableEndpointDiscovery: false },
    });
  }
  const { ManagedIdentityCredential } = await import('@azure/identity');
  const aadCredentials = new ManagedIdentityCredential(
    config.identityClientId ? { clientId: config.identityClientId } : {},
  );
  return new CosmosClient({ endpoint, aadCredentials, connectionPolicy });
}
