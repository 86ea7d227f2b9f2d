/**
 * After a restore: takes the erasure ledger over from the account that was in use into the restored one, which knows nothing of the
 * erasures after the restore point. Nothing in it is personal data. Safe to run again.
 *
 *     node scripts/copy-erasure-ledger.ts FROM_ENDPOINT TO_ENDPOINT
 *
 * As the identity that the Azure CLI is signed in with, which may read items of the one and write items of the other; with the keys
 * FROM_KEY and TO_KEY where they are set, for emulators.
 */
import { CosmosClient } from '@azure/cosmos';
import { AzureCliCredential } from '@azure/identity';

const LEDGER = 'erasure-ledger';
const DATABASE = 'extranet';

function governance(endpoint: string, key: string | undefined) {
  const client = key
    ? new CosmosClient({ endpoint, key, connectionPolicy: { enableEndpointDiscovery: false } })
    : new CosmosClient({ endpoint, aadCredentials: new AzureCliCredential() });
  return client.database(DATABASE).container('governance');
}

const [from, to] = process.argv.slice(2);
if (from === undefined || to === undefined || from === to) {
  console.error('usage: node scripts/copy-erasure-ledger.ts FROM_ENDPOINT TO_ENDPOINT');
  process.exitCode = 2;
} else {
  const source = governance(from, process.env.FROM_KEY);
  const target = governance(to, process.env.TO_KEY);
  let copied = 0;
  const pages = source.items.query<Record<string, unknown>>('SELECT * FROM c', { partitionKey: LEDGER });
  // An empty page is not the end.
  while (pages.hasMoreResults()) {
    const { resources = [] } = await pages.fetchNext();
    for (const { _rid, _self, _etag, _ts, _attachments, ...entry } of resources) {
      await target.items.upsert(entry);
      copied += 1;
    }
  }
  console.log(`${copied} entries of the erasure ledger copied; now replay them`);
}
