/**
 * Sessions beside better-auth on SQLite (WAL), in one run and in turns: who a token or cookie is, the own account, a sign-in; at one and at
 * sixteen connections. The product runs as `npm start` runs it: functions, database and blobs each in a process of their own, throttling on.
 * better-auth runs in one process with its database inside, its rate limit off.
 *
 *     node bench/sessions.ts
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { Agent } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startStack } from '../local/stack.ts';
import { type Load, type Measured, measure, send, type Target } from './load.ts';
import { installPeers, startPeer } from './peers.ts';
import { json, PASSWORD, registerPeople } from './people.ts';
import { processorTime } from './processor-time.ts';

const ROUNDS = 3;
const FOR_MS = 2_500;
/** More than there are connections, so that no two sign-ins at once are of one account or from one address. */
const PEOPLE = 32;

/** One of the two backends, reduced to what is measured: each request for the n-th person. */
interface Backend {
  readonly session: (n: number) => Target;
  readonly account: (n: number) => Target;
  readonly signIn: (n: number) => Target;
}

const agent = new Agent({ keepAlive: true });
const addressOf = (n: number) => `127.0.1.${1 + (n % PEOPLE)}`;

async function product(url: string, controlUrl: string): Promise<Backend> {
  const emails = await registerPeople({ agent, url, controlUrl }, PEOPLE);
  const signIn = (n: number): Target => ({
    url: `${url}/api/v1/auth/login`,
    localAddress: addressOf(n),
    ...json({ email: emails[n % PEOPLE], password: PASSWORD }),
  });
  const tokens: string[] = [];
  for (let n = 0; n < PEOPLE; n += 1) tokens.push(JSON.parse((await send(agent, signIn(n))).body).accessToken);
  const bearer = (n: number) => ({ authorization: `Bearer ${tokens[n % PEOPLE]}` });
  return {
    session: (n) => ({ url: `${url}/api/v1/auth/session`, headers: bearer(n) }),
    account: (n) => ({ url: `${url}/api/v1/me`, headers: bearer(n) }),
    signIn,
  };
}

async function betterAuth(url: string): Promise<Backend> {
  const email = (n: number) => `person-${n % PEOPLE}@partner.example`;
  const post = (path: string, body: object): Target => ({ url: `${url}/api/auth${path}`, ...json(body) });
  const signIn = (n: number) => post('/sign-in/email', { email: email(n), password: PASSWORD });
  const cookies: string[] = [];
  for (let n = 0; n < PEOPLE; n += 1) {
    await send(agent, post('/sign-up/email', { email: email(n), password: PASSWORD, name: `Person ${n}` }));
    cookies.push((await send(agent, signIn(n))).cookies[0]?.split(';')[0] ?? '');
  }
  // It has one call for both: who the session is, with the account behind it.
  const session = (n: number) => ({
    url: `${url}/api/auth/get-session`,
    headers: { cookie: cookies[n % PEOPLE] ?? '' },
  });
  return { session, account: session, signIn };
}

/** What a round measured, with the processor time of one request in milliseconds. */
interface Round extends Measured {
  readonly processorMs: number;
}

async function round(pid: number | undefined, target: (n: number) => Target, load: Load): Promise<Round> {
  const before = processorTime(pid);
  const measured = await measure(target, load, 200);
  return { ...measured, processorMs: (processorTime(pid) - before) / measured.count };
}

/** The middle of some rounds, by requests a second. */
function middle(rounds: readonly Round[]): Round {
  const sorted = rounds.toSorted((a, b) => a.perSecond - b.perSecond);
  return sorted[Math.floor(sorted.length / 2)] as Round;
}

installPeers();
const folder = mkdtempSync(join(tmpdir(), 'extranet-sessions-'));
const stack = await startStack({ dataDir: join(folder, 'product'), quiet: true, timers: false });
const peer = await startPeer('better-auth', folder);
try {
  const [ours, theirs] = [await product(stack.url, stack.controlUrl), await betterAuth(peer.url)];
  console.log(`median of ${ROUNDS} rounds of ${FOR_MS / 1000} s, in turns`);
  console.log('(processor: ms a request of the functions process, or of better-auth with its database)');
  console.log(
    '                connections  product/s  p99 ms  processor  better-auth/s  p99 ms  processor   ratio  goal',
  );
  for (const [kind, title, goal] of [
    ['session', 'who is this', '3×'],
    ['account', 'the own account', 'ahead'],
    ['signIn', 'sign-in', 'ahead'],
  ] as const) {
    for (const connections of [1, 16]) {
      const load: Load = { connections, forMs: FOR_MS };
      const rounds: { own: Round; other: Round }[] = [];
      for (let n = 0; n < ROUNDS; n += 1) {
        rounds.push({
          own: await round(stack.functionsPid(), ours[kind], load),
          other: await round(peer.pid, theirs[kind], load),
        });
      }
      const [own, other] = [middle(rounds.map((each) => each.own)), middle(rounds.map((each) => each.other))];
      const cells = [
        title.padEnd(16),
        String(connections).padStart(10),
        own.perSecond.toFixed(0).padStart(10),
        own.p99.toFixed(1).padStart(7),
        own.processorMs.toFixed(2).padStart(10),
        other.perSecond.toFixed(0).padStart(14),
        other.p99.toFixed(1).padStart(7),
        other.processorMs.toFixed(2).padStart(10),
        `${(own.perSecond / other.perSecond).toFixed(2)}×`.padStart(7),
        goal.padStart(5),
      ];
      console.log(cells.join(' '));
    }
  }
} finally {
  agent.destroy();
  await peer.stop();
  await stack.stop();
  rmSync(folder, { recursive: true, force: true });
}
