/**
 * Builds what is deployed: the functions bundled into `dist/app`, and the same files as `app.zip`.
 *
 *     node scripts/package.ts
 */
import { cp, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { builtinModules } from 'node:module';
import { join, relative, sep } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { type BuildOptions, build, type Metafile, type Plugin } from 'esbuild';
import { ZipFile } from 'yazl';

const root = fileURLToPath(new URL('..', import.meta.url));

const ENTRY = 'functions/index.ts';
/** The folders that never reach Azure. */
const UNDEPLOYED = ['local/', 'test/', 'bench/'];
const NATIVE_LIBRARY = '@node-rs/argon2';
/** The build of the native library for the machines that Azure runs the functions on. */
const NATIVE_BINARY = '@node-rs/argon2-linux-x64-gnu';
/** The libraries in the bundle that are CommonJS call `require`, which an ES module has not. */
const REQUIRE_BANNER =
  "import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);";

/** A package, ready to deploy. */
export interface Package {
  /** The file that Azure loads. */
  readonly entry: string;
  /** The zip, the same bytes for the same sources. */
  readonly zip: Buffer;
  /** The size of the zip in bytes. */
  readonly bytes: number;
  /** The size in bytes of a zip of everything but the native library. */
  readonly bytesWithoutNative: number;
  /** What esbuild took in and put out; paths are relative to the project. */
  readonly metafile: Metafile;
}

/**
 * Bundles the functions for Azure into `outDir`, which is emptied first, and zips them.
 *
 * @throws Error when the native library for Azure is not installed, or when the bundle would take in code that is not deployed.
 */
export async function buildPackage(outDir: string): Promise<Package> {
  await rm(outDir, { recursive: true, force: true });
  const metafile = await bundle({ entryPoints: [ENTRY] }, outDir);
  refuseUndeployed(metafile);

  await writeFile(join(outDir, 'package.json'), await manifest());
  await cp(join(root, 'host.json'), join(outDir, 'host.json'));
  await copyNativeLibrary(outDir);

  const files = await filesIn(outDir);
  const zip = await zipOf(outDir, files);
  const withoutNative = await zipOf(
    outDir,
    files.filter((file) => !file.startsWith('node_modules/')),
  );
  return {
    entry: join(outDir, 'index.js'),
    zip,
    bytes: zip.length,
    bytesWithoutNative: withoutNative.length,
    metafile,
  };
}

/** Bundles `source`, as Azure gets it, into `outDir`; imports made on demand become files of their own. */
export async function bundle(source: Pick<BuildOptions, 'entryPoints' | 'stdin'>, outDir: string): Promise<Metafile> {
  const { metafile } = await build({
    ...source,
    absWorkingDir: root,
    outdir: outDir,
    bundle: true,
    splitting: true,
    minify: true,
    format: 'esm',
    platform: 'node',
    target: 'node24',
    // A CommonJS file imported on demand would keep only its default export once it is split off.
    mainFields: ['module', 'main'],
    external: ['@azure/functions-core', NATIVE_LIBRARY],
    plugins: [requiredBuiltins],
    banner: { js: REQUIRE_BANNER },
    legalComments: 'none',
    logLevel: 'warning',
    metafile: true,
  });
  return metafile;
}

/**
 * Node's own modules by `require` instead of `import`: an import reads every export of a module, and with those of `node:crypto`
 * comes the whole of Web Crypto, which nothing needs at a cold start (docs/decisions, "Cold start").
 */
const requiredBuiltins: Plugin = {
  name: 'required-builtins',
  setup({ onResolve, onLoad }) {
    const names = new RegExp(`^(node:)?(${builtinModules.filter((name) => !name.startsWith('_')).join('|')})$`);
    onResolve({ filter: names }, ({ path, kind }) =>
      kind === 'import-statement' ? { path: path.replace('node:', ''), namespace: 'builtin' } : undefined,
    );
    onLoad({ filter: /.*/, namespace: 'builtin' }, ({ path }) => ({
      contents: `module.exports = require('node:${path}');`,
    }));
  },
};

function refuseUndeployed({ inputs }: Metafile): void {
  const refused = Object.keys(inputs).filter((input) => UNDEPLOYED.some((folder) => input.startsWith(folder)));
  if (refused.length > 0) throw new Error(`The bundle takes in code that is not deployed: ${refused.join(', ')}.`);
}

async function manifest(): Promise<string> {
  const { name, version, engines } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8'));
  return `${JSON.stringify({ name, version, type: 'module', main: 'index.js', engines }, null, 2)}\n`;
}

async function copyNativeLibrary(outDir: string): Promise<void> {
  for (const name of [NATIVE_LIBRARY, NATIVE_BINARY]) {
    const from = join(root, 'node_modules', name);
    const files = await readdir(from).catch(() => {
      throw new Error(
        `${name} is not installed: run "npm install --no-save --os=linux --cpu=x64 --libc=glibc ${name}".`,
      );
    });
    const to = join(outDir, 'node_modules', name);
    await mkdir(to, { recursive: true });
    const loaded = files.filter((file) => file === 'package.json' || file === 'index.js' || file.endsWith('.node'));
    for (const file of loaded) await cp(join(from, file), join(to, file));
  }
}

/** The files in a folder, at any depth, by their paths in it; sorted, with slashes on every system. */
async function filesIn(folder: string): Promise<readonly string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)).split(sep).join('/'))
    .sort();
}

async function zipOf(folder: string, files: readonly string[]): Promise<Buffer> {
  const zip = new ZipFile();
  // A zip holds local time: midnight of its first day in the builder's own time zone gives the same bytes everywhere.
  const options = { mtime: new Date(1980, 0, 1), mode: 0o100644, forceDosTimestamp: true };
  for (const file of files) zip.addBuffer(await readFile(join(folder, file)), file, options);
  zip.end();
  return buffer(zip.outputStream);
}

if (import.meta.main) {
  const zipFile = join(root, 'app.zip');
  const { zip, bytes, bytesWithoutNative } = await buildPackage(join(root, 'dist', 'app'));
  await writeFile(zipFile, zip);
  const kib = (size: number) => `${(size / 1024).toFixed(0)} KiB`;
  console.log(`app.zip: ${kib(bytes)}, ${kib(bytesWithoutNative)} without the native library`);
}
