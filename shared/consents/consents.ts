import type { AccountId, VisitorId } from '../platform/ids.ts';
import { newId } from '../platform/ids.ts';
import type { Language } from '../platform/language.ts';
import type { ServicePurposes } from '../purposes/index.ts';
import {
  type ConsentClient,
  type ConsentDecision,
  type ConsentProof,
  type ConsentState,
  type ConsentSubject,
  consentIdIn,
  decisionOn,
  type JoinedDevice,
  type PrivacySignals,
  partitionOf,
  partitionOfConsent,
} from './consent-record.ts';
import type { ConsentStore } from './consent-store.ts';
import { joinDevice } from './joining.ts';
import type { ServedNotice, ServedNotices } from './notices.ts';
import { type Answers, type Choices, grantedPurposes, horizon, standing, withdrawal } from './rules.ts';

/** What a person chose, as it was sent. */
export interface GivenChoice {
  readonly noticeVersion: string;
  readonly language: Language;
  readonly choices: Answers;
  readonly mechanism: string;
  readonly client?: ConsentClient;
  readonly signals: PrivacySignals;
}

export type Recorded =
  | {
      readonly outcome: 'recorded';
      readonly decision: ConsentDecision;
      /** The choices that stand after it. */
      readonly choices: Choices;
      readonly visitorId: VisitorId;
    }
  | { readonly outcome: 'unknown-notice' }
  | { readonly outcome: 'unknown-purposes'; readonly purposes: readonly string[] };

/** What stands for somebody. */
export interface ConsentView {
  readonly choices: Choices;
  readonly signals: PrivacySignals;
  /** Of the latest decision that still stands. */
  readonly decidedAt?: string;
  /** The soonest of the standing choices. */
  readonly askAgainAt?: string;
  readonly expiresAt?: string;
}

interface ConsentPlatform {
  readonly store: ConsentStore;
  readonly loginKey: Buffer;
  readonly notices: ServedNotices;
  /** The purposes that may be consented to now. */
  readonly purposes: Pick<ServicePurposes, 'all' | 'consentIds'>;
}

const RECORDS_A_PAGE = 100;
const NO_SIGNALS: PrivacySignals = { gpc: false };
const nothing = { latest: 0, choices: {} } as const;

/** The part of a state that has not ended. */
function live(state: ConsentState | undefined, now: Date): Pick<ConsentState, 'latest' | 'choices' | 'devices'> {
  return state ? { ...state, choices: standing(state.choices, now) } : nothing;
}

/**
 * Consents with their proof (clauses C4, C6, G8, H3, H4, H7): granting, refusing and withdrawing are one call each; a decision is one batch in
 * one partition, and what stands is one point read.
 */
