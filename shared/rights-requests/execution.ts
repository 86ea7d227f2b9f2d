import type { AccountStore } from '../accounts/index.ts';
import type { DataSubject, Erasure, KeptData, Packages } from '../personal-data/index.ts';
import { type Clock, SECOND } from '../platform/clock.ts';
import type { BatchStep, Stored } from '../platform/cosmos/document-store.ts';
import type { PendingWork, WorkHandler } from '../platform/pending-work.ts';
import { type CaseDocument, EXECUTION_ID, LETTER_ID, type RightsRequest } from './case.ts';
import { statusAfter } from './case-rules.ts';
import type { CaseStore } from './case-store.ts';
import type { Applied, Effects, TellRecipients } from './effects.ts';
import type { CaseLetters } from './letters.ts';
import type { RectificationUseCase } from './rectification.ts';

interface ExecutionPlatform {
  readonly store: CaseStore;
  readonly letters: CaseLetters;
  readonly effects: Effects;
  readonly rectification: RectificationUseCase;
  readonly accountStore: Pick<AccountStore, 'login' | 'account'>;
  readonly packages: Packages | undefined;
  readonly erasure: Erasure | undefined;
  readonly tellRecipients: TellRecipients;
  readonly clock: Clock;
  readonly nudge: (requestId: string) => void;
}

type ChangeOfCase = (current: RightsRequest) => RightsRequest;

/** What carrying out has come to. */
type Progress =
  /** All is done: what it changes in the case, and what the person is told. */
  | { readonly outcome: 'done'; readonly change?: ChangeOfCase; readonly steps: readonly BatchStep[] }
  /** The program's part is done, and a person does the rest and completes the case. */
  | { readonly outcome: 'by-hand'; readonly change?: ChangeOfCase; readonly steps: readonly BatchStep[] }
  /** Checkpointed; to be gone on with. */
  | { readonly outcome: 'again' };

/** One call goes on with an erasure for so long; the claim on the work lasts longer. */
const PATIENCE = 45 * SECOND;
/** Documents of a case that one batch removes beside its other steps. */
const REMOVED_IN_ONE_BATCH = 80;

/**
 * Carries out what people have approved (clauses G1-G8), at least once: every step may be repeated after a death at any line. What was recorded by
 * the desk is closed by the desk, which answers the way the letter came; only an erasure closes itself in every case, since it is
 * complete by proof alone.
 */
