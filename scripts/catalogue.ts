/**
 * Writes the catalogue that a fresh instance registers from, into `functions/generated`.
 *
 *     node scripts/catalogue.ts
 */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { catalogueOf } from '../functions/catalogue.ts';
import { productAnywhere } from './product-anywhere.ts';

/** Where the file lies, from the root of the project. */
export const CATALOGUE = 'functions/generated/catalogue.json';

/** The file as it has to be on disk: a line for each endpoint and timer. */
export async function catalogueFile(): Promise<string> {
  const { endpoints, timers } = await catalogueOf(productAnywhere());
  const lines = (items: readonly object[]) => items.map((item) => `    ${JSON.stringify(item)}`).join(',\n');
  return `{\n  "endpoints": [\n${lines(endpoints)}\n  ],\n  "timers": [\n${lines(timers)}\n  ]\n}\n`;
}

if (import.meta.main) {
  const root = fileURLToPath(new URL('..', import.meta.url));
  await writeFile(join(root, CATALOGUE), await catalogueFile());
}
