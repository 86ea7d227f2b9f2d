/**
 * The Bicep compiler: the one on the PATH, else the NuGet package of its own makers through the .NET SDK, else none.
 */
import { execFile } from 'node:child_process';
import { globSync } from 'node:fs';
import { chmod, cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const run = promisify(execFile);
const infra = fileURLToPath(new URL('../infra', import.meta.url));

/** The version that the files were last compiled with; a compiler on the PATH may be another. */
const VERSION = '0.49.2';
const RESTORE_PATIENCE_MS = 180_000;
const OUTPUT_BYTES = 64 * 1024 * 1024;
const platforms: Readonly<Partial<Record<NodeJS.Platform, string>>> = { linux: 'linux', darwin: 'osx', win32: 'win' };

/** A resource as a deployment would make it, every expression worked out that can be without Azure. */
export interface PredictedResource {
  readonly id: string;
  readonly type: string;
  readonly name: string;
  readonly location?: string;
  readonly sku?: { readonly name: string };
  readonly identity?: { readonly type: string };
  readonly scope?: string;
  // biome-ignore lint/suspicious/noExplicitAny: every type of resource has properties of its own
  readonly properties: any;
}

/** An ARM template, as far as the checks look at it. */
export interface Template {
  readonly resources: Readonly<Record<string, unknown>>;
  readonly parameters: Readonly<Record<string, { readonly type?: string; readonly $ref?: string }>>;
  readonly outputs: Readonly<Record<string, { readonly type?: string }>>;
}

export interface Bicep {
  readonly version: string;
  /** Compiles and lints `main.bicep` with all its modules. Throws with the compiler's messages, warnings included. */
  compile(): Promise<Template>;
  /** The resources that a parameter file under `infra/` would deploy. */
  predict(parameterFile: string): Promise<readonly PredictedResource[]>;
  /** The files that are not laid out as the formatter does it. */
  unformatted(): Promise<readonly string[]>;
}

export type BicepFound = { readonly bicep: Bicep } | { readonly bicep: undefined; readonly why: string };

/** Finds a compiler. Never throws: where none can be had the reason is told. */
export async function findBicep(): Promise<BicepFound> {
  const onPath = await versionOf('bicep');
  if (onPath) return { bicep: bicepAt('bicep', onPath) };
  try {
    const command = await fromNuGet();
    const version = await versionOf(command);
    if (version) return { bicep: bicepAt(command, version) };
    return { bicep: undefined, why: `${command} does not run` };
  } catch (error) {
    return { bicep: undefined, why: `not on the PATH, nor by NuGet: ${firstLine(error)}` };
  }
}

async function versionOf(command: string): Promise<string | undefined> {
  try {
    const { stdout } = await run(command, ['--version']);
    return /\d+\.\d+\.\d+/.exec(stdout)?.[0];
  } catch {
    return undefined;
  }
}

/** Restores the compiler's package into the user's own NuGet folder, where it stays for the next time. */
async function fromNuGet(): Promise<string> {
  const platform = platforms[process.platform];
  if (!platform) throw new Error(`no package for ${process.platform}`);
  const name = `Azure.Bicep.CommandLine.${platform}-${process.arch}`;
  const { stdout: sdk } = await run('dotnet', ['--version']);
  const folder = await mkdtemp(join(tmpdir(), 'extranet-bicep-'));
  try {
    const project = join(folder, 'bicep.csproj');
    const framework = `net${sdk.split('.')[0]}.0`;
    await writeFile(
      project,
      `<Project Sdk="Microsoft.NET.Sdk"><PropertyGroup><TargetFramework>${framework}</TargetFramework></PropertyGroup>
       <ItemGroup><PackageDownload Include="${name}" Version="[${VERSION}]" /></ItemGroup></Project>`,
    );
    await run('dotnet', ['restore', project], { timeout: RESTORE_PATIENCE_MS });
    const assets = JSON.parse(await readFile(join(folder, 'obj', 'project.assets.json'), 'utf8'));
    const packages = Object.keys(assets.packageFolders)[0] ?? '';
    const executable = process.platform === 'win32' ? 'bicep.exe' : 'bicep';
    const command = join(packages, name.toLowerCase(), VERSION, 'tools', executable);
    await chmod(command, 0o755);
    return command;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function bicepAt(command: string, version: string): Bicep {
  /** Runs the compiler in a copy of `infra/`: some of its commands write beside what they read. */
  async function inCopy<T>(read: (folder: string) => Promise<T>, ...given: readonly string[]): Promise<T> {
    const folder = await mkdtemp(join(tmpdir(), 'extranet-infra-'));
    try {
      await cp(infra, folder, { recursive: true });
      await run(command, given, { cwd: folder });
      return await read(folder);
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  }

  return {
    version,
    async compile() {
      const given = ['build', '--stdout', join(infra, 'main.bicep')];
      const { stdout, stderr } = await run(command, given, { maxBuffer: OUTPUT_BYTES });
      if (stderr.trim()) throw new Error(stderr.trim());
      return JSON.parse(stdout);
    },
    async predict(parameterFile) {
      const place = ['--tenant-id', TENANT, '--subscription-id', SUBSCRIPTION, '--resource-group', 'rg-extranet'];
      const snapshot = parameterFile.replace('.bicepparam', '.snapshot.json');
      const read = (folder: string) => readFile(join(folder, snapshot), 'utf8');
      return JSON.parse(await inCopy(read, 'snapshot', '--mode', 'overwrite', ...place, parameterFile))
        .predictedResources;
    },
    async unformatted() {
      const files = bicepFiles();
      const formatted = await inCopy(
        (folder) => Promise.all(files.map((file) => readFile(join(folder, file), 'utf8'))),
        ...['format', '--pattern', '**/*.bicep'],
      );
      const asTheyAre = await Promise.all(files.map((file) => readFile(join(infra, file), 'utf8')));
      return files.filter((_, index) => formatted[index]?.trim() !== asTheyAre[index]?.trim());
    },
  };
}

/** The files under `infra/`, by their paths there. */
export function bicepFiles(): readonly string[] {
  return globSync('**/*.bicep', { cwd: infra }).sort();
}

const TENANT = '11111111-1111-1111-1111-111111111111';
const SUBSCRIPTION = '22222222-2222-2222-2222-222222222222';

function firstLine(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).split('\n')[0] ?? '';
}
