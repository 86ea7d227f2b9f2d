import { createHash } from 'node:crypto';
import { Problem } from './problem.ts';

/** A strong entity tag of a representation (RFC 9110 §8.8.3): it changes exactly when what the client sees changes. */
export function entityTag(representation: unknown): string {
  return `"${createHash('sha256').update(JSON.stringify(representation)).digest('base64url').slice(0, 22)}"`;
}

/** Whether an `If-None-Match` header names a tag, compared weakly as a read wants it (RFC 9110 §13.1.2). */
export function namesEntityTag(ifNoneMatch: string | null, tag: string): boolean {
  const named = ifNoneMatch?.split(',').map((each) => each.trim().replace(/^W\//, '')) ?? [];
  return named.includes('*') || named.includes(tag);
}

/** The conditional headers of one request. */
export interface Preconditions {
  /**
   * Holds the request against the current representation, `undefined` when there is none yet. Throws `precondition-required` (428) when
   * the resource exists and the client named no version, `precondition-failed` (412) when it named another. `shownInstead` is what a read
   * shows while there is none, where it shows something: a client may name that too.
   */
  check(current: unknown | undefined, shownInstead?: unknown): void;
}

export function preconditions(ifMatch: string | undefined, ifNoneMatch: string | undefined): Preconditions {
  const named = (representation: unknown) =>
    ifMatch?.split(',').some((tag) => tag.trim() === entityTag(representation)) ?? false;
  return {
    check(current, shownInstead) {
      if (current === undefined) {
        if (ifMatch === undefined || (shownInstead !== undefined && named(shownInstead))) return;
        throw new Problem('precondition-failed');
      }
      if (ifNoneMatch !== undefined) throw new Problem('precondition-failed');
      if (ifMatch === undefined) throw new Problem('precondition-required');
      if (ifMatch.trim() !== '*' && !named(current)) throw new Problem('precondition-failed');
    },
  };
}
