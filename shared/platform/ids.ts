import { randomBytes } from 'node:crypto';

/**
 * The kinds of identifier that leave the product, each with its own prefix (API conventions): account, session, notification, message,
 * visitor, consent, rights request, identity proof, package, note, audit entry, disclosure, breach, death notice, erasure, replay of the erasure
 * ledger, activity event.
 */
export type IdPrefix =
  | 'acc'
  | 'ses'
  | 'ntf'
  | 'msg'
  | 'vis'
  | 'cns'
  | 'req'
  | 'prf'
  | 'pkg'
  | 'nte'
  | 'aud'
  | 'dsc'
  | 'brc'
  | 'dth'
  | 'ers'
  | 'rpl'
  | 'evt';

/** `acc_3q2-…`: a prefix that names the kind, then 128 random bits in base64url. Opaque and unguessable. */
export type Id<Prefix extends IdPrefix> = `${Prefix}_${string}`;

export type AccountId = Id<'acc'>;
export type SessionId = Id<'ses'>;
export type NotificationId = Id<'ntf'>;
export type VisitorId = Id<'vis'>;
/** Longer than the others: it also leads to where the decision lies. */
export type ConsentId = Id<'cns'>;
export type RequestId = Id<'req'>;
export type ProofId = Id<'prf'>;
export type PackageId = Id<'pkg'>;

const RANDOM_BYTES = 16;
const RANDOM_PART = /^[\w-]{22}$/;

export function newId<Prefix extends IdPrefix>(prefix: Prefix): Id<Prefix> {
  return `${prefix}_${randomBytes(RANDOM_BYTES).toString('base64url')}`;
}

/** Whether `value` has the shape of an id of this kind; says nothing about whether it exists. */
export function isId<Prefix extends IdPrefix>(prefix: Prefix, value: string): value is Id<Prefix> {
  return value.startsWith(`${prefix}_`) && RANDOM_PART.test(value.slice(prefix.length + 1));
}
