import { setTimeout as delay } from 'node:timers/promises';
import { simpleParser } from 'mailparser';
import { SMTPServer, type SMTPServerDataStream, type SMTPServerSession } from 'smtp-server';
import type { LocalClock } from '../clock.ts';
import type { FaultSwitch } from '../faults/fault.ts';
import { listen } from '../ports.ts';
import type { Mailbox } from './mailbox.ts';

export interface MailServer {
  readonly port: number;
  stop(): Promise<void>;
}

const MAX_MESSAGE_BYTES = 25 * 1024 * 1024;
const CLOSE_TIMEOUT_MS = 500;

/** Receives every mail on a free port of this machine and puts it into the mailbox; nothing leaves the machine. */
export async function startMailServer(options: {
  readonly mailbox: Mailbox;
  readonly clock: LocalClock;
  readonly faults: FaultSwitch;
}): Promise<MailServer> {
  const server = new SMTPServer({
    name: 'mailbox.local',
    banner: 'local mailbox',
    size: MAX_MESSAGE_BYTES,
    disabledCommands: ['AUTH', 'STARTTLS'],
    disableReverseLookup: true,
    closeTimeout: CLOSE_TIMEOUT_MS,
    onData: (stream, session, callback) => {
      receive(stream, session, options).then(() => callback(), callback);
    },
  });
  // Connections that break are the sender's to notice.
  server.on('error', () => undefined);
  const port = await listen(server.server, 0);
  return { port, stop: () => new Promise((resolve) => server.close(resolve)) };
}

async function receive(
  stream: SMTPServerDataStream,
  { envelope }: SMTPServerSession,
  { mailbox, clock, faults }: { readonly mailbox: Mailbox; readonly clock: LocalClock; readonly faults: FaultSwitch },
): Promise<void> {
  const mail = await simpleParser(stream, { skipHtmlToText: true, skipTextToHtml: true, skipImageLinks: true });
  if (stream.sizeExceeded) throw smtpError(552, 'The message is too large.');
  const fault = faults.draw();
  if (fault !== undefined) await delay(fault.latencyMs);
  const refusal = fault?.status === undefined ? undefined : refusalOf(fault.status);
  if (refusal !== undefined && (fault?.phase ?? 'before') === 'before') throw refusal;

  const content = {
    from: mail.from?.text ?? '',
    subject: mail.subject ?? '',
    text: mail.text ?? '',
    html: mail.html || '',
    at: clock.now().toISOString(),
    messageId: mail.messageId ?? '',
  };
  mailbox.add(envelope.rcptTo.map(({ address }) => ({ to: address, ...content })));
  if (refusal !== undefined) throw refusal;
}

/** A permanent refusal (550-554) where the fault names one; every other status stands for "try again later". */
function refusalOf(status: number | 'reset'): Error {
  const isPermanent = status !== 'reset' && status >= 550 && status <= 554;
  return isPermanent
    ? smtpError(status, 'Refused (injected fault)')
    : smtpError(451, 'Try again later (injected fault)');
}

function smtpError(responseCode: number, message: string): Error {
  return Object.assign(new Error(message), { responseCode });
}
