/**
 * Makes the product's own secrets and puts them into a Key Vault, once; or adds a new signing key. No secret is printed, or given
 * to a command line where other processes could read it. Needs the Azure CLI, signed in as a "Key Vault Secrets Officer" of the vault.
 *
 *     node scripts/infra-secrets.ts VAULT                        what is missing of signing-keys, login-key, data-key (and of
 *                                                                smtp-url, when SMTP_URL is set)
 *     node scripts/infra-secrets.ts VAULT --rotate-signing-key   a new key signs, the one before still verifies
 */
import { execFile } from 'node:child_process';
import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** Secrets of the product, by their names in the vault, each with what makes the first value. */
const first: Readonly<Record<string, () => string | undefined>> = {
  'signing-keys': () => JSON.stringify([newSigningKey()]),
  // Losing one of these two is final: no e-mail leads to its account any more, no sealed value opens.
  'login-key': () => randomBytes(32).toString('base64'),
  'data-key': () => randomBytes(32).toString('base64'),
  'smtp-url': () => process.env.SMTP_URL,
};

function newSigningKey(): object {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  return { kid: randomBytes(12).toString('base64url'), ...privateKey.export({ format: 'jwk' }) };
}

async function read(vault: string, name: string): Promise<string | undefined> {
  try {
    const given = ['keyvault', 'secret', 'show', '--vault-name', vault, '--name', name, '--query', 'value'];
    const { stdout } = await run('az', [...given, '--output', 'json']);
    return JSON.parse(stdout);
  } catch (error) {
    const said = String((error as { stderr?: unknown }).stderr ?? error);
    // Only this is "not there": a refusal or a lost network must never lead to a second key.
    if (said.includes('SecretNotFound')) return undefined;
    throw new Error(`${name} cannot be read: ${said.trim().split('\n')[0]}`);
  }
}

async function write(vault: string, name: string, value: string): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'extranet-secret-'));
  try {
    const file = join(folder, 'value');
    await writeFile(file, value, { mode: 0o600 });
    const given = ['keyvault', 'secret', 'set', '--vault-name', vault, '--name', name, '--file', file];
    await run('az', [...given, '--encoding', 'utf-8', '--output', 'none']);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function createMissing(vault: string): Promise<void> {
  for (const [name, make] of Object.entries(first)) {
    if ((await read(vault, name)) !== undefined) {
      console.log(`${name}: there already, left as it is`);
      continue;
    }
    const value = make();
    if (value === undefined) {
      console.log(`${name}: missing; set SMTP_URL and run this again`);
      continue;
    }
    await write(vault, name, value);
    console.log(`${name}: made`);
  }
}

async function rotateSigningKey(vault: string): Promise<void> {
  const current = await read(vault, 'signing-keys');
  if (current === undefined) throw new Error('there is no signing key yet: run this without --rotate-signing-key');
  const [newest] = JSON.parse(current) as readonly object[];
  await write(vault, 'signing-keys', JSON.stringify([newSigningKey(), newest]));
  console.log('signing-keys: a new key signs, the one before verifies, older ones are gone; restart the app');
}

const [vault, option] = process.argv.slice(2);
if (vault === undefined || vault.startsWith('-') || (option !== undefined && option !== '--rotate-signing-key')) {
  console.error('usage: node scripts/infra-secrets.ts VAULT [--rotate-signing-key]');
  process.exitCode = 2;
} else {
  try {
    await (option === undefined ? createMissing(vault) : rotateSigningKey(vault));
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 1;
  }
}
