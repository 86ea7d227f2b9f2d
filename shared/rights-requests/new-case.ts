import { randomInt } from 'node:crypto';
import type { BatchStep } from '../platform/cosmos/document-store.ts';
import { newId, type RequestId } from '../platform/ids.ts';
import { hashSecret, keyedHash, newSecret, type PlainSecret } from '../platform/keys/secrets.ts';
import type { Language } from '../platform/language.ts';
import { parisDay } from '../platform/paris-time.ts';
import {
  CASE_ID,
  type CaseClock,
  type CaseLetter,
  CLOCK_ID,
  type Contact,
  LETTER_ID,
  type Rectification,
  type Representative,
  type RightsRequest,
} from './case.ts';
import type { Channel, RequestType } from './case-rules.ts';
import { answerDay, type CalendarDay, endOfParisDay, milestoneInstants } from './legal-calendar-rules.ts';

/** What is asked for, whoever writes it down. */
export interface Submission {
  readonly type: RequestType;
  readonly details?: string | undefined;
  readonly rectifications?: readonly Rectification[] | undefined;
  readonly statement?: string | undefined;
  readonly purposes?: readonly string[] | undefined;
  readonly representative?: Representative | undefined;
}

/** From whom, and how it came. */
export interface Origin {
  readonly channel: Channel;
  readonly receivedAt: Date;
  readonly contact: Contact;
  readonly language: Language;
  readonly accountId?: RightsRequest['accountId'] | undefined;
  readonly emailKey?: string | undefined;
}

// Crockford's base 32: no letter that could be read as a digit, and no vowel but A and E.
const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';

/** `2026-7K3F-9QWX`: short enough to be said over the phone; the id is what is unique. */
function newReference(day: CalendarDay): string {
  const letters = Array.from({ length: 8 }, () => ALPHABET[randomInt(ALPHABET.length)]).join('');
  return `${day.slice(0, 4)}-${letters.slice(0, 4)}-${letters.slice(4)}`;
}

/** A keyed pseudonym of a name, the same however it is accented or spaced. */
export function nameKeyOf(key: Buffer, { givenName, familyName }: Pick<Contact, 'givenName' | 'familyName'>): string {
  const plain = `${givenName} ${familyName}`.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase();
  return keyedHash(
    key,
    'case-name',
    plain
      .split(/[^\p{L}\p{N}]+/u)
      .join(' ')
      .trim(),
  );
}

export interface NewCase {
  readonly case: RightsRequest;
  /** What the person wrote, and the reminders of the desk. */
  readonly steps: readonly BatchStep[];
}

/** A case as it begins: its deadline counted from the day of receipt, by the server's clock or the desk's stamp, never by the requester. */
export function newCase(key: Buffer, submission: Submission, origin: Origin): NewCase {
  const { channel, receivedAt, contact, language, accountId, emailKey } = origin;
  const requestId: RequestId = newId('req');
  const receivedOn = parisDay(receivedAt);
  const dueAt = endOfParisDay(answerDay(receivedOn)).toISOString();
  const { type: requestType, details, rectifications, statement, purposes, representative } = submission;
  const nameKey = nameKeyOf(key, contact);
  const request: RightsRequest = {
    id: CASE_ID,
    type: 'rights-request',
    requestId,
    reference: newReference(receivedOn),
    requestType,
    channel,
    status: 'in-review',
    language,
    receivedAt: receivedAt.toISOString(),
    receivedOn,
    dueAt,
    identity: { state: 'not-needed' },
    contact,
    nameKey,
    subject: accountId ?? emailKey ?? nameKey,
    ...(representative ? { representative } : {}),
    ...(purposes ? { purposes: [...new Set(purposes)] } : {}),
    ...(accountId ? { accountId } : {}),
    ...(emailKey ? { emailKey } : {}),
    entries: 0,
    sortKey: '',
    receivedKey: '',
  };
  const letter: CaseLetter = {
    id: LETTER_ID,
    type: 'case-letter',
    ...(details === undefined ? {} : { details }),
    ...(rectifications === undefined ? {} : { rectifications }),
    ...(statement === undefined ? {} : { statement }),
  };
  return { case: request, steps: [{ create: letter }] };
}

/** Sets the desk's reminders going. */
export function newClock({ receivedAt, dueAt }: RightsRequest): BatchStep {
  const clock: CaseClock = {
    id: CLOCK_ID,
    type: 'case-clock',
    dueAt,
    done: [],
    attempts: 0,
    pendingAt: milestoneInstants(receivedAt, dueAt)['half-time'],
  };
  return { create: clock };
}

/** A tracking code, for who follows a case without an account: what they get, and what is kept of it. */
export function newTrackingCode(): { readonly code: PlainSecret; readonly hash: RightsRequest['trackingHash'] } {
  const code = newSecret();
  return { code, hash: hashSecret(code) };
}
