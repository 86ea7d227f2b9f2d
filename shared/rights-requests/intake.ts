import { type Account, loginIdOf } from '../accounts/index.ts';
import type { MailBudget } from '../notifications/index.ts';
import { DAY, MINUTE, plus } from '../platform/clock.ts';
import type { BatchStep, Stored } from '../platform/cosmos/document-store.ts';
import type { AccountId } from '../platform/ids.ts';
import type { Language } from '../platform/language.ts';
import { parisDay } from '../platform/paris-time.ts';
import type { CaseEffect, Contact, RightsRequest } from './case.ts';
import { type Channel, statusAfter } from './case-rules.ts';
import type { CaseStore } from './case-store.ts';
import { noonOfParisDay } from './legal-calendar-rules.ts';
import type { CaseLetters } from './letters.ts';
import { newCase, newClock, newTrackingCode, type Submission } from './new-case.ts';
import type { OneTimeCodes } from './one-time-code.ts';

/** A request whose e-mail nobody confirms is gone after this long. */
const UNCONFIRMED_KEPT = 7 * DAY;

/** The timer takes over what takes effect at once when the process that should have done it has died. */
const IF_DIED = MINUTE;

interface IntakePlatform {
  readonly store: CaseStore;
  readonly letters: CaseLetters;
  readonly codes: OneTimeCodes;
  readonly budget: MailBudget;
  readonly loginKey: Buffer;
  /** Applies what takes effect before anybody decides. */
  readonly settle: (requestId: string, now: Date) => Promise<void>;
}

export interface DeskSubmission extends Submission {
  readonly channel: Exclude<Channel, 'extranet'>;
  /** A calendar day in Europe/Paris, not after today. */
  readonly receivedOn: string;
  readonly contact: Contact;
  readonly language: Language;
  readonly accountId?: RightsRequest['accountId'] | undefined;
}

type Confirmed =
  | { readonly outcome: 'changed'; readonly case: RightsRequest }
  | { readonly outcome: 'not-found' | 'not-awaited' | 'wrong' | 'used-up' };

type Resent =
  | { readonly outcome: 'sent' | 'not-found' | 'not-awaited' }
  | { readonly outcome: 'too-many'; readonly retryAfterSeconds: number };

const isAnothers = ({ accountId }: RightsRequest, by: AccountId | undefined) =>
  accountId !== undefined && accountId !== by;

/**
 * Whether a request of the signed-in person takes effect before anybody decides: a restriction, an objection to prospecting (absolute, art. 21(3)),
 * and the withdrawal of one's own consent (clause G8).
 */
function takesEffectAtOnce({ requestType, purposes = [] }: RightsRequest): boolean {
  if (requestType === 'objection') return purposes.includes('prospecting');
  return requestType === 'restriction' || requestType === 'consent-withdrawal';
}

