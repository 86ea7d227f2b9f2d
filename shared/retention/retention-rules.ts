import { DAY } from '../platform/clock.ts';
import { type ContainerId, containers } from '../platform/cosmos/containers.ts';

/** How long documents of a type are kept. */
export type Term =
  /** From the event that is told, for so many days or calendar months. */
  | { readonly kind: 'days' | 'months'; readonly count: number; readonly from: string }
  /** For a time of its own that the document names: a throttle, a lease, a link. */
  | { readonly kind: 'own-lifetime' }
  /** As long as the account, and erased with it. */
  | { readonly kind: 'account' }
  /** For as long as the reason holds; nothing personal is in it, or its end is another rule's. */
  | { readonly kind: 'stays'; readonly because: string };

export interface RetentionRule {
  readonly container: ContainerId;
  readonly documentType: string;
  readonly terms: readonly Term[];
}

const days = (count: number, from: string): Term => ({ kind: 'days', count, from });
const months = (count: number, from: string): Term => ({ kind: 'months', count, from });
const ownLifetime: Term = { kind: 'own-lifetime' };
const account: Term = { kind: 'account' };
const stays = (because: string): Term => ({ kind: 'stays', because });

const unverified = days(7, 'registration, unless the e-mail is confirmed');
const mail = days(30, 'queueing, then again from delivery; the body goes at delivery');

/** The rule of every document type (clause E1): a test finds each of them in the code, and each type that the code has in here. */
export const retentionRules: readonly RetentionRule[] = [
  rule('accounts', 'account', unverified, account),
  rule('accounts', 'credential', unverified, account),
  rule('accounts', 'acceptance', unverified, account),
  rule('accounts', 'session', days(14, 'last use'), days(30, 'sign-in')),
  rule('accounts', 'password-reset', ownLifetime),
  rule('accounts', 'preferences', account),
  rule('accounts', 'form-draft', days(90, 'last change')),
  rule('accounts', 'notification', mail),
  rule('logins', 'login', account),
  rule('accounts', 'supplementary-statement', account),
  ...['rights-request', 'case-letter', 'case-history', 'case-message', 'case-note'].map((type) =>
    rule('rights-requests', type, days(7, 'the request, unless the e-mail is confirmed'), days(30, 'closing')),
  ),
  ...['case-effect', 'case-execution', 'case-clock', 'case-archiving'].map((type) =>
    rule('rights-requests', type, stays('until it is done, and never after the case has ended')),
  ),
  rule('rights-requests', 'restriction-lifting', stays('until the restriction is lifted')),
  rule('rights-requests', 'identity-proof', days(30, 'the upload; sooner with the decision')),
  rule('rights-requests', 'one-time-code', days(1, 'sending')),
  rule('rights-requests', 'notification', mail),
  rule('case-archive', 'archived-case', months(60, 'closing')),
  rule('audit', 'audit-entry', days(365, 'the act')),
  rule('governance', 'legal-document', stays('published versions are the proof of what was accepted')),
  rule('governance', 'habilitation', stays('until its last day, then until it is removed or granted anew')),
  rule('governance', 'disclosure', months(60, 'the disclosure')),
  rule('governance', 'breach', months(60, 'closing; an open breach stays')),
  rule('governance', 'notification', mail),
  rule('governance', 'mail-fan-out', days(30, 'queueing')),
  rule('runtime', 'account-failures', days(1, 'the last failure')),
  rule('runtime', 'source-failures', days(1, 'the last failure')),
  rule('runtime', 'mail-budget', days(1, 'the last mail')),
  rule('runtime', 'idempotency', days(1, 'the request')),
  rule('runtime', 'lease', ownLifetime),
  rule('runtime', 'job-run', days(90, 'the run')),
  rule('runtime', 'jobs-first-seen', stays('names of timers, nothing personal')),
  rule('runtime', 'password-reset-intent', days(1, 'the request')),
  rule('runtime', 'notification', mail),
];

function rule(container: ContainerId, documentType: string, ...terms: readonly Term[]): RetentionRule {
  return { container, documentType, terms };
}

/** How long a stored file is kept at the most, in milliseconds from its storing. Its document may want it gone earlier. */
export const blobRetention = { 'identity-proofs': 30 * DAY, exports: 14 * DAY } as const;

export interface PurgedContainer {
  readonly id: ContainerId;
  readonly partitionKey: string;
}

/**
 * The containers in which something ends. The audit log is not among them: nobody may delete there, the product included, so that only the
 * service's own expiry ends its entries (clause C3).
 */
export const purgedContainers: readonly PurgedContainer[] = containers
  .filter(({ id }) => id !== 'audit' && retentionRules.some(({ container, terms }) => container === id && ends(terms)))
  .map(({ id, partitionKey }) => ({ id, partitionKey: partitionKey.slice(1) }));

/** Whether documents under these terms carry their end. */
export function ends(terms: readonly Term[]): boolean {
  return terms.some(({ kind }) => kind === 'days' || kind === 'months' || kind === 'own-lifetime');
}
