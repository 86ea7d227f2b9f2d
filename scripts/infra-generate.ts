/**
 * Writes what the Bicep files take from the code, into `infra/generated`: containers, blob containers, timers, events.
 *
 *     node scripts/infra-generate.ts
 */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { alertEvents } from '../shared/platform/alert-events.ts';
import { blobContainers } from '../shared/platform/blobs/containers.ts';
import { DAY, HOUR, MINUTE } from '../shared/platform/clock.ts';
import { containers, DEFAULT_TTL, indexingPolicy } from '../shared/platform/cosmos/containers.ts';
import { staffRoles } from '../shared/platform/http/route.ts';
import type { TimerDefinition } from '../shared/platform/timer.ts';
import { productAnywhere } from './product-anywhere.ts';

/** Where the files lie, from the root of the project. */
export const GENERATED = 'infra/generated';

/** The windows of time that Azure Monitor can look back over, in milliseconds and as it wants them written. */
const WINDOWS = [
  [15 * MINUTE, 'PT15M'],
  [30 * MINUTE, 'PT30M'],
  [HOUR, 'PT1H'],
  [2 * HOUR, 'PT2H'],
  [6 * HOUR, 'PT6H'],
  [DAY, 'P1D'],
  [2 * DAY, 'P2D'],
] as const;

const rolePurposes = {
  dpo: 'Cases, disclosures, breaches, death notices, the register and the audit log.',
  support: 'Reads and annotates cases; accounts within a habilitation.',
  'habilitation-admin': 'Grants and withdraws habilitations.',
  publisher: 'Publishes legal documents and the cookie table.',
  statistician: 'Reads the anonymous statistics.',
  auditor: 'Reads the audit log, its verification, the register and the archive.',
  operator: 'Reads the runs of the timers and the counts of the dashboard.',
} as const satisfies Record<(typeof staffRoles)[number], string>;

/** Ids of the app roles in Entra ID. They name a role for ever: never change one, never use one again. */
const roleIds = {
  dpo: '4d96f6c2-e0ad-4da1-84c5-12b622621a55',
  support: '84c95ec1-6daf-41a5-b8b3-7a74332314bc',
  'habilitation-admin': 'b0e142ea-1411-4dd2-a935-e0a55e6e6737',
  publisher: '1f905eac-2f8b-43c1-8b8b-518c0ffd8867',
  statistician: '7501c045-efb8-4320-8144-a840bfe9f119',
  auditor: '6a9ea313-8442-4fa3-a292-b49238506e39',
  operator: '3d866a3b-3ec7-49fb-8c50-9feeaeeca8d7',
} as const satisfies Record<(typeof staffRoles)[number], string>;

/** The timers that the product registers. */
export function registeredTimers(): readonly TimerDefinition[] {
  return productAnywhere().timers;
}

/** The files by name, each as it has to be on disk. */
export function generatedFiles(): ReadonlyMap<string, string> {
  const files: Readonly<Record<string, unknown>> = {
    'cosmos-containers.json': containers.map((definition) => ({
      id: definition.id,
      partitionKey: definition.partitionKey,
      indexingPolicy: indexingPolicy(definition),
      defaultTtl: DEFAULT_TTL,
      appendOnly: definition.appendOnly ?? false,
    })),
    'blob-containers.json': blobContainers,
    'timers.json': registeredTimers().map(({ name, summary, period }) => ({
      name,
      summary,
      // Twice the longest pause without a run is a fault.
      window: windowOf(2 * period),
      frequency: 2 * period <= 30 * MINUTE ? 'PT5M' : 2 * period <= 6 * HOUR ? 'PT15M' : 'PT1H',
    })),
    'alert-events.json': alertEvents,
    'entra-app-roles.json': staffRoles.map((role) => ({
      id: roleIds[role],
      value: role,
      displayName: `Extranet: ${role}`,
      description: rolePurposes[role],
      allowedMemberTypes: ['User'],
      isEnabled: true,
    })),
  };
  return new Map(Object.entries(files).map(([name, content]) => [name, `${JSON.stringify(content, null, 2)}\n`]));
}

function windowOf(length: number): string {
  const window = WINDOWS.find(([limit]) => limit >= length);
  if (!window) throw new Error('Azure Monitor looks back two days at the most: the timer has to run daily at least.');
  return window[1];
}

if (import.meta.main) {
  const root = fileURLToPath(new URL('..', import.meta.url));
  for (const [name, content] of generatedFiles()) await writeFile(join(root, GENERATED, name), content);
}
