import { type Container, CosmosClient } from '@azure/cosmos';
import type { Stack } from '../../local/stack.ts';
import { containers } from '../../shared/platform/cosmos/containers.ts';

/** An item as the store keeps it. */
export interface RawItem {
  readonly id: string;
  readonly type: string;
  readonly expiresAt?: string;
  readonly [name: string]: unknown;
}

/** The store of a running product, looked at from outside it: what is really there, and changes that the product never makes. */
export function rawStore(stack: Pick<Stack, 'cosmos' | 'environment'>) {
  const { endpoint, key } = stack.cosmos;
  const client = new CosmosClient({ endpoint, key, connectionPolicy: { enableEndpointDiscovery: false } });
  const database = client.database(stack.environment.COSMOS_DATABASE ?? 'extranet');
  const container = (id: string): Container => database.container(id);

  return {
    container,

    /** Everything that is stored: the name of its container, and a name of its own. */
    async everything(): Promise<
      readonly { readonly container: string; readonly name: string; readonly item: RawItem }[]
    > {
      const found = await Promise.all(
        containers.map(async ({ id, partitionKey }) => {
          const { resources } = await container(id).items.query<RawItem>('SELECT * FROM c').fetchAll();
          return resources.map((item) => ({
            container: id,
            name: `${id}/${item.type}/${item[partitionKey.slice(1)]}/${item.id}`,
            item,
          }));
        }),
      );
      return found.flat();
    },

    /** Takes from every item the expiry that the service keeps itself: what the product does on its own then shows. */
    async withoutServiceExpiry(): Promise<void> {
      for (const { container: id, item } of await this.everything()) {
        const { ttl: _ttl, ...rest } = item;
        await container(id).items.upsert({ ...rest, ttl: -1 });
      }
    },
  };
}
