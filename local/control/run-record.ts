import { COSMOS_DATABASE } from '../environment.ts';
import { type CosmosAddress, connectCosmos } from '../provision.ts';

/** How often the record is asked for while faults are switched on. */
const TRIES = 10;

/** The latest run record that the product left for a job; undefined when there is none, or the database refuses. */
export async function readRunRecord(address: CosmosAddress, job: string): Promise<unknown> {
  const client = await connectCosmos(address);
  const id = `run:${job}`;
  for (let tries = 0; tries < TRIES; tries += 1) {
    try {
      const { resource } = await client
        .database(COSMOS_DATABASE)
        .container('runtime')
        .item(id, id)
        .read<{ run: unknown }>();
      return resource?.run;
    } catch {
      // An injected fault, most likely: once more.
    }
  }
  return undefined;
}
