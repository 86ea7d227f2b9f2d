/**
 * Builds the scripts that record what people choose in tarteaucitron.js and vanilla-cookieconsent: each with the recorder in it, small
 * enough to be served as it is, into a file that the product imports; and writes their addresses and hashes into the guide.
 *
 *     npm run consent-clients
 */
import { createHash } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { scriptVersion } from '../shared/consents/clients/index.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const FOLDER = 'shared/consents/clients';
const GUIDE = 'docs/consent-clients.md';
const names = ['tarteaucitron', 'cookieconsent'] as const;

/** A script as it is served, and the hash that a page may hold it to (W3C Subresource Integrity). */
interface BuiltScript {
  readonly source: string;
  readonly integrity: string;
}

/** The scripts by name, the same bytes for the same sources. */
export async function buildConsentClients(): Promise<Record<(typeof names)[number], BuiltScript>> {
  const [tarteaucitron, cookieconsent] = await Promise.all(names.map(buildScript));
  if (!tarteaucitron || !cookieconsent) throw new Error('not every script was built');
  return { tarteaucitron, cookieconsent };
}

async function buildScript(name: string): Promise<BuiltScript> {
  const { outputFiles } = await build({
    entryPoints: [`${FOLDER}/${name}.client.js`],
    absWorkingDir: root,
    bundle: true,
    minify: true,
    format: 'iife',
    target: 'es2018',
    charset: 'utf8',
    write: false,
    logLevel: 'warning',
  });
  const source = outputFiles[0]?.text ?? '';
  return { source, integrity: `sha384-${createHash('sha384').update(source).digest('base64')}` };
}

/** The guide with the present address and hash in every tag that includes one of the scripts. */
function withPresentTags(guide: string, scripts: Record<string, BuiltScript>): string {
  return Object.entries(scripts).reduce((text, [name, { integrity }]) => {
    const tag = new RegExp(`(/consent-clients/${name}\\.js\\?v=)[^"]*(" integrity=")[^"]*`, 'g');
    return text.replaceAll(tag, `$1${scriptVersion(integrity)}$2${integrity}`);
  }, guide);
}

if (import.meta.main) {
  const scripts = await buildConsentClients();
  await writeFile(`${root}${FOLDER}/built-scripts.json`, `${JSON.stringify(scripts, null, 2)}\n`);
  await writeFile(`${root}${GUIDE}`, withPresentTags(await readFile(`${root}${GUIDE}`, 'utf8'), scripts));
  for (const [name, { source, integrity }] of Object.entries(scripts)) {
    console.log(`${name}.js: ${Buffer.byteLength(source)} bytes, ${integrity}`);
  }
}
