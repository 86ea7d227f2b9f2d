import type { Directives } from './directives-rules.ts';

/** What the desk can do about the data of somebody who has died. */
export const deathActions = ['close', 'erase', 'communicate', 'keep'] as const;
export type DeathAction = (typeof deathActions)[number];

export const relations = ['designee', 'heir', 'other'] as const;
/** Who reports a death, as they say and the evidence bears out. */
export type Relation = (typeof relations)[number];

/**
 * By what right the reporter may ask for something: the person's own directives (loi 78-17 art. 85 I-II), the limited rights of the heirs (art. 85
 * III), or none.
 */
export type Standing = 'directives' | 'heirs' | 'none';

const normalised = (email: string) => email.trim().normalize('NFC').toLowerCase();

/** Whether who reports is the person that the directives designate. */
export function isDesignee(directives: Directives | undefined, email: string): boolean {
  return directives?.designee !== undefined && normalised(directives.designee.email) === normalised(email);
}

/**
 * The standing of a reporter. The designated person carries the directives out; where nobody is designated, or that person cannot, the heirs
 * do; without directives the heirs have their own limited rights. Nobody else has any.
 */
export function standingOf(
  { relation, email }: { readonly relation: Relation; readonly email: string },
  directives: Directives | undefined,
): Standing {
  if (relation === 'designee') return isDesignee(directives, email) ? 'directives' : 'none';
  if (relation === 'heir') return directives ? 'directives' : 'heirs';
  return 'none';
}

/**
 * What may be done on a notice. Directives bind: what they wish may be done, and closing the space unless they wish data to be kept. Heirs may
 * have the space closed and get what settling the estate needs; keeping the data on hold as they are is always possible.
 */
export function allowedActions(standing: Standing, directives: Directives | undefined): readonly DeathAction[] {
  if (standing === 'none') return ['keep'];
  if (standing === 'heirs' || !directives) return ['close', 'communicate', 'keep'];
  const wished = new Set<DeathAction>(directives.wishes.map(({ action }) => action));
  const allowed = new Set<DeathAction>(['keep', ...wished, ...(wished.has('keep') ? [] : (['close'] as const))]);
  return deathActions.filter((action) => allowed.has(action));
}

export const noticeStates = ['open', 'executing', 'executed', 'dismissed'] as const;
/** Where a notice stands. Only an open one can be decided; one that waits for its erasure can still be dismissed. */
export type NoticeState = (typeof noticeStates)[number];
