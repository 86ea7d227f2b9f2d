/**
 * Whether time tells that an e-mail has an account: registration, sign-in and reset, for e-mails that have one and for e-mails that
 * have none, in turns. Beside the two distributions stands how often the answer for a known e-mail took longer than the one for an unknown
 * e-mail: a half of the pairs is what a coin would say.
 *
 *     node bench/timing.ts
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { Agent } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { startStack } from '../local/stack.ts';
import { percentile, send, type Target } from './load.ts';
import { installPeers, startPeer } from './peers.ts';
import { json, PASSWORD, registerPeople, registrationOf } from './people.ts';

const SAMPLES = 120;
/** Wrong passwords of one account, and from one address, before either has to wait. */
const UNTHROTTLED = 4;
/** What an answer sets going (a mail, where there is somebody to write to) does not fall on the next. */
const PAUSE_MS = 60;
const WRONG = `${PASSWORD}-wrong`;

type Case = (isKnown: boolean, n: number) => Target;

const agent = new Agent({ keepAlive: true });
const unknown = (n: number) => `nobody-${n}@partner.example`;
const addressOf = (n: number) => `127.0.2.${1 + Math.floor(n / UNTHROTTLED)}`;

async function measure(title: string, of: Case, expected: readonly number[]): Promise<void> {
  const taken = { known: [] as number[], unknown: [] as number[] };
  for (let n = 0; n < 2 * SAMPLES; n += 1) {
    const isKnown = n % 2 === 0;
    const { status, ms } = await send(agent, of(isKnown, Math.floor(n / 2)));
    if (!expected.includes(status)) throw new Error(`${title} was answered ${status}`);
    taken[isKnown ? 'known' : 'unknown'].push(ms);
    await setTimeout(PAUSE_MS);
  }
  const told = (values: readonly number[]) =>
    [0.05, 0.5, 0.95].map((share) => percentile(values, share).toFixed(1).padStart(7)).join('');
  console.log(
    `${title.padEnd(26)}${told(taken.known)}   ${told(taken.unknown)}   ${longer(taken).toFixed(2).padStart(8)}`,
  );
}

/** The share of pairs in which the known one took longer. */
function longer({ known, unknown: others }: { known: readonly number[]; unknown: readonly number[] }): number {
  const wins = known.reduce((sum, ms) => sum + others.filter((other) => ms > other).length, 0);
  return wins / (known.length * others.length);
}

installPeers();
const folder = mkdtempSync(join(tmpdir(), 'extranet-timing-'));
const stack = await startStack({ dataDir: join(folder, 'product'), quiet: true, timers: false });
const peer = await startPeer('better-auth', folder);
try {
  const { url, controlUrl } = stack;
  const people = await registerPeople({ agent, url, controlUrl }, Math.ceil(SAMPLES / UNTHROTTLED));
  const known = (n: number) => people[Math.floor(n / UNTHROTTLED)] ?? '';
  const whose = (isKnown: boolean, n: number) => (isKnown ? known(n) : unknown(Math.floor(n / UNTHROTTLED)));
  console.log(`${SAMPLES} of each, ms                  known e-mail            unknown e-mail      known took`);
  console.log('                              5 %    50 %   95 %      5 %    50 %   95 %     longer');
  await measure(
    'registration',
    (isKnown, n) => ({
      url: `${url}/api/v1/accounts`,
      ...json(registrationOf(isKnown ? known(n) : `new-${n}@partner.example`)),
    }),
    [202],
  );
  await measure(
    'sign-in, wrong password',
    (isKnown, n) => ({
      url: `${url}/api/v1/auth/login`,
      localAddress: addressOf(2 * n + (isKnown ? 0 : 1)),
      ...json({ email: whose(isKnown, n), password: WRONG }),
    }),
    [401],
  );
  await measure(
    'password reset',
    (isKnown, n) => ({
      url: `${url}/api/v1/auth/password-reset`,
      ...json({ email: whose(isKnown, n) }),
    }),
    [202],
  );

  const post = (path: string, body: object): Target => ({ url: `${peer.url}/api/auth${path}`, ...json(body) });
  for (const email of people) await send(agent, post('/sign-up/email', { email, password: PASSWORD, name: 'Ana' }));
  await measure(
    'better-auth: sign-in',
    (isKnown, n) => post('/sign-in/email', { email: whose(isKnown, n), password: WRONG }),
    [401],
  );
} finally {
  agent.destroy();
  await peer.stop();
  await stack.stop();
  rmSync(folder, { recursive: true, force: true });
}
