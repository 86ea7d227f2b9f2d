import { execFileSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readConfig } from '../../shared/platform/config.ts';

/** An Azure CLI whose vault is a folder: it knows just what the script asks of it, and keeps every command line. */
const AZ = `#!/bin/sh
echo "$*" >> "$FAKE_AZ/commands"
if [ -f "$FAKE_AZ/refuse" ]; then echo "ERROR: (Forbidden) Client address is not authorized" >&2; exit 1; fi
verb=$3; name=''; file=''
while [ $# -gt 0 ]; do case $1 in --name) name=$2;; --file) file=$2;; esac; shift; done
case $verb in
  show) if [ -f "$FAKE_AZ/$name" ]; then node -p 'JSON.stringify(require("fs").readFileSync(process.argv[1], "utf8"))' "$FAKE_AZ/$name"
        else echo "ERROR: (SecretNotFound) A secret with (name/id) $name was not found" >&2; exit 3; fi;;
  set) cp "$file" "$FAKE_AZ/$name";;
esac
`;

let vault: string;
const secret = (name: string) => readFileSync(join(vault, name), 'utf8');
const signingKeys = () => JSON.parse(secret('signing-keys')) as { kid: string }[];

function script(given: readonly string[] = [], environment: Record<string, string> = {}): string {
  return execFileSync(process.execPath, ['scripts/infra-secrets.ts', 'kv-extranet', ...given], {
    encoding: 'utf8',
    stdio: 'pipe',
    env: { ...process.env, PATH: `${join(vault, 'bin')}:${process.env.PATH}`, FAKE_AZ: vault, ...environment },
  });
}

beforeEach(() => {
  vault = mkdtempSync(join(tmpdir(), 'extranet-vault-'));
  mkdirSync(join(vault, 'bin'));
  writeFileSync(join(vault, 'bin', 'az'), AZ);
  chmodSync(join(vault, 'bin', 'az'), 0o755);
});
afterEach(() => rmSync(vault, { recursive: true, force: true }));

describe.skipIf(process.platform === 'win32')('F1: the secrets of a new deployment', () => {
  it('are such that the product starts with them, and show up neither on the screen nor in a command line', () => {
    const printed = script([], { SMTP_URL: 'smtps://user:hunter2@relay.example' });
    const key = Buffer.from(secret('login-key'), 'base64');
    expect(key).toHaveLength(32);
    const { signingKeys: keys } = readConfig({
      COSMOS_ENDPOINT: 'https://x.example',
      BLOB_ENDPOINT: 'https://x.example',
      MAIL_FROM_ADDRESS: 'nobody@x.example',
      STAFF_OIDC_ISSUER: 'https://x.example',
      STAFF_OIDC_AUDIENCE: 'x',
      PUBLIC_URL: 'https://x.example',
      SITE_URL: 'https://x.example',
      SIGNING_KEYS: secret('signing-keys'),
      LOGIN_KEY: secret('login-key'),
      DATA_KEY: secret('data-key'),
      SMTP_URL: secret('smtp-url'),
    });
    expect(keys).toHaveLength(1);
    const seen = printed + readFileSync(join(vault, 'commands'), 'utf8');
    for (const hidden of [secret('login-key'), secret('data-key'), 'hunter2', keys[0]?.d ?? ''])
      expect(seen).not.toContain(hidden);
  });

  it('are never made a second time', () => {
    script();
    const before = secret('login-key');
    expect(script()).toContain('login-key: there already');
    expect(secret('login-key')).toBe(before);
    expect(existsSync(join(vault, 'smtp-url'))).toBe(false);
  });

  it('are not taken for missing because the vault refuses', () => {
    writeFileSync(join(vault, 'refuse'), '');
    expect(() => script()).toThrow(/Client address is not authorized/);
    expect(existsSync(join(vault, 'login-key'))).toBe(false);
  });

  it('sign with a new key after a rotation while the one before still verifies', () => {
    script();
    const [old] = signingKeys();
    script(['--rotate-signing-key']);
    expect(signingKeys()).toHaveLength(2);
    expect(signingKeys()[0]?.kid).not.toBe(old?.kid);
    expect(signingKeys()[1]?.kid).toBe(old?.kid);
    script(['--rotate-signing-key']);
    expect(signingKeys().map(({ kid }) => kid)).not.toContain(old?.kid);
  });
});
