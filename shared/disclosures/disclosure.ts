import type { DataCategory } from '../personal-data/index.ts';
import type { Document } from '../platform/cosmos/document-store.ts';
import type { AccountId, Id, RequestId } from '../platform/ids.ts';
import type { DisclosureGround } from './disclosure-rules.ts';

export type DisclosureId = Id<'dsc'>;

/** The partition of `governance` that holds the disclosures. */
export const DISCLOSURE_KIND = 'disclosure';

/** Kept this many years: accountability (GDPR art. 5(2)), and the person's right to know who received what (art. 15(1)(c)). */
export const DISCLOSURE_KEPT_YEARS = 5;

/** Who receives the data. */
export interface Recipient {
  readonly name: string;
  /** An e-mail address, at which the recipient is told under art. 19, or another way to reach them. */
  readonly contact: string;
  /** A country outside the European Economic Area, where the data go there (art. 44-49). */
  readonly thirdCountry?: string;
}

/** What recipients have to be told of (GDPR art. 19). */
export type ToldAct = 'rectification' | 'erasure' | 'restriction';

/** One recipient told of one act, or to be told by a person where no e-mail address is on record. */
export interface RecipientNotice {
  /** The rights request, or the notice of death, that the act answered. */
  readonly requestId: RequestId | Id<'dth'>;
  readonly act: ToldAct;
  readonly at: string;
  readonly state: 'mailed' | 'to-be-told' | 'told';
  /** By whom and how, once a person has told the recipient. */
  readonly toldAt?: string;
  readonly toldBy?: string;
  readonly note?: string;
}

/** One disclosure of personal data to a third party, on record before it happens (clause C7). */
export interface Disclosure extends Document {
  readonly id: DisclosureId;
  readonly type: 'disclosure';
  readonly accountId: AccountId;
  readonly recipient: Recipient;
  readonly categories: readonly DataCategory[];
  readonly ground: DisclosureGround;
  /** What the recipient knows it by: the number of a judicial request, of a contract, of a case. */
  readonly reference: string;
  readonly consentId?: string;
  /** RFC 3339 UTC. */
  readonly at: string;
  readonly recordedBy: string;
  readonly notices: readonly RecipientNotice[];
  /** Orders the register: time, then id. */
  readonly sortKey: string;
  readonly expiresAt: string;
}

/** A disclosure as the desk sees it. */
export type ShownDisclosure = Omit<Disclosure, 'type' | 'sortKey' | 'at' | 'ttl'> & { readonly recordedAt: string };

export function shown(disclosure: Disclosure): ShownDisclosure {
  const { id, accountId, recipient, categories, ground, reference, consentId, at, recordedBy, notices, expiresAt } =
    disclosure;
  return {
    id,
    accountId,
    recipient,
    categories,
    ground,
    reference,
    ...(consentId ? { consentId } : {}),
    recordedAt: at,
    recordedBy,
    notices,
    expiresAt,
  };
}
