import { mkdtempSync, rmSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Stack, startStack } from '../../local/stack.ts';
import { buildPackage, type Package } from '../../scripts/package.ts';
import { consentClientScript } from '../../shared/consents/clients/index.ts';
import { PASSWORD } from '../support/product.ts';

const folder = mkdtempSync(join(tmpdir(), 'extranet-package-'));
let built: Package;

beforeAll(async () => {
  built = await buildPackage(join(folder, 'app'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('the package for Azure', () => {
  it('holds the product, and nothing of the local stack, the tests or the benchmarks', () => {
    const inputs = Object.keys(built.metafile.inputs);
    expect(inputs).toContain('functions/index.ts');
    expect(inputs.filter((input) => /^(local|test|bench)\//.test(input))).toEqual([]);
  });

  it('holds no library that only development needs', async () => {
    const { devDependencies } = JSON.parse(await readFile('package.json', 'utf8'));
    const bundled = Object.keys(built.metafile.inputs).flatMap(
      (input) => /.*node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(input)?.[1] ?? [],
    );
    expect(bundled).toContain('@azure/functions');
    expect(bundled.filter((name) => name in devDependencies)).toEqual([]);
  });

  it('holds no source map, no settings and no keys', async () => {
    const files = await readdir(join(folder, 'app'), { recursive: true });
    expect(files.filter((file) => /\.map$|\.ts$|settings|keys\.json|\.env/.test(file))).toEqual([]);
    for (const file of files.filter((name) => name.endsWith('.js')))
      expect(await readFile(join(folder, 'app', file), 'utf8')).not.toMatch(/^\/\/# sourceMappingURL/m);
  });

  it('is below 3 MB, the native library left aside', () => {
    expect(built.bytesWithoutNative).toBeLessThan(3 * 1024 * 1024);
  });

  it("asks for Node's own modules when they are used: importing them would load all that they export", async () => {
    const files = (await readdir(join(folder, 'app'))).filter((file) => file.endsWith('.js'));
    for (const file of files) {
      const text = await readFile(join(folder, 'app', file), 'utf8');
      const imported = [...text.matchAll(/\bfrom ?["'](?:node:)?([\w/]+)["']/g)].map((match) => match[1]);
      expect({ file, imported: imported.filter((name) => name !== 'module') }).toEqual({ file, imported: [] });
    }
  });

  it('loads part by part, those too that only Azure needs', async () => {
    const app = join(folder, 'app');
    const parts = (await readdir(app)).filter((file) => file.endsWith('.js') && file !== 'index.js');
    expect(parts.length).toBeGreaterThan(5);
    const identity = await Promise.all(
      parts.map(
        (part) => import(/* @vite-ignore */ pathToFileURL(join(app, part)).href) as Promise<Record<string, unknown>>,
      ),
    ).then((modules) => modules.find((module) => 'ManagedIdentityCredential' in module));
    const { ManagedIdentityCredential } = identity as unknown as typeof import('@azure/identity');
    expect(new ManagedIdentityCredential({ clientId: 'x' })).toHaveProperty('getToken');
  });

  it('is the same to the byte when built again, elsewhere', async () => {
    const again = await buildPackage(join(folder, 'elsewhere', 'app'));
    expect(again.zip.equals(built.zip)).toBe(true);
  });
});

describe('the packaged product', () => {
  let stack: Stack;

  beforeAll(async () => {
    const dataDir = join(folder, 'data');
    const free = { port: 0, controlPort: 0 };
    stack = await startStack({ ...free, dataDir, quiet: true, timers: false, entry: built.entry });
  });
  afterAll(() => stack?.stop());

  it('loads and is healthy', async () => {
    expect((await fetch(`${stack.url}/api/health`)).status).toBe(200);
  });

  it('serves the scripts for consent modules', async () => {
    for (const client of ['tarteaucitron', 'cookieconsent'] as const) {
      const answer = await fetch(`${stack.url}/api/v1/consent-clients/${client}.js`);
      expect(await answer.text()).toBe(consentClientScript(client).source);
    }
  });

  it('registers a person, hashes the password natively, and sends the mail', async () => {
    const email = 'packaged@partner.example';
    const answer = await fetch(`${stack.url}/api/v1/accounts`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({
        email,
        password: PASSWORD,
        givenName: 'Élodie',
        familyName: 'Nguyễn',
        company: 'Garage du Lac',
        acceptedTerms: '1.0',
        acceptedCharter: '1.0',
      }),
    });
    expect(answer.status).toBe(202);
    const mails = () => fetch(`${stack.controlUrl}/mail?to=${email}`).then((response) => response.json());
    await expect.poll(mails, { timeout: 5_000 }).toMatchObject({ messages: [{ to: email }] });
  });
});
