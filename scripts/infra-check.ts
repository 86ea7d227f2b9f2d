/**
 * Compiles, lints and works out the Bicep files, as far as that can be done without Azure, and says loudly when it could not.
 * `npm run infra:check` runs the tests of `test/infra` after it.
 *
 *     node scripts/infra-check.ts
 */
import { findBicep } from './bicep.ts';

const found = await findBicep();
if (found.bicep === undefined) {
  const line = '!'.repeat(80);
  console.warn(`${line}\nThe Bicep files were NOT compiled: ${found.why}.`);
  console.warn(
    `Only the checks of their text run. Install the Bicep CLI, or the .NET SDK with a NuGet source.\n${line}`,
  );
} else {
  const { bicep } = found;
  console.log(`Bicep ${bicep.version}`);
  const checks: readonly (readonly [what: string, faults: () => Promise<string>])[] = [
    ['build and lint', async () => emptiness(Object.keys((await bicep.compile()).resources))],
    ['format', async () => (await bicep.unformatted()).join(', ')],
    ['work out dev.bicepparam', async () => emptiness(await bicep.predict('dev.bicepparam'))],
    ['work out prod.bicepparam', async () => emptiness(await bicep.predict('prod.bicepparam'))],
  ];
  for (const [what, faults] of checks) {
    const found = await faults().catch((error: unknown) => (error instanceof Error ? error.message : String(error)));
    if (found) process.exitCode = 1;
    console.log(`${found ? 'FAULT' : 'ok   '}  ${what}${found && `\n${found}`}`);
  }
}

function emptiness(resources: readonly unknown[]): string {
  return resources.length === 0 ? 'nothing would be deployed' : '';
}
