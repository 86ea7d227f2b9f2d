/** What a person says to one purpose. Silence is refusal: no answer counts as no consent. */
export const answers = ['granted', 'denied'] as const;
export type Answer = (typeof answers)[number];

/** What an answer did to the consent, in the words of the W3C Data Privacy Vocabulary 2.3. */
export type ConsentStatus = 'ConsentGiven' | 'RenewedConsentGiven' | 'ConsentRefused' | 'ConsentWithdrawn';

/** Both a yes and a no are asked about again after this many months (CNIL 2020-092). */
const ASK_AGAIN_MONTHS = 6;
/** No consent is kept for longer (clause H3). */
const KEPT_MONTHS = 13;

/** The instants that follow from one decision; nothing that happens later moves them (clause H3). */
export interface DecisionTerms {
  readonly decidedAt: string;
  readonly askAgainAt: string;
  readonly expiresAt: string;
}

/** The answer that stands for a purpose, and the decision that gave it. */
export interface Choice extends DecisionTerms {
  readonly answer: Answer;
  readonly status: ConsentStatus;
  readonly decisionId: string;
  /** Number of that decision in its record. */
  readonly sequence: number;
}

/** By purpose id. */
export type Choices = Readonly<Record<string, Choice>>;
export type Answers = Readonly<Record<string, Answer>>;

/**
 * `instant` moved by whole calendar months in UTC, at the same time of day; a day that the month does not have becomes its last. UTC, because
 * the API speaks it and because no change of summer time can then make a term an hour longer than the months say.
 */
export function addMonths(instant: Date, months: number): Date {
  const moved = new Date(instant);
  moved.setUTCDate(1);
  moved.setUTCMonth(moved.getUTCMonth() + months);
  const lastDay = new Date(Date.UTC(moved.getUTCFullYear(), moved.getUTCMonth() + 1, 0)).getUTCDate();
  moved.setUTCDate(Math.min(instant.getUTCDate(), lastDay));
  return moved;
}

/** Asked again after 6 calendar months, over after 13. */
export function termsOf(decidedAt: Date): DecisionTerms {
  return {
    decidedAt: decidedAt.toISOString(),
    askAgainAt: addMonths(decidedAt, ASK_AGAIN_MONTHS).toISOString(),
    expiresAt: addMonths(decidedAt, KEPT_MONTHS).toISOString(),
  };
}

/** The choices that have not ended. Whoever reads choices reads them through this: the store may lag behind. */
export function standing(choices: Choices, now: Date): Choices {
  const instant = now.toISOString();
  return Object.fromEntries(Object.entries(choices).filter(([, choice]) => choice.expiresAt > instant));
}

/** The purposes that stand granted now. */
export function grantedPurposes(choices: Choices, now: Date): readonly string[] {
  return Object.entries(standing(choices, now)).flatMap(([purpose, { answer }]) =>
    answer === 'granted' ? [purpose] : [],
  );
}

/** What an answer does to the choice that stood before it. */
export function statusOf(before: Choice | undefined, answer: Answer): ConsentStatus {
  if (answer === 'granted') return before?.answer === 'granted' ? 'RenewedConsentGiven' : 'ConsentGiven';
  return before?.answer === 'granted' ? 'ConsentWithdrawn' : 'ConsentRefused';
}

/** A decision, numbered by the order in which the record took it. */
export interface NumberedDecision {
  readonly id: string;
  readonly sequence: number;
}

/** The choices after a decision: what it answers is replaced, what it does not mention stays as it was, with its own terms. */
export function decided(
  before: Choices,
  given: Answers,
  { id, sequence }: NumberedDecision,
  terms: DecisionTerms,
): Choices {
  const answered = Object.entries(given).map(([purpose, answer]): [string, Choice] => [
    purpose,
    { answer, status: statusOf(before[purpose], answer), decisionId: id, sequence, ...terms },
  ]);
  return { ...before, ...Object.fromEntries(answered) };
}

/** The answers that withdraw what stands granted, of these purposes or of all (clause G8). */
export function withdrawal(choices: Choices, purposes?: readonly string[]): Answers {
  const granted = Object.entries(choices).filter(
    ([purpose, { answer }]) => answer === 'granted' && (purposes === undefined || purposes.includes(purpose)),
  );
  return Object.fromEntries(granted.map(([purpose]) => [purpose, 'denied' as const]));
}

/**
 * The choices of an account once a device's choices from before the sign-in have joined it. What only one of them answered is taken over with
 * its own terms; where they differ, refusal wins, whichever is later.
 */
export function joined(account: Choices, device: Choices): Choices {
  const taken = Object.entries(device).filter(([purpose, choice]) => {
    const own = account[purpose];
    return own === undefined || (own.answer === 'granted' && choice.answer === 'denied');
  });
  const settled = taken.map(([purpose, choice]): [string, Choice] => [
    purpose,
    { ...choice, status: statusOf(account[purpose], choice.answer) },
  ]);
  return { ...account, ...Object.fromEntries(settled) };
}

/** The soonest and the last of the instants at which something here must be asked again or ends; nothing when there are no choices. */
export function horizon(choices: Choices) {
  const all = Object.values(choices);
  if (all.length === 0) return undefined;
  const by = (field: keyof DecisionTerms) => all.map((choice) => choice[field]).toSorted();
  return {
    decidedAt: by('decidedAt').at(-1) ?? '',
    askAgainAt: by('askAgainAt')[0] ?? '',
    firstEnd: by('expiresAt')[0] ?? '',
    lastEnd: by('expiresAt').at(-1) ?? '',
  };
}
