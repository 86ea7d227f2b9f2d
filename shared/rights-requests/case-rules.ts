/**
 * What may be done with a request in which state (idea 4 of the architecture): the whole state machine, as data. What is not here is not
 * allowed; a route answers it with 409.
 */
export const requestTypes = [
  'access',
  'rectification',
  'erasure',
  'portability',
  'objection',
  'restriction',
  'consent-withdrawal',
  'post-mortem',
] as const;
export type RequestType = (typeof requestTypes)[number];

/** Clause G9: every channel ends in the same case file. The person's own space, and letters and visits that the desk records. */
export const deskChannels = ['email', 'post', 'onsite', 'phone'] as const;
export const channels = ['extranet', ...deskChannels] as const;
export type Channel = (typeof channels)[number];

export const caseStatuses = [
  'awaiting-confirmation',
  'awaiting-identity',
  'in-review',
  'approved',
  'executing',
  'completed',
  'rejected',
  'cancelled',
] as const;
export type CaseStatus = (typeof caseStatuses)[number];

/** The clock runs and somebody has to act. An e-mail that nobody confirmed does not count yet. */
export const openStatuses = ['awaiting-identity', 'in-review', 'approved', 'executing'] as const;
export const closedStatuses = ['completed', 'rejected', 'cancelled'] as const;

export const identityStates = ['not-needed', 'awaiting', 'supplied', 'verified', 'insufficient'] as const;
export type IdentityState = (typeof identityStates)[number];

export const identityMethods = ['account-sign-in', 'document', 'knowledge', 'in-person', 'mandate'] as const;
export type IdentityMethod = (typeof identityMethods)[number];

/** Grounds on which a person may refuse (art. 12(5), 11, 17(3), 23; each refusal carries one, with a reason). */
export const rejectionGrounds = [
  'manifestly-unfounded',
  'excessive',
  'identity-not-proven',
  'legal-obligation',
  'legal-claims',
  'rights-of-others',
  'not-applicable',
] as const;
export type RejectionGround = (typeof rejectionGrounds)[number];

/** Everything that moves a case or needs it to be in a certain state. */
export type CaseAction =
  | 'confirm'
  | 'cancel'
  | 'write'
  | 'supply-identity'
  | 'assign'
  | 'annotate'
  | 'request-identity'
  | 'decide-identity'
  | 'extend'
  | 'approve'
  | 'reject'
  | 'begin'
  | 'complete'
  | 'cancel-by-erasure';

type Transitions = Readonly<Partial<Record<CaseStatus, CaseStatus>>>;

const staying = (...statuses: readonly CaseStatus[]): Transitions =>
  Object.fromEntries(statuses.map((status) => [status, status]));

const transitions: Readonly<Record<CaseAction, Transitions>> = {
  confirm: { 'awaiting-confirmation': 'in-review' },
  cancel: { 'awaiting-confirmation': 'cancelled', 'awaiting-identity': 'cancelled', 'in-review': 'cancelled' },
  write: staying(...openStatuses, 'completed', 'rejected'),
  'supply-identity': { 'awaiting-identity': 'in-review', 'in-review': 'in-review' },
  assign: staying(...openStatuses),
  annotate: staying(...caseStatuses),
  'request-identity': { 'in-review': 'awaiting-identity' },
  'decide-identity': { 'awaiting-identity': 'in-review', 'in-review': 'in-review' },
  extend: staying(...openStatuses),
  approve: { 'in-review': 'approved' },
  reject: { 'in-review': 'rejected', 'awaiting-identity': 'rejected' },
  begin: { approved: 'executing' },
  complete: { approved: 'completed', executing: 'completed' },
  'cancel-by-erasure': Object.fromEntries(
    ['awaiting-confirmation', ...openStatuses].map((status) => [status, 'cancelled']),
  ) as Transitions,
};

/** What the rules look at. */
export interface CaseState {
  readonly status: CaseStatus;
  readonly requestType: RequestType;
  readonly identity: { readonly state: IdentityState };
  readonly dueAt: string;
  readonly extendedDueAt?: string;
}

/** The states of the question who the person is, in which an action is open; an action that is not here does not ask. */
const identityAllowing: Readonly<Partial<Record<CaseAction, readonly IdentityState[]>>> = {
  // A document may be added as long as nobody has decided; without having been asked for one none is taken (art. 12(6), clause C1).
  'supply-identity': ['awaiting', 'supplied'],
  'request-identity': ['not-needed', 'insufficient'],
  'decide-identity': ['not-needed', 'awaiting', 'supplied', 'insufficient'],
  // Who could be somebody else gets nothing.
  approve: ['not-needed', 'verified'],
};

/** The status after an action, or nothing when the case does not allow it now. */
export function statusAfter(current: CaseState, action: CaseAction, now: Date): CaseStatus | undefined {
  const next = transitions[action][current.status];
  const identity = identityAllowing[action];
  if (identity && !identity.includes(current.identity.state)) return undefined;
  if (action === 'extend' && !mayBeExtended(current, now)) return undefined;
  return next;
}

/** Once, and told to the person inside the first month (art. 12(3)): that month is never the one that a suspension makes longer. */
function mayBeExtended({ dueAt, extendedDueAt }: CaseState, now: Date): boolean {
  return extendedDueAt === undefined && now.toISOString() <= dueAt;
}

export function isClosed(status: CaseStatus): boolean {
  return (closedStatuses as readonly CaseStatus[]).includes(status);
}
