import type { Platform, Topic } from '../platform.ts';

/** Rights requests and their case files (clauses G1-G11). */
export function rightsRequestsTopic(_platform: Platform): Topic {
  return {};
}