/** The ways in: the signed-in person, somebody without an account, and the desk that opens a letter (clause G9). */
export function intake({ store, letters, codes, budget, loginKey, settle }: IntakePlatform) {
  function acknowledgement(request: RightsRequest, now: Date, trackingCode?: string): readonly BatchStep[] {
    const { reference, requestType, dueAt } = request;
    const link = letters.linkTo(request);
    const parameters = { reference, requestType, dueAt, link, ...(trackingCode ? { trackingCode } : {}) };
    return letters.toPerson(request, 'case-received', parameters, now);
  }

  return {
    /** From the signed-in person: signing in is proof enough, so that the case is in review at once. */
    async submit(submission: Submission, account: Stored<Account>, now: Date): Promise<RightsRequest> {
      const { email, givenName, familyName, language } = account.profile;
      const begun = newCase(loginKey, submission, {
        channel: 'extranet',
        receivedAt: now,
        contact: { email, givenName, familyName },
        language,
        accountId: account.accountId,
        emailKey: account.loginId,
      });
      const effect: CaseEffect = {
        id: 'effect',
        type: 'case-effect',
        attempts: 0,
        pendingAt: plus(now, IF_DIED).toISOString(),
      };
      const steps = [
        ...begun.steps,
        newClock(begun.case),
        ...acknowledgement(begun.case, now),
        ...(takesEffectAtOnce(begun.case) ? [{ create: effect }] : []),
      ];
      const opened = await store.open({ next: begun.case, actor: { kind: 'person' }, action: 'submitted', steps }, now);
      // Settled before the answer; should that fail, the work is committed and the timer does it within a minute.
      if (takesEffectAtOnce(opened)) await settle(opened.requestId, now).catch(() => undefined);
      return opened;
    },

    /**
     * From somebody without a sign-in: the e-mail must be confirmed first. Answers a tracking code, or how long to wait when the address has been
     * written to too often today. Nothing tells whether the address has an account.
     */
    async submitUnconfirmed(
      submission: Submission,
      contact: Contact & { readonly email: string },
      language: Language,
      now: Date,
    ): Promise<
      { readonly case: RightsRequest; readonly trackingCode: string } | { readonly retryAfterSeconds: number }
    > {
      const emailKey = loginIdOf(loginKey, contact.email);
      const begun = newCase(loginKey, submission, {
        channel: 'extranet',
        receivedAt: now,
        contact,
        language,
        emailKey,
      });
      const wait = await budget.take('rights-request', emailKey, begun.case.requestId, now);
      if (wait > 0) return { retryAfterSeconds: wait };
      const tracking = newTrackingCode();
      const request: RightsRequest = {
        ...begun.case,
        status: 'awaiting-confirmation',
        trackingHash: tracking.hash as NonNullable<typeof tracking.hash>,
        expiresAt: plus(now, UNCONFIRMED_KEPT).toISOString(),
      };
      const code = await codes.issue(request.requestId, 'confirmation', now);
      if (code.outcome !== 'issued') return { retryAfterSeconds: code.retryAfterSeconds };
      const steps = [...begun.steps, code.step, ...codeMail(request, code, now)];
      const opened = await store.open({ next: request, actor: { kind: 'person' }, action: 'submitted', steps }, now);
      return { case: opened, trackingCode: tracking.code };
    },

    /**
     * Confirms the e-mail; the documents of the case lose the end that an unconfirmed one has. A case that belongs to an account is there for
     * its holder, `by`, alone.
     */
    async confirm(requestId: string, code: string, by: AccountId | undefined, now: Date): Promise<Confirmed> {
      return store.change<'not-found' | 'not-awaited' | 'wrong' | 'used-up'>(requestId, now, async (current) => {
        if (isAnothers(current, by)) return 'not-found';
        const status = statusAfter(current, 'confirm', now);
        if (!status) return 'not-awaited';
        const tried = await codes.attempt(current.requestId, 'confirmation', code, now);
        if (tried.outcome !== 'right') return tried.outcome;
        const lasting = (await store.file(requestId)).flatMap((document): BatchStep[] => {
          if (document.type !== 'case-letter' && document.type !== 'case-history') return [];
          const { _etag: etag, expiresAt: _end, ttl: _ttl, ...kept } = document;
          return [{ replace: kept, etag }];
        });
        const { expiresAt: _end, ttl: _ttl, ...kept } = current;
        const next: RightsRequest = { ...kept, status };
        const steps = [...tried.use, ...lasting, newClock(next), ...acknowledgement(next, now)];
        return { next, actor: { kind: 'person' }, action: 'confirmed', steps };
      });
    },

    /** Mails a new code; the one before is worth nothing any more. */
    async resend(requestId: string, by: AccountId | undefined, now: Date): Promise<Resent> {
      for (;;) {
        const current = await store.read(requestId);
        if (!current || isAnothers(current, by)) return { outcome: 'not-found' };
        if (!statusAfter(current, 'confirm', now)) return { outcome: 'not-awaited' };
        const code = await codes.issue(current.requestId, 'confirmation', now);
        if (code.outcome !== 'issued') return code;
        if (await store.add(current, [code.step, ...codeMail(current, code, now)], now)) return { outcome: 'sent' };
      }
    },

    /** What came by letter, e-mail, phone or in person, with the day on which it was received: the clock runs from there. */
    async record(
      submission: DeskSubmission,
      staffId: string,
      now: Date,
    ): Promise<{ readonly outcome: 'opened'; readonly case: RightsRequest } | { readonly outcome: 'in-the-future' }> {
      const { channel, receivedOn, contact, language, accountId } = submission;
      const today = parisDay(now);
      if (receivedOn > today) return { outcome: 'in-the-future' };
      const begun = newCase(loginKey, submission, {
        channel,
        receivedAt: receivedOn === today ? now : noonOfParisDay(receivedOn),
        contact,
        language,
        accountId,
        emailKey: contact.email === undefined ? undefined : loginIdOf(loginKey, contact.email),
      });
      const tracking = accountId === undefined && contact.email !== undefined ? newTrackingCode() : undefined;
      const next: RightsRequest = tracking?.hash ? { ...begun.case, trackingHash: tracking.hash } : begun.case;
      const steps = [...begun.steps, newClock(next), ...acknowledgement(next, now, tracking?.code)];
      const opened = await store.open({ next, actor: { kind: 'staff', id: staffId }, action: 'recorded', steps }, now);
      return { outcome: 'opened', case: opened };
    },
  };

  function codeMail(
    request: RightsRequest,
    { code, validUntil }: { readonly code: string; readonly validUntil: string },
    now: Date,
  ): readonly BatchStep[] {
    const parameters = { reference: request.reference, code, expiresAt: validUntil };
    return letters.toPerson(request, 'case-confirmation-code', parameters, now);
  }
}