export function execution(platform: ExecutionPlatform) {
  const { store, letters, effects, rectification, accountStore, packages, erasure, tellRecipients, clock, nudge } =
    platform;

  /** The case as executing; from now on it names the account that its e-mail has. */
  async function begin(request: Stored<RightsRequest>, now: Date): Promise<RightsRequest | undefined> {
    if (request.status === 'executing') return request;
    const login = request.accountId ?? (request.emailKey && (await accountStore.login(request.emailKey))?.accountId);
    const begun = await store.change<'not-allowed'>(request.requestId, now, (current) => {
      const status = statusAfter(current, 'begin', now);
      if (!status) return 'not-allowed';
      const next: RightsRequest = { ...current, status, ...(login ? { accountId: login, subject: login } : {}) };
      return { next, actor: { kind: 'system' }, action: 'execution-begun' };
    });
    return begun.outcome === 'changed' ? begun.case : undefined;
  }

  const subjectOf = ({ accountId, emailKey }: RightsRequest): DataSubject => ({
    ...(accountId ? { accountId } : {}),
    ...(emailKey ? { emailKey } : {}),
  });

  async function carryOut(request: RightsRequest, now: Date): Promise<Progress> {
    switch (request.requestType) {
      case 'access':
      case 'portability':
        return buildPackage(request, now);
      case 'erasure':
        return erase(request, now);
      case 'rectification': {
        const applied = await rectification.apply(request, now);
        if (applied === 'applied')
          await tellRecipients(subjectOf(request), { act: 'rectification', requestId: request.requestId }, now);
        return told(request, applied, now);
      }
      case 'restriction': {
        const applied = await effects.apply(request, now);
        const inForce: ChangeOfCase = (current) =>
          current.restriction ? current : { ...current, restriction: { since: now.toISOString() } };
        const progress = told(request, applied, now);
        return applied === 'applied' && progress.outcome !== 'again' ? { ...progress, change: inForce } : progress;
      }
      default:
        return told(request, await effects.apply(request, now), now);
    }
  }

  /** The person of a case that closes itself is told that it is done; of the others the desk tells when it completes. */
  function told(request: RightsRequest, applied: Applied, now: Date): Progress {
    if (applied === 'by-hand' || request.channel !== 'extranet') return { outcome: 'by-hand', steps: [] };
    const { reference, requestType } = request;
    const parameters = { reference, requestType, link: letters.linkTo(request) };
    return { outcome: 'done', steps: letters.toPerson(request, 'case-completed', parameters, now) };
  }

  async function buildPackage(request: RightsRequest, now: Date): Promise<Progress> {
    const { packageId, requestId, requestType, language, reference } = request;
    if (!packages || !packageId) return { outcome: 'by-hand', steps: [] };
    const kind = requestType === 'portability' ? 'portability' : 'access';
    const built = await packages.build({ packageId, kind, requestId, subject: subjectOf(request), language }, now);
    const change: ChangeOfCase = (current) => ({ ...current, package: built });
    const parameters = { reference, expiresAt: built.expiresAt, link: letters.linkTo(request) };
    const steps = letters.toPerson(request, 'case-package-ready', parameters, now);
    return { outcome: request.channel === 'extranet' ? 'done' : 'by-hand', change, steps };
  }

  async function erase(request: RightsRequest, now: Date): Promise<Progress> {
    const subject = subjectOf(request);
    const { requestId, reference } = request;
    if (!erasure || Object.keys(subject).length === 0) return { outcome: 'by-hand', steps: [] };
    const until = clock.now().getTime() + PATIENCE;
    const task = { erasureId: requestId, subject, reason: 'request', requestId } as const;
    let progress = await erasure.advance(task, now);
    while (progress.outcome === 'under-way' && clock.now().getTime() < until)
      progress = await erasure.advance(task, now);
    if (progress.outcome === 'under-way') return { outcome: 'again' };
    await tellRecipients(subject, { act: 'erasure', requestId }, now);
    // The last mail is queued with its address in the very batch that takes the address out of the case.
    const parameters = { reference, at: progress.erasedAt, kept: progress.kept.map((kept) => reasonOf(kept, request)) };
    const mail = letters.toPerson(request, 'case-erased', parameters, now);
    return { outcome: 'done', change: nameless, steps: [...mail, ...(await wordsOf(requestId))] };
  }

  /** Steps that remove what was written in the case. */
  async function wordsOf(requestId: string): Promise<readonly BatchStep[]> {
    const words: readonly CaseDocument['type'][] = ['case-message', 'case-note'];
    const file = await store.file(requestId);
    return file
      .filter(({ id, type }) => id === LETTER_ID || words.includes(type))
      .slice(0, REMOVED_IN_ONE_BATCH)
      .map(({ id, _etag: etag }) => ({ remove: id, etag }));
  }

  return {
    /** The handler of approved cases. */
    executing: (async (work, { partition }, now) => {
      const found = await store.read(partition);
      const request = found && (await begin(found, now));
      if (!request) {
        await store.container.remove(partition, work.id, work._etag); // closed meanwhile
        return;
      }
      const progress = await carryOut(request, now);
      if (progress.outcome === 'again') return goOn(work, partition, now);
      const { outcome, change = (current) => current, steps: told } = progress;
      const actor = { kind: 'system' } as const;
      const steps: readonly BatchStep[] = [...told, { remove: EXECUTION_ID, etag: work._etag }];
      await store.change<'not-allowed'>(partition, now, (current) => {
        const status = statusAfter(current, 'complete', now);
        if (!status) return 'not-allowed';
        if (outcome === 'by-hand') return { next: change(current), actor, action: 'left-to-the-desk', steps };
        const next: RightsRequest = { ...change(current), status, closedAt: now.toISOString() };
        return { next, actor, action: 'completed', steps };
      });
    }) satisfies WorkHandler,
  };

  /** Progress is no failure: the attempts begin anew. */
  async function goOn(work: Stored<PendingWork>, partition: string, now: Date): Promise<void> {
    const { _etag, ...rest } = work;
    await store.container.replace(
      partition,
      { ...rest, attempts: 0, pendingAt: now.toISOString() } as PendingWork,
      _etag,
    );
    nudge(partition);
  }
}

/** The case without the person's name, address and words: what an erasure leaves of it until it ends. */
function nameless({ representative: _one, ...request }: RightsRequest): RightsRequest {
  return { ...request, contact: { givenName: '—', familyName: '—' } };
}

function reasonOf({ title, reason, legalReference }: KeptData, { language }: RightsRequest): string {
  const colon = language === 'fr' ? '\u00a0:' : ':';
  return `${title[language]}${colon} ${reason[language]} (${legalReference})`;
}
