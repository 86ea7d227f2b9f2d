import type { Account } from '../../shared/accounts/index.ts';
import { classOf, type MailTemplate, mayBeSent, purposeOfClass } from '../../shared/notifications/index.ts';
import type { Stored } from '../../shared/platform/cosmos/document-store.ts';
import type { ProcessingGate } from '../../shared/processing-gate/index.ts';
import type { UserSpace } from '../../shared/user-space/index.ts';

/** Whether a mail may go to the holder of an account now. */
export type MayBeMailed = (
  account: Stored<Account>,
  template: MailTemplate,
  parameters: object,
  now: Date,
) => Promise<boolean>;

interface MailPermissionServices {
  readonly gate: ProcessingGate;
  readonly space: Pick<UserSpace, 'preferences'>;
}

/** Asks the processing gate and the person's preferences at the moment of sending, whatever was true when the mail was written (clauses D4-D6). */
export function mailPermission({ gate, space }: MailPermissionServices): MayBeMailed {
  return async (account, template, parameters, now) => {
    const mailClass = classOf(template);
    const purpose = mailClass === 'service' || mailClass === 'news' ? purposeOfClass[mailClass] : undefined;
    const [permission] = purpose ? await gate.askAll(account, [purpose], now) : [];
    const { topic } = parameters as { readonly topic?: string };
    const chosen =
      mailClass === 'news' && topic ? await space.preferences(account.accountId, account.profile.language) : undefined;
    return mayBeSent(mailClass, {
      account: account.status,
      restricted: account.restriction !== undefined,
      isPurposePermitted: permission === 'permitted',
      isTopicOff: topic !== undefined && chosen?.notifications?.[topic] === false,
    });
  };
}
