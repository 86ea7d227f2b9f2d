import type { Stored } from '../platform/cosmos/document-store.ts';
import type {
  CaseDocument,
  CaseExecution,
  CaseLetter,
  CaseMessage,
  CaseNote,
  HistoryEntry,
  ProofRecord,
  RightsRequest,
} from './case.ts';
import { isVisible } from './identity-proofs.ts';

/** Everything of one case, sorted out. */
export interface CaseFile {
  readonly case: Stored<RightsRequest>;
  readonly letter: CaseLetter | undefined;
  /** Oldest first, as the rest. */
  readonly history: readonly HistoryEntry[];
  readonly messages: readonly CaseMessage[];
  readonly notes: readonly CaseNote[];
  /** Identity documents that are there: not those which a decision has sent away. */
  readonly proofs: readonly ProofRecord[];
  readonly execution: CaseExecution | undefined;
}

/** Sorts the documents of a partition; nothing when there is no case in it. */
export function caseFile(documents: readonly Stored<CaseDocument>[], now: Date): CaseFile | undefined {
  const of = <T extends CaseDocument>(type: T['type']) =>
    documents.filter((document): document is Stored<CaseDocument> & Stored<T> => document.type === type);
  const [request] = of<RightsRequest>('rights-request');
  if (!request) return undefined;
  const byTime = (a: { readonly at: string }, b: { readonly at: string }) => a.at.localeCompare(b.at);
  return {
    case: request,
    letter: of<CaseLetter>('case-letter')[0],
    history: of<HistoryEntry>('case-history').toSorted((a, b) => a.id.localeCompare(b.id)),
    messages: of<CaseMessage>('case-message').toSorted(byTime),
    notes: of<CaseNote>('case-note').toSorted(byTime),
    proofs: of<ProofRecord>('identity-proof')
      .filter((proof) => isVisible(proof, now))
      .toSorted((a, b) => a.uploadedAt.localeCompare(b.uploadedAt)),
    execution: of<CaseExecution>('case-execution')[0],
  };
}

/** What a case shows of itself, whether it is listed, open or archived. */
type Summarised = Pick<
  RightsRequest,
  | 'requestId'
  | 'reference'
  | 'requestType'
  | 'channel'
  | 'status'
  | 'receivedAt'
  | 'dueAt'
  | 'extendedDueAt'
  | 'suspendedDueAt'
  | 'closedAt'
> & { readonly identity: Pick<RightsRequest['identity'], 'state' | 'reason'> };

/** What everybody who may see the case is shown of it first. */
export function caseSummary(request: Summarised) {
  const { requestId, reference, requestType, channel, status, receivedAt, dueAt, identity } = request;
  return {
    id: requestId,
    reference,
    type: requestType,
    channel,
    status,
    receivedAt,
    dueAt,
    ...(request.extendedDueAt ? { extendedDueAt: request.extendedDueAt } : {}),
    ...(request.suspendedDueAt ? { suspendedDueAt: request.suspendedDueAt } : {}),
    ...(request.closedAt ? { closedAt: request.closedAt } : {}),
    identity: { state: identity.state, ...(identity.reason ? { reason: identity.reason } : {}) },
  };
}

const shownPackage = ({ package: built }: RightsRequest) =>
  built
    ? { package: { readyAt: built.readyAt, expiresAt: built.expiresAt, size: built.size, sha256: built.sha256 } }
    : {};

const shownLetter = (letter: CaseLetter | undefined, request: RightsRequest) => ({
  ...(letter?.details === undefined ? {} : { details: letter.details }),
  ...(letter?.rectifications ? { rectifications: letter.rectifications } : {}),
  ...(letter?.statement === undefined ? {} : { statement: letter.statement }),
  ...(request.purposes ? { purposes: request.purposes } : {}),
  ...(request.representative ? { representative: request.representative } : {}),
});

const shownProof = ({ id, kind, mediaType, size, sha256, uploadedAt }: ProofRecord) => ({
  id,
  kind,
  mediaType,
  size,
  sha256,
  uploadedAt,
});

/** The case as the person sees it: staff by their role in it, never by name, and not the desk's notes. */
export function personView({ case: request, letter, history, messages, proofs }: CaseFile) {
  return {
    ...caseSummary(request),
    ...shownLetter(letter, request),
    ...shownPackage(request),
    ...(request.decision?.ground ? { ground: request.decision.ground } : {}),
    history: history.map(({ at, actor, action, from, to, reason }) => ({
      at,
      actor: { kind: actor.kind },
      action,
      ...(from ? { from } : {}),
      ...(to ? { to } : {}),
      ...(reason === undefined ? {} : { reason }),
    })),
    messages: messages.map(({ id, at, from, text }) => ({ id, at, from, text })),
    identityProofs: proofs.map(shownProof),
  };
}

/** The case as the desk sees it. */
export function deskView(file: CaseFile, more: { readonly possibleDuplicates: readonly string[] }) {
  const { case: request, letter, history, messages, notes, proofs, execution } = file;
  return {
    ...caseSummary(request),
    receivedOn: request.receivedOn,
    language: request.language,
    contact: request.contact,
    identity: request.identity,
    ...(request.accountId ? { accountId: request.accountId } : {}),
    ...(request.assignee ? { assignee: request.assignee } : {}),
    ...(request.approvals ? { approvals: request.approvals } : {}),
    ...(request.decision ? { decision: request.decision } : {}),
    ...(request.overdueSince ? { overdueSince: request.overdueSince } : {}),
    ...(request.restriction ? { restriction: request.restriction } : {}),
    ...shownLetter(letter, request),
    ...(letter?.applied ? { applied: letter.applied } : {}),
    ...shownPackage(request),
    ...(execution
      ? {
          execution: {
            attempts: execution.attempts,
            ...(execution.stalledAt ? { stalledAt: execution.stalledAt } : {}),
          },
        }
      : {}),
    history: history.map(({ at, actor, action, from, to, reason }) => ({
      at,
      actor,
      action,
      ...(from ? { from } : {}),
      ...(to ? { to } : {}),
      ...(reason === undefined ? {} : { reason }),
    })),
    messages: messages.map(({ id, at, from, staffId, text }) => ({
      id,
      at,
      from,
      ...(staffId === undefined ? {} : { staffId }),
      text,
    })),
    notes: notes.map(({ id, at, staffId, text }) => ({ id, at, staffId, text })),
    identityProofs: proofs.map(shownProof),
    possibleDuplicates: more.possibleDuplicates,
  };
}
