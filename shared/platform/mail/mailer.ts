import type { Config } from '../config.ts';

export interface Mail {
  /** Stable over retries, so that a mail system can recognise a second delivery of the same message. */
  readonly messageId: string;
  readonly to: { readonly name: string; readonly address: string };
  readonly subject: string;
  readonly text: string;
  readonly html: string;
}

/** Hands mails to a relay. Resolves when the relay has accepted the mail, throws otherwise. */
export interface Mailer {
  send(mail: Mail): Promise<void>;
}

/** Any SMTP relay, by configuration; locally the stack's mailbox. Loads the library at the first mail. */
export function smtpMailer(config: Config['mail']): Mailer {
  let transport: Promise<{ sendMail(message: object): Promise<unknown> }> | undefined;
  return {
    async send({ messageId, to, subject, text, html }) {
      transport ??= import('nodemailer').then(({ createTransport }) => createTransport(config.smtpUrl));
      const domain = config.from.address.split('@')[1];
      // The address goes as an object: a string would be parsed as a header and could smuggle recipients in.
      await (await transport).sendMail({
        messageId: `<${messageId}@${domain}>`,
        from: config.from,
        to,
        subject,
        text,
        html,
      });
    },
  };
}
