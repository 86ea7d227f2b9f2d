import { randomBytes } from 'node:crypto';
import { DAY, plus, secondsUntil } from '../platform/clock.ts';
import type { Document } from '../platform/cosmos/document-store.ts';
import type { AccountId, ConsentId, VisitorId } from '../platform/ids.ts';
import { keyedHash } from '../platform/keys/secrets.ts';
import type { Language } from '../platform/language.ts';
import {
  type Answer,
  type Answers,
  type Choices,
  type ConsentStatus,
  decided,
  horizon,
  statusOf,
  termsOf,
} from './rules.ts';

/** Whose consents: an account's, a device's before sign-in, or both at once, when the device of a signed-in person is known. */
export interface ConsentSubject {
  readonly accountId?: AccountId;
  readonly visitorId?: VisitorId;
}

/** The interface that asked: its name, its version, and the hash of the configuration that it showed. */
export interface ConsentClient {
  readonly name: string;
  readonly version: string;
  readonly configHash: string;
}

/** What proves a choice (art. 7(1); CNIL 2020-092). No network address and no user agent: they would prove nothing more. */
export interface ConsentProof {
  readonly noticeVersion: string;
  /** SHA-256 in hexadecimal of the notice as it was served in `noticeLanguage`. */
  readonly noticeSha256: string;
  /** The language of the notice: French where there is none in the language that was asked for. */
  readonly noticeLanguage: Language;
  readonly language: Language;
  /** The act: which button, or what else was done. */
  readonly mechanism: string;
  readonly client?: ConsentClient;
}

/** `Sec-GPC: 1`: an objection to selling or sharing, never an answer to a consent question. */
export interface PrivacySignals {
  readonly gpc: boolean;
}

/** One decision, on record for ever, that is until 13 months after it (append-only). */
export interface ConsentDecision extends Document {
  readonly id: ConsentId;
  readonly type: 'consent-decision';
  /** The order in which the record took its decisions, from 1. */
  readonly sequence: number;
  readonly choices: Readonly<Record<string, { readonly answer: Answer; readonly status: ConsentStatus }>>;
  readonly proof: ConsentProof;
  readonly signals: PrivacySignals;
  readonly decidedAt: string;
  readonly askAgainAt: string;
  /** 13 calendar months after `decidedAt`: from then on nothing shows it, and `expire-consents` deletes it. */
  readonly endsAt: string;
  /** Set when it was taken on a device and joined the account at this instant. */
  readonly joinedAt?: string;
}

/** A device whose decisions have joined the account, up to this one. */
export interface JoinedDevice {
  readonly partition: string;
  readonly sequence: number;
}

export const STATE_ID = 'state';

/** What stands now, in the same partition as the decisions that it follows from, written in the same batch. */
export interface ConsentState extends Document {
  readonly id: typeof STATE_ID;
  readonly type: 'consent-state';
  /** Number of the latest decision. */
  readonly latest: number;
  readonly choices: Choices;
  readonly signals: PrivacySignals;
  /** The first instant at which one of the choices ends: `expire-consents` then takes it out. */
  readonly endsAt: string;
  /** When the last of them ends, and nothing is left. */
  readonly overAt: string;
  /** Only in the record of an account. */
  readonly devices?: readonly JoinedDevice[];
}

/**
 * The nightly timer deletes at `endsAt` and counts; the item's own `ttl` is the net under it, hung low enough to outlast an outage that operators
 * have to notice and mend.
 */
const TTL_MARGIN = 35 * DAY;

/** The `ttl` of a document of this container, written at `now`, of which nothing is left after `end`. */
export function ttlUntil(end: string, now: Date): number {
  return secondsUntil(now, plus(new Date(end), TTL_MARGIN));
}

const PARTITION_LENGTH = 22;
const RANDOM_BYTES = 16;

/** The pseudonym under which somebody's consents lie: neither the visitor id nor the account id is in the container. */
export function partitionOf(key: Buffer, kind: 'account' | 'visitor', id: AccountId | VisitorId): string {
  return keyedHash(key, `consents-of-${kind}`, id).slice(0, PARTITION_LENGTH);
}

/** An unguessable id that leads to its partition without a query, and to nobody without the key. */
export function consentIdIn(partition: string): ConsentId {
  return `cns_${partition}${randomBytes(RANDOM_BYTES).toString('base64url')}`;
}

/** The partition that a consent id leads to; nothing for what is no such id. */
export function partitionOfConsent(id: string): string | undefined {
  return /^cns_([\w-]{22})[\w-]{22}$/.exec(id)?.[1];
}

/** Choices as a state document, with the terms that follow from them. At least one choice must stand. */
export function stateOf(
  content: Pick<ConsentState, 'latest' | 'choices' | 'signals' | 'devices'>,
  now: Date,
): ConsentState {
  const ends = horizon(content.choices);
  if (!ends) throw new Error('a consent state without choices');
  const { firstEnd: endsAt, lastEnd: overAt } = ends;
  return { id: STATE_ID, type: 'consent-state', ...content, endsAt, overAt, ttl: ttlUntil(overAt, now) };
}

/** A decision, and the state that follows from it and from what stood before. */
export function decisionOn(
  before: Pick<ConsentState, 'latest' | 'choices' | 'devices'>,
  {
    id,
    answers,
    proof,
    signals,
    device,
  }: {
    readonly id: ConsentId;
    readonly answers: Answers;
    readonly proof: ConsentProof;
    readonly signals: PrivacySignals;
    /** The device on which the same decision was recorded. */
    readonly device?: JoinedDevice;
  },
  now: Date,
): { readonly decision: ConsentDecision; readonly state: ConsentState } {
  const sequence = before.latest + 1;
  const terms = termsOf(now);
  const { expiresAt: endsAt, ...shown } = terms;
  const choices = Object.fromEntries(
    Object.entries(answers).map(([purpose, answer]) => [
      purpose,
      { answer, status: statusOf(before.choices[purpose], answer) },
    ]),
  );
  const decision: ConsentDecision = {
    id,
    type: 'consent-decision',
    sequence,
    choices,
    proof,
    signals,
    ...shown,
    endsAt,
    ttl: ttlUntil(endsAt, now),
  };
  const devices = device ? withDevice(before.devices, device) : before.devices;
  const state = stateOf(
    {
      latest: sequence,
      choices: decided(before.choices, answers, { id, sequence }, terms),
      signals,
      ...(devices ? { devices } : {}),
    },
    now,
  );
  return { decision, state };
}

/** More devices of one person than this are not remembered; the one that joined longest ago is forgotten first. */
const MAX_DEVICES = 50;

/** The joined devices with this one as the latest. */
export function withDevice(
  devices: readonly JoinedDevice[] | undefined,
  device: JoinedDevice,
): readonly JoinedDevice[] {
  const others = (devices ?? []).filter(({ partition }) => partition !== device.partition);
  return [device, ...others].slice(0, MAX_DEVICES);
}
