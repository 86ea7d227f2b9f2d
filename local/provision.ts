import { isDeepStrictEqual } from 'node:util';
import { blobContainers } from '../shared/platform/blobs/containers.ts';
import { containers, DEFAULT_TTL, indexingPolicy } from '../shared/platform/cosmos/containers.ts';
import { COSMOS_DATABASE } from './environment.ts';

// The client libraries are loaded when they are first needed: meanwhile the child processes can start.
const cosmosLibrary = () => import('@azure/cosmos');
const blobLibrary = () => import('@azure/storage-blob');

export interface CosmosAddress {
  readonly endpoint: string;
  readonly key: string;
}

export interface BlobAddress {
  readonly endpoint: string;
  readonly accountName: string;
  readonly accountKey: string;
}

/** A client for the local stack itself. */
export async function connectCosmos({ endpoint, key }: CosmosAddress) {
  const { CosmosClient } = await cosmosLibrary();
  return new CosmosClient({ endpoint, key, connectionPolicy: { enableEndpointDiscovery: false } });
}

async function connectBlobs({ endpoint, accountName, accountKey }: BlobAddress) {
  const { BlobServiceClient, StorageSharedKeyCredential } = await blobLibrary();
  return new BlobServiceClient(endpoint, new StorageSharedKeyCredential(accountName, accountKey));
}

/** Creates the database and its containers, as the Bicep files do in Azure; items that exist stay, an index policy becomes the present one. */
export async function provisionDatabase(address: CosmosAddress): Promise<void> {
  const client = await connectCosmos(address);
  const { database } = await client.databases.createIfNotExists({ id: COSMOS_DATABASE });
  for (const definition of containers) {
    const wanted = {
      id: definition.id,
      partitionKey: { paths: [definition.partitionKey] },
      indexingPolicy: indexingPolicy(definition),
      defaultTtl: DEFAULT_TTL,
    };
    const { container, resource } = await database.containers.createIfNotExists(wanted);
    if (!isDeepStrictEqual(resource?.indexingPolicy, wanted.indexingPolicy)) await container.replace(wanted);
  }
}

/** Creates the blob containers; what exists stays as it is. */
export async function provisionBlobs(address: BlobAddress): Promise<void> {
  const service = await connectBlobs(address);
  for (const name of blobContainers) await service.getContainerClient(name).createIfNotExists();
}

/** Removes every blob container with all that is in it. */
export async function emptyBlobs(address: BlobAddress): Promise<void> {
  const service = await connectBlobs(address);
  for await (const { name } of service.listContainers()) await service.getContainerClient(name).delete();
}
