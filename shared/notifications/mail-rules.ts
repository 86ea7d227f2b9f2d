/**
 * Why a mail is sent, which decides whether it may be:
 *
 * - `case`: about the person's request, the closing of their space, or what the law obliges the controller to tell (art. 12, 34);
 * - `security`: keeps the account its holder's own, or answers what they have just done there (clause F2);
 * - `service`: about the services and their changes, under the contract (clause D5);
 * - `news`: points out content, with consent and only on the topics that the person has not turned off (clause D4).
 */
export type MailClass = 'case' | 'security' | 'service' | 'news';

/** What is known, at the moment of sending, of whom a mail is for. */
export interface MailReader {
  readonly account: 'unverified' | 'active' | 'closing';
  /** GDPR art. 18. */
  readonly restricted: boolean;
  /** Whether the gate permits the purpose of the mail's class: D5 for `service`, D4 for `news`. */
  readonly isPurposePermitted: boolean;
  /** Whether the person has turned the mail's topic off. */
  readonly isTopicOff: boolean;
}

/** The purpose that a class of mails is for, where the processing gate has a say in it. */
export const purposeOfClass = { service: 'D5', news: 'D4' } as const;

/**
 * Whether a mail may go. Who has closed the space, or whose data are restricted, is written to about that alone, whatever they consented to before; only
 * what keeps an account safe still goes to a restricted one, since its holder can still sign in.
 */
export function mayBeSent(mailClass: MailClass, reader: MailReader): boolean {
  const { account, restricted, isPurposePermitted, isTopicOff } = reader;
  switch (mailClass) {
    case 'case':
      return true;
    case 'security':
      return account !== 'closing';
    case 'service':
      return isPurposePermitted && !restricted;
    case 'news':
      return isPurposePermitted && !restricted && !isTopicOff;
  }
}
