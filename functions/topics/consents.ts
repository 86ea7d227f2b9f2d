import type { Platform, Topic } from '../platform.ts';

/** Consents, the cookie table, purposes, activity (clauses C4, C6, D2-D6, G8, H1-H8). */
export function consentsTopic(_platform: Platform): Topic {
  return {};
}
