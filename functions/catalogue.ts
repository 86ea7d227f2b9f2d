import type { Product } from './product.ts';

/**
 * What the host has to know before anything is called: the endpoints and the timers, by name. `generated/catalogue.json` holds that of the product, so
 * that a fresh instance registers without loading it (`npm run generate`, after any new endpoint or timer).
 */
export interface Catalogue {
  readonly endpoints: readonly {
    /** Name of the function. */
    readonly name: string;
    /** The route group that it is loaded with. */
    readonly group: string;
    readonly method: string;
    readonly path: string;
  }[];
  readonly timers: readonly {
    readonly name: string;
    /** NCRONTAB. */
    readonly schedule: string;
  }[];
}

/** The catalogue of a product; loads all of it. */
export async function catalogueOf({ groups, timers }: Pick<Product, 'groups' | 'timers'>): Promise<Catalogue> {
  const endpoints: Catalogue['endpoints'][number][] = [];
  for (const group of groups)
    for (const { name, method, path } of await group.load()) endpoints.push({ name, group: group.name, method, path });
  return { endpoints, timers: timers.map(({ name, schedule }) => ({ name, schedule })) };
}
