import type { Platform, Topic } from '../platform.ts';

/** The register of processing, disclosures, breaches, statistics, retention (clauses B3, C4-C7, E1). */
export function recordsTopic(_platform: Platform): Topic {
  return {};
}