export function consentUseCases({ store, loginKey, notices, purposes }: ConsentPlatform) {
  const accountPartition = (accountId: AccountId) => partitionOf(loginKey, 'account', accountId);
  const visitorPartition = (visitorId: VisitorId) => partitionOf(loginKey, 'visitor', visitorId);

  async function join(accountId: AccountId, devicePartition: string, now: Date): Promise<void> {
    await joinDevice(store, { account: accountPartition(accountId), device: devicePartition }, now);
  }

  /** Where a decision of this subject is recorded: on the device first, so that a crash in between leaves it to be joined later. */
  async function record(
    subject: ConsentSubject & { readonly isNewVisitor?: boolean },
    answersOn: (choices: Choices) => Answers,
    { proof, signals }: { readonly proof: ConsentProof; readonly signals: PrivacySignals },
    now: Date,
  ) {
    const { accountId, visitorId } = subject;
    const append = (partition: string, isNew: boolean, device?: JoinedDevice) =>
      store.change(
        partition,
        (state) => {
          const before = live(state, now);
          const answers = answersOn(before.choices);
          if (Object.keys(answers).length === 0) return undefined;
          const id = consentIdIn(partition);
          const change = { id, answers, proof, signals, ...(device ? { device } : {}) };
          const { decision, state: after } = decisionOn(before, change, now);
          return { decisions: [decision], state: after };
        },
        { isNew },
      );
    if (accountId === undefined) {
      if (visitorId === undefined) return undefined;
      return append(visitorPartition(visitorId), subject.isNewVisitor === true);
    }
    const account = accountPartition(accountId);
    if (visitorId === undefined) return append(account, false);
    const partition = visitorPartition(visitorId);
    await join(accountId, partition, now);
    const onDevice = await append(partition, false);
    return append(account, false, onDevice && { partition, sequence: onDevice.state.latest });
  }

  const proofOf = (notice: ServedNotice, language: Language, mechanism: string, client?: ConsentClient) => ({
    noticeVersion: notice.version,
    noticeSha256: notice.sha256,
    noticeLanguage: notice.language,
    language,
    mechanism,
    ...(client ? { client } : {}),
  });

  async function stateOf(subject: ConsentSubject, now: Date): Promise<ConsentState | undefined> {
    const { accountId, visitorId } = subject;
    if (accountId === undefined) return visitorId === undefined ? undefined : store.state(visitorPartition(visitorId));
    if (visitorId !== undefined) await join(accountId, visitorPartition(visitorId), now);
    return store.state(accountPartition(accountId));
  }

  function shown(state: ConsentState | undefined, now: Date): ConsentView {
    const choices = live(state, now).choices;
    const ends = horizon(choices);
    if (!state || !ends) return { choices: {}, signals: NO_SIGNALS };
    const { decidedAt, askAgainAt, firstEnd: expiresAt } = ends;
    return { choices, signals: state.signals, decidedAt, askAgainAt, expiresAt };
  }

  return {
    accountPartition,
    visitorPartition,

    /**
     * Records what somebody chose. A visitor without an id gets one: a capability, which alone leads to what it has chosen. A signed-in person's
     * choice counts for the account and, where the device is known, for the device as well.
     */
    async decide(subject: ConsentSubject, given: GivenChoice, now: Date): Promise<Recorded> {
      const [notice, known] = await Promise.all([
        notices.served(given.noticeVersion, given.language, now),
        purposes.consentIds(),
      ]);
      if (!notice) return { outcome: 'unknown-notice' };
      const unknown = Object.keys(given.choices).filter((purpose) => !known.has(purpose));
      if (unknown.length > 0) return { outcome: 'unknown-purposes', purposes: unknown };

      const isNewVisitor = subject.visitorId === undefined;
      const visitorId = subject.visitorId ?? newId('vis');
      const who = subject.accountId === undefined ? { visitorId, isNewVisitor } : subject;
      const proof = proofOf(notice, given.language, given.mechanism, given.client);
      const written = await record(who, () => given.choices, { proof, signals: given.signals }, now);
      const decision = written?.decisions[0];
      if (!written || !decision) throw new Error('a choice without an answer');
      return { outcome: 'recorded', decision, choices: written.state.choices, visitorId };
    },

    /** Withdraws what stands granted, of these purposes or of all (clause G8). Nothing granted: nothing is written. */
    async withdraw(
      subject: ConsentSubject,
      how: {
        readonly language: Language;
        readonly mechanism: string;
        readonly signals?: PrivacySignals;
        readonly purposes?: readonly string[];
      },
      now: Date,
    ): Promise<{ readonly decision?: ConsentDecision; readonly view: ConsentView }> {
      const proof = proofOf(await notices.inForce(how.language, now), how.language, how.mechanism);
      const signals = how.signals ?? NO_SIGNALS;
      const written = await record(subject, (choices) => withdrawal(choices, how.purposes), { proof, signals }, now);
      const decision = written?.decisions[0];
      const view = shown(written?.state ?? (await stateOf(subject, now)), now);
      return { view, ...(decision ? { decision } : {}) };
    },

    /** What stands for somebody now. A device's earlier decisions join the account of the person who is signed in on it. */
    async view(subject: ConsentSubject, now: Date): Promise<ConsentView> {
      return shown(await stateOf(subject, now), now);
    },

    /** The purposes that an account has granted and that stand now. Read from the store each time: a withdrawal counts at once. */
    async granted(accountId: string, now: Date): Promise<readonly string[]> {
      const state = await store.state(accountPartition(accountId as AccountId));
      return state ? grantedPurposes(state.choices, now) : [];
    },

    /** Whether the account's browser sends Global Privacy Control: an objection to selling or sharing. */
    async objectsToSharing(accountId: string, now: Date): Promise<boolean> {
      const state = await store.state(accountPartition(accountId as AccountId));
      return shown(state, now).signals.gpc;
    },

    /** The decisions of an account that are still on record, latest first. */
    history: (accountId: AccountId, limit: number, before?: number) =>
      store.decisions(accountPartition(accountId), limit, before),

    /** Joins what was chosen on a device to the account that has signed in on it. Joining twice changes nothing. */
    join,

    /** Whether anything has been chosen on a device. */
    async hasDecisions(devicePartition: string): Promise<boolean> {
      return (await store.state(devicePartition)) !== undefined;
    },

    /**
     * A decision by its id, with the choices that stand now. The id alone is enough, since nobody can guess it; but who says who they are
     * must be its owner: otherwise nothing is found.
     */
    async decision(
      id: string,
      claimed: ConsentSubject,
    ): Promise<
      { readonly decision: ConsentDecision; readonly choices: Choices; readonly principal: string } | undefined
    > {
      const partition = partitionOfConsent(id);
      if (partition === undefined) return undefined;
      const { accountId, visitorId } = claimed;
      const [decision, state] = await Promise.all([store.decision(partition, id), store.state(partition)]);
      const isOwn =
        (accountId === undefined && visitorId === undefined) ||
        (visitorId !== undefined && visitorPartition(visitorId) === partition) ||
        (accountId !== undefined && (await belongsTo(accountId, partition)));
      return decision && isOwn ? { decision, choices: state?.choices ?? {}, principal: partition } : undefined;
    },

    /** Every decision on record of an account and of the devices that have joined it, each with what stands in its record now. */
    async *recordsOf(accountId: AccountId) {
      const own = accountPartition(accountId);
      const devices = (await store.state(own))?.devices ?? [];
      for (const principal of [own, ...devices.map(({ partition }) => partition)]) {
        const choices = (await store.state(principal))?.choices ?? {};
        let before: number | undefined;
        do {
          const page = await store.decisions(principal, RECORDS_A_PAGE, before);
          for (const decision of page.items) yield { decision, choices, principal };
          before = page.next;
        } while (before !== undefined);
      }
    },

    /**
     * Whether data of these categories may be shared on the strength of this consent of the account (C4, C6): what the decision granted must
     * stand granted still, for purposes that use every one of the categories, and the browser must not object to sharing.
     */
    async coversSharing(accountId: AccountId, id: string, categories: readonly string[], now: Date): Promise<boolean> {
      const partition = partitionOfConsent(id);
      if (partition === undefined || !(await belongsTo(accountId, partition))) return false;
      const [decision, state, offered] = await Promise.all([
        store.decision(partition, id),
        store.state(accountPartition(accountId)),
        purposes.all(),
      ]);
      if (!decision || !state || state.signals.gpc) return false;
      const granted = grantedPurposes(state.choices, now).filter(
        (purpose) => decision.choices[purpose]?.answer === 'granted',
      );
      const covered = offered.flatMap((purpose) => (granted.includes(purpose.id) ? purpose.categories : []));
      return categories.every((category) => covered.includes(category));
    },
  };

  /** A record is an account's when it is its own or that of a device that has joined it. */
  async function belongsTo(accountId: AccountId, partition: string): Promise<boolean> {
    const own = accountPartition(accountId);
    if (own === partition) return true;
    const devices = (await store.state(own))?.devices ?? [];
    return devices.some((device) => device.partition === partition);
  }
}

export type ConsentUseCases = ReturnType<typeof consentUseCases>;
