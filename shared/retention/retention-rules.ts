import { DAY } from '../platform/clock.ts';
import { type ContainerId, containers } from '../platform/cosmos/containers.ts';

/** How long documents of a type are kept. */
export type Term =
  /** From the event that is told, for so many days or calendar months. */
  | { readonly kind: 'days' | 'months'; readonly count: number; readonly from: string }
  /** For a time of its own that the document names: a throttle, a lease, a link. */
  | { readonly kind: 'own-lifetime' }
  /** Until what it stands for is done; it does not end by itself, so that nothing is left undone unseen. */
  | { readonly kind: 'until-done' }
  /** As long as the account, and erased with it. */
  | { readonly kind: 'account' }
  /** For as long as the reason holds; nobody's personal data are in it. */
  | { readonly kind: 'stays'; readonly because: string };

export interface RetentionRule {
  readonly container: ContainerId;
  readonly documentType: string;
  readonly terms: readonly Term[];
}

const days = (count: number, from: string): Term => ({ kind: 'days', count, from });
const months = (count: number, from: string): Term => ({ kind: 'months', count, from });
const ownLifetime: Term = { kind: 'own-lifetime' };
const untilDone: Term = { kind: 'until-done' };
const account: Term = { kind: 'account' };
const stays = (because: string): Term => ({ kind: 'stays', because });

const unverified = days(7, 'registration, unless the e-mail is confirmed');
const mail = days(30, 'queueing, then again from delivery; the body goes at delivery');
/** A case lives until it is closed or, where the e-mail was never confirmed, seven days. */
const ofCase = [days(7, 'receipt, unless the e-mail is confirmed'), days(30, 'closing')] as const;

/** The rule of every document type (clause E1): a test finds each of them in the code, and each type that the code has in here. */
export const retentionRules: readonly RetentionRule[] = [
  ...rules('accounts', [
    ['account', unverified, account],
    ['credential', unverified, account],
    ['acceptance', unverified, account],
    ['session', days(14, 'last use'), days(30, 'sign-in')],
    ['password-reset', ownLifetime],
    ['preferences', account],
    ['form-draft', days(90, 'last change')],
    ['notification', mail],
    ['closing-space', untilDone],
    ['consent-joining', untilDone],
    ['post-mortem-directives', account],
    ['post-mortem-directives-change', account],
    ['supplementary-statement', account],
  ]),
  ...rules('logins', [['login', account]]),
  ...rules('consents', [
    ['consent-decision', months(13, 'the decision')],
    ['consent-state', months(13, 'the decision')],
  ]),
  ...rules('rights-requests', [
    ['rights-request', ...ofCase],
    ['case-letter', ...ofCase],
    ['case-history', ...ofCase],
    ['case-message', ...ofCase],
    ['case-note', ...ofCase],
    ['identity-proof', days(30, 'the upload; sooner with the decision')],
    ['case-execution', untilDone],
    ['case-effect', untilDone],
    ['case-clock', untilDone],
    ['case-archiving', untilDone],
    ['restriction-lifting', untilDone],
    ['one-time-code', days(1, 'sending')],
    ['notification', mail],
  ]),
  ...rules('case-archive', [['archived-case', months(60, 'closing')]]),
  ...rules('activity', [['activity-event', days(90, 'the event')]]),
  ...rules('statistics', [
    ['statistics-cells', stays('anonymous: ten people at least behind each number')],
    ['statistics-publication', stays('that a month is published')],
  ]),
  ...rules('audit', [['audit-entry', days(365, 'the act')]]),
  ...rules('governance', [
    ['legal-document', stays('published versions are the proof of what was accepted')],
    ['governed-table', stays('the controller’s own texts')],
    ['governed-change', stays('the controller’s own texts, and who changed them')],
    ['habilitation', days(91, 'its last day')],
    ['habilitation-use', days(400, 'the last use')],
    ['audit-seal-head', stays('day and hash of the last seal')],
    ['disclosure', months(60, 'the disclosure')],
    ['breach', months(60, 'closing; an open breach stays')],
    ['death-notice', months(60, 'the decision')],
    ['death-notice-hold', untilDone],
    ['death-notice-release', untilDone],
    ['death-notice-erasure', untilDone],
    ['death-notice-package', untilDone],
    ['erasure', untilDone],
    ['erasure-checkpoint', days(30, 'the end of the erasure')],
    ['erasure-ledger-entry', days(90, 'the erasure')],
    ['erasure-replay', days(90, 'its beginning')],
    ['notification', mail],
    ['mail-fan-out', days(30, 'queueing')],
  ]),
  ...rules('runtime', [
    ['account-failures', days(1, 'the last failure')],
    ['source-failures', days(1, 'the last failure')],
    ['call-allowance', ownLifetime],
    ['mail-budget', days(1, 'the last mail')],
    ['idempotency', days(1, 'the request')],
    ['lease', ownLifetime],
    ['job-run', days(90, 'the run')],
    ['jobs-first-seen', stays('names of timers')],
    ['password-reset-intent', days(1, 'the request')],
    ['package', days(14, 'its completion')],
    ['statistics-draft', days(7, 'the counting')],
    ['notification', mail],
  ]),
];

function rules(
  container: ContainerId,
  types: readonly (readonly [documentType: string, ...terms: Term[]])[],
): readonly RetentionRule[] {
  return types.map(([documentType, ...terms]) => ({ container, documentType, terms }));
}

/**
 * How long a stored file is kept at the most, in milliseconds from its storing. What knows the file wants it gone with its own term; this is the net
 * under a file that nothing knows any more.
 */
export const blobRetention = { 'identity-proofs': 30 * DAY, exports: 15 * DAY } as const;

export interface PurgedContainer {
  readonly id: ContainerId;
  readonly partitionKey: string;
}

/**
 * Where something ends that the purge does not: nobody may delete from the audit log, the product included, so that only the service's own expiry
 * ends its entries (clause C3); consents are ended by `expire-consents`, which counts them.
 */
const ENDED_ELSEWHERE: readonly ContainerId[] = ['audit', 'consents'];

/** The containers in which the purge ends things, each with its partition key. */
export const purgedContainers: readonly PurgedContainer[] = containers
  .filter(
    ({ id }) =>
      !ENDED_ELSEWHERE.includes(id) && retentionRules.some(({ container, terms }) => container === id && ends(terms)),
  )
  .map(({ id, partitionKey }) => ({ id, partitionKey: partitionKey.slice(1) }));

/** Whether documents under these terms carry their end. */
export function ends(terms: readonly Term[]): boolean {
  return terms.some(({ kind }) => kind === 'days' || kind === 'months' || kind === 'own-lifetime');
}
