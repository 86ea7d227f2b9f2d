import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { importJWK, SignJWT } from 'jose';
import { describe, expect, it } from 'vitest';
import { readOrCreateKeys } from '../../../local/keys.ts';
import { temporaryFolder } from './temporary-folder.ts';

describe('the keys of a data folder', () => {
  it('are made once and read ever after', () => {
    const file = join(temporaryFolder(), 'keys.json');
    const made = readOrCreateKeys(file);
    expect(readOrCreateKeys(file)).toEqual(made);
  });

  it('are readable by their owner alone', () => {
    const file = join(temporaryFolder(), 'keys.json');
    readOrCreateKeys(file);
    expect(statSync(file).mode & 0o777).toBe(0o600);
  });

  it('have the sizes and kinds that the product wants', async () => {
    const keys = readOrCreateKeys(join(temporaryFolder(), 'keys.json'));
    const bytes = (text: string) => Buffer.from(text, 'base64').length;
    expect([keys.loginKey, keys.dataKey, keys.cosmosKey, keys.blobKey].map(bytes)).toEqual([32, 32, 64, 64]);
    const [signingKey] = keys.signingKeys;
    const token = new SignJWT({}).setProtectedHeader({ alg: 'ES256' }).sign(await importJWK(signingKey ?? {}, 'ES256'));
    await expect(token).resolves.toMatch(/^ey/);
  });

  it.each([
    ['no JSON', (text: string) => text.slice(0, -20)],
    ['a missing key', (text: string) => text.replace('"loginKey"', '"lostKey"')],
    ['a short key', (text: string) => text.replace(/"dataKey": "[^"]{8}/, '"dataKey": "')],
  ])('are refused, not replaced, when the file holds %s', (_case, damage) => {
    const file = join(temporaryFolder(), 'keys.json');
    const { signingKeys } = readOrCreateKeys(file);
    const damaged = damage(readFileSync(file, 'utf8'));
    writeFileSync(file, damaged);
    expect(() => readOrCreateKeys(file)).toThrow(/remove the data folder to start afresh/);
    expect(() => readOrCreateKeys(file)).not.toThrow(signingKeys[0]?.d ?? '');
    expect(readFileSync(file, 'utf8')).toBe(damaged);
  });
});
