import type { Platform, Topic } from '../platform.ts';

/** Habilitations, the audit log, what staff may see of an account (clause C3). */
export function staffAccessTopic(_platform: Platform): Topic {
  return {};
}
