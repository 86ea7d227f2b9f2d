import type { Config } from '../platform/config.ts';
import type { Mailer } from '../platform/mail/mailer.ts';
import type { WorkHandler } from '../platform/pending-work.ts';
import {
  contentOf,
  type DirectRecipient,
  delivered,
  type Notification,
  type NotificationContent,
  withheld,
} from './notification.ts';
import { type MailTemplate, renderMail } from './texts/mail-texts.ts';

/** What to send, to whom, now that it is time: the account may have gone or changed its address since. */
export interface Addressed {
  readonly recipient: DirectRecipient;
  readonly template: MailTemplate;
  readonly parameters: NotificationContent['parameters'];
}

/** Finds who owns a notification of an account; `undefined` when nobody is there to be told any more, or must not be told now. */
export type ResolveRecipient = (
  accountId: string,
  template: MailTemplate,
  parameters: NotificationContent['parameters'],
  notificationId: string,
) => Promise<Addressed | undefined>;

/**
 * The work handler that delivers mails: at least once, under a message id that stays the same, so that a mail system can drop a second
 * copy. The relay's acceptance is recorded by removing the body.
 */
export function deliverNotification(
  config: Pick<Config, 'controller' | 'siteUrl' | 'dataKey'>,
  mailer: Mailer,
  resolve: ResolveRecipient,
): WorkHandler {
  return async (work, { container, partition }, now) => {
    const { _etag, ...notification } = work as typeof work & Notification;
    const { parameters, recipient, accountId } = contentOf(config.dataKey, notification);
    const addressed: Addressed | undefined = recipient
      ? { recipient, template: notification.template, parameters }
      : await resolve(accountId ?? partition, notification.template, parameters, notification.id);
    if (addressed) {
      const { givenName } = addressed.recipient;
      const mail = renderMail(addressed.template, addressed.recipient.language, addressed.parameters, {
        ...(givenName ? { givenName } : {}),
        controllerName: config.controller.name,
        dpoEmail: config.controller.dpo.email,
        siteUrl: config.siteUrl,
      });
      const { address, name } = addressed.recipient;
      await mailer.send({ messageId: notification.id, to: { address, name }, ...mail });
    }
    const done = addressed ? delivered(notification, now) : withheld(notification, now);
    await container.replace(partition, done, _etag);
  };
}
