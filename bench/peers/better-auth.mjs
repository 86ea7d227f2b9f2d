/** better-auth on sqlite, with a password and nothing else: `node better-auth.mjs DATA_FOLDER`. */
import { createServer } from 'node:http';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { betterAuth } from 'better-auth';
import { getMigrations } from 'better-auth/db/migration';
import { toNodeHandler } from 'better-auth/node';

const database = new DatabaseSync(join(process.argv[2] ?? '.', 'better-auth.sqlite'));
database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL;');

const options = {
  database,
  secret: 'a secret of the benches, of more than 32 signs',
  baseURL: 'http://127.0.0.1',
  trustedOrigins: ['*'],
  emailAndPassword: { enabled: true, autoSignIn: false },
  rateLimit: { enabled: false },
  telemetry: { enabled: false },
  logger: { disabled: true },
};
const { runMigrations } = await getMigrations(options);
await runMigrations();

const server = createServer(toNodeHandler(betterAuth(options)));
server.keepAliveTimeout = 60_000;
server.listen(0, '127.0.0.1', () => console.log(JSON.stringify({ ready: true, port: server.address().port })));
