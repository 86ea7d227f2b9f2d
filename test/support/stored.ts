import { connectBlobs } from '../../shared/platform/blobs/connect.ts';
import { systemClock } from '../../shared/platform/clock.ts';
import { readConfig } from '../../shared/platform/config.ts';
import { connectCosmos } from '../../shared/platform/cosmos/connect.ts';
import { openDocumentStore } from '../../shared/platform/cosmos/document-store.ts';
import type { useProduct } from './product.ts';

/** What the running product has stored, seen from below: for tests of what no endpoint shows. */
export function storedBy(product: ReturnType<typeof useProduct>) {
  const config = readConfig(product.stack.environment);
  return {
    config,
    database: openDocumentStore(() => connectCosmos(config), config.cosmos.database, systemClock),

    /** Every blob of a container as it lies there. */
    async blobs(container: string): Promise<readonly { readonly name: string; readonly bytes: Buffer }[]> {
      const client = (await connectBlobs(config)).getContainerClient(container);
      const found: { name: string; bytes: Buffer }[] = [];
      for await (const { name } of client.listBlobsFlat())
        found.push({ name, bytes: await client.getBlockBlobClient(name).downloadToBuffer() });
      return found;
    },
  };
}
