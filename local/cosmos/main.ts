import { parseArgs } from 'node:util';
import { createLocalClock } from '../clock.ts';
import { startCosmosServer } from './server.ts';

/** The process: `node local/cosmos/main.ts --port 0 --data DIR`, the account key in `COSMOS_KEY`. */
const { values } = parseArgs({ options: { port: { type: 'string', default: '0' }, data: { type: 'string' } } });

try {
  const key = process.env.COSMOS_KEY;
  if (!values.data || !key) throw new Error('--data and COSMOS_KEY are needed');
  const server = await startCosmosServer({
    port: Number(values.port),
    dataDir: values.data,
    key,
    clock: createLocalClock(),
  });
  const stop = () => {
    server.close().then(() => process.exit(0));
  };
  process.once('SIGTERM', stop).once('SIGINT', stop).once('disconnect', stop);
  console.log(JSON.stringify({ ready: true, port: server.port }));
} catch (error) {
  console.error(`The Cosmos DB stand-in cannot start: ${error instanceof Error ? error.message : String(error)}`);
  process.exit(1);
}
