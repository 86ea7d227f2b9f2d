import type { Platform, Topic } from '../platform.ts';

/** Exports, erasure, closure, inactive accounts (clauses E1, G1, G3, G4, G10). */
export function personalDataTopic(_platform: Platform): Topic {
  return {};
}
