import type { StaffCaller } from '../platform/http/route.ts';

/** The review list points out what ends within this many days. */
const ENDS_SOON_DAYS = 30;
/** A habilitation is looked at again at least once a year, however long it was granted for. */
const REVIEWED_EVERY_DAYS = 365;
const DAY_MS = 86_400_000;
/** Who reads personal data on the strength of a habilitation. */
const READING_ROLES: readonly StaffCaller['roles'][number][] = ['dpo', 'support'];

export type GrantFault = 'to-oneself' | 'already-over';

/**
 * Why a habilitation may not be granted; `today` is a calendar day in Europe/Paris. Nobody grants to themselves what they could read by; who
 * administers habilitations and nothing else gains nothing by one.
 */
export function grantFault(
  grant: { readonly staffId: string; readonly expiresOn: string },
  by: Pick<StaffCaller, 'staffId' | 'roles'>,
  today: string,
): GrantFault | undefined {
  if (grant.staffId === by.staffId && by.roles.some((role) => READING_ROLES.includes(role))) return 'to-oneself';
  return grant.expiresOn < today ? 'already-over' : undefined;
}

export type ReviewState = 'in-force' | 'ends-soon' | 'ended';

/** Where a habilitation stands on a day, for the review list. */
export function reviewState(expiresOn: string, today: string): ReviewState {
  if (expiresOn < today) return 'ended';
  return Date.parse(expiresOn) - Date.parse(today) <= ENDS_SOON_DAYS * DAY_MS ? 'ends-soon' : 'in-force';
}

/** Whether the yearly look at a habilitation is due. */
export function reviewDue(grantedAt: string, now: Date): boolean {
  return now.getTime() - Date.parse(grantedAt) >= REVIEWED_EVERY_DAYS * DAY_MS;
}
