import type { DataCategory } from '../personal-data/index.ts';

/**
 * On what ground personal data may go to a third party (clauses C4, C7): the person's agreement, a legal duty, the enforcement of the terms
 * or another agreement, the protection of the controller's rights. There is no other; selling or renting is none (clause C6).
 */
export const disclosureGrounds = ['consent', 'legal-obligation', 'terms-enforcement', 'rights-protection'] as const;
export type DisclosureGround = (typeof disclosureGrounds)[number];

/** Cookie data leave the controller only with consent or where law or a court requires it (clause H2). */
const COOKIE_DATA: readonly DataCategory[] = ['activity'];
const GROUNDS_FOR_COOKIE_DATA: readonly DisclosureGround[] = ['consent', 'legal-obligation'];

/** Restricted data are only stored, but for consent, legal claims and what the law requires (GDPR art. 18(2)). */
const GROUNDS_UNDER_RESTRICTION: readonly DisclosureGround[] = ['consent', 'legal-obligation', 'rights-protection'];

/** What is known when somebody wants to hand data over. */
export interface DisclosureQuestion {
  readonly ground: DisclosureGround;
  readonly categories: readonly DataCategory[];
  readonly account: 'active' | 'closing';
  readonly restricted: boolean;
  /** The consent that was named: whether it is the person's, stands now and covers this; absent when none was named. */
  readonly consent?: 'stands' | 'does-not-stand';
}

export type DisclosureVerdict =
  | 'permitted'
  | 'consent-not-named'
  | 'consent-does-not-stand'
  | 'consent-is-not-the-ground'
  | 'cookie-data'
  | 'restricted';

/** Whether data may be disclosed. Whatever is not clearly allowed is refused. */
export function disclosureVerdict(question: DisclosureQuestion): DisclosureVerdict {
  const { ground, categories, account, restricted, consent } = question;
  if (ground === 'consent') {
    if (consent === undefined) return 'consent-not-named';
    // Who closes the space withdraws from everything that needs their will (clause G10).
    if (consent !== 'stands' || account !== 'active') return 'consent-does-not-stand';
  } else if (consent !== undefined) {
    return 'consent-is-not-the-ground';
  }
  const holdsCookieData = categories.some((category) => COOKIE_DATA.includes(category));
  if (holdsCookieData && !GROUNDS_FOR_COOKIE_DATA.includes(ground)) return 'cookie-data';
  if (restricted && !GROUNDS_UNDER_RESTRICTION.includes(ground)) return 'restricted';
  return 'permitted';
}
