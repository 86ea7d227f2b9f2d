import { DAY, plus } from '../platform/clock.ts';
import { type AccountId, type NotificationId, newId } from '../platform/ids.ts';
import { seal, unseal } from '../platform/keys/sealing.ts';
import type { Language } from '../platform/language.ts';
import type { PendingWork } from '../platform/pending-work.ts';
import type { MailParameters, MailTemplate } from './texts/mail-texts.ts';

/** Someone without an account (or the DPO): the address travels sealed with the notification. */
export interface DirectRecipient {
  readonly address: string;
  readonly name: string;
  /** For the greeting. */
  readonly givenName?: string;
  readonly language: Language;
}

/**
 * A mail that is to be sent, waiting in the partition of what it is about. Until delivery it holds its parameters sealed (they can be
 * one-time links); afterwards only the envelope, for 30 days.
 */
export interface Notification extends PendingWork {
  readonly type: 'notification';
  readonly template: MailTemplate;
  readonly createdAt: string;
  /** Whom a mail with a direct recipient goes to, by the pseudonym of the e-mail: the inventory finds it by this. */
  readonly subject?: string;
  readonly sealed?: string;
  readonly deliveredAt?: string;
  readonly withheldAt?: string;
}

/** What is said, and to whom: an address that travels with it, or an account, by default the one in whose partition it waits. */
export interface NotificationContent<T extends MailTemplate = MailTemplate> {
  readonly parameters: MailParameters[T];
  readonly recipient?: DirectRecipient;
  readonly accountId?: AccountId;
  /** The pseudonym of the recipient's e-mail, for mails that wait outside of the recipient's own partition. */
  readonly subject?: string;
}

/** Undelivered mail is given up, and gone, after this long. */
const UNDELIVERED = 30 * DAY;
const ENVELOPE = 30 * DAY;

export function newNotification<T extends MailTemplate>(
  key: Buffer,
  template: T,
  { subject, ...content }: NotificationContent<T>,
  now: Date,
  id: NotificationId = newId('ntf'),
): Notification {
  return {
    id,
    type: 'notification',
    template,
    createdAt: now.toISOString(),
    ...(subject === undefined ? {} : { subject }),
    pendingAt: now.toISOString(),
    attempts: 0,
    sealed: seal(key, id, JSON.stringify(content)),
    expiresAt: plus(now, UNDELIVERED).toISOString(),
  };
}

/** How long a mail may be held back. */
const HELD = 90 * DAY;

/**
 * A mail that is written while its address is still known and sent only when {@link released}: what a person is told once they are erased. Until
 * then no worker finds it.
 */
export function heldBack(notification: Notification, now: Date): Notification {
  const { pendingAt: _pendingAt, ...held } = notification;
  return { ...held, expiresAt: plus(now, HELD).toISOString() };
}

/** The mail, due now; a mail that is waiting, was sent or was given up stays what it is. */
export function released(notification: Notification, now: Date): Notification {
  const isHeld = notification.sealed !== undefined && !notification.pendingAt && !notification.stalledAt;
  if (!isHeld) return notification;
  return { ...notification, pendingAt: now.toISOString(), expiresAt: plus(now, UNDELIVERED).toISOString() };
}

export function contentOf(key: Buffer, notification: Notification): NotificationContent {
  return JSON.parse(unseal(key, notification.id, notification.sealed ?? '')) as NotificationContent;
}

/** What stays of a mail that may not go any more, or for which nobody is there: it was never sent. */
export function withheld(notification: Notification, now: Date): Notification {
  const { sealed: _sealed, pendingAt: _pendingAt, ...envelope } = notification;
  return { ...envelope, withheldAt: now.toISOString(), expiresAt: plus(now, ENVELOPE).toISOString() };
}

/** What stays of a delivered notification: no body, no address. */
export function delivered(notification: Notification, now: Date): Notification {
  const { sealed: _sealed, pendingAt: _pendingAt, ...envelope } = notification;
  return { ...envelope, deliveredAt: now.toISOString(), expiresAt: plus(now, ENVELOPE).toISOString() };
}
