/** @c15t/backend on sqlite, with consents of a cookie banner and nothing else: `node c15t.mjs DATA_FOLDER`. */
import { createServer } from 'node:http';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { c15tInstance } from '@c15t/backend';
import { kyselyAdapter } from '@c15t/backend/db/adapters/kysely';
import { migrator } from '@c15t/backend/db/migrator';
import { DB } from '@c15t/backend/db/schema';
import { Kysely, SqliteDialect } from 'kysely';

const sqlite = new DatabaseSync(join(process.argv[2] ?? '.', 'c15t.sqlite'));
sqlite.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL;');
const statements = new Map();

/** `node:sqlite` in the shape that Kysely expects; statements are prepared once. */
const database = {
  prepare(sql) {
    const statement = statements.get(sql) ?? sqlite.prepare(sql);
    statements.set(sql, statement);
    return {
      reader: /^\s*(?:select|with|pragma)|\breturning\b/i.test(sql),
      all: (parameters) => statement.all(...parameters),
      run: (parameters) => statement.run(...parameters),
      iterate: (parameters) => statement.iterate(...parameters),
    };
  },
  close: () => sqlite.close(),
};

const adapter = kyselyAdapter({ db: new Kysely({ dialect: new SqliteDialect({ database }) }), provider: 'sqlite' });
await (await migrator({ db: DB.client(adapter), schema: 'latest' })).execute?.();

const { handler } = c15tInstance({
  appName: 'bench',
  adapter,
  trustedOrigins: ['*'],
  ipAddress: { tracking: false },
  openapi: { enabled: false },
  logger: { level: 'error' },
});

const server = createServer(async (incoming, outgoing) => {
  const chunks = [];
  for await (const chunk of incoming) chunks.push(chunk);
  const request = new Request(`http://127.0.0.1${incoming.url}`, {
    method: incoming.method,
    headers: incoming.headers,
    ...(chunks.length > 0 ? { body: Buffer.concat(chunks) } : {}),
  });
  const response = await handler(request);
  outgoing.writeHead(response.status, Object.fromEntries(response.headers));
  outgoing.end(Buffer.from(await response.arrayBuffer()));
});
server.keepAliveTimeout = 60_000;
server.listen(0, '127.0.0.1', () => console.log(JSON.stringify({ ready: true, port: server.address().port })));
