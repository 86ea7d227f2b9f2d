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

/**
 * The longest silence of the relay that is waited out, in milliseconds. A mail takes five answers: even if each comes at the last moment the mail is sent,
 * or given up, before the claim on it ends and another process would send it too. A relay that needs more is told so in its URL (`?socketTimeout=`).
 */
const PATIENCE = { connectionTimeout: 20_000, greetingTimeout: 20_000, socketTimeout: 20_000 };

/** Any SMTP relay, by configuration; locally the stack's mailbox. Loads the library at the first mail. */
export function smtpMailer(config: Config['mail']): Mailer {
  let transport: Promise<{ sendMail(message: object): Promise<unknown> }> | undefined;
  return {
    async send({ messageId, to, subject, text, html }) {
      transport ??= import('nodemailer').then(({ createTransport }) =>
        createTransport({ url: config.smtpUrl, ...PATIENCE }),
      );
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
