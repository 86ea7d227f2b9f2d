import type { BlobServiceClient } from '@azure/storage-blob';
import type { Config } from '../config.ts';

/** Connects with the account key where one is configured (the local stack), else with the managed identity. */
export async function connectBlobs(config: Config): Promise<BlobServiceClient> {
  const { BlobServiceClient, StorageSharedKeyCredential } = await import('@azure/storage-blob');
  const { endpoint, account } = config.blobs;
  const retryOptions = { maxTries: 3, retryDelayInMs: 100, tryTimeoutInMs: 10_000 };
  if (account) {
    return new BlobServiceClient(endpoint, new StorageSharedKeyCredential(account.name, account.key), { retryOptions });
  }
  const { ManagedIdentityCredential } = await import('@azure/identity');
  const credential = new ManagedIdentityCredential(
    config.identityClientId ? { clientId: config.identityClientId } : {},
  );
  return new BlobServiceClient(endpoint, credential, { retryOptions });
}
