import { appendFileSync, existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { oneLine, StartFailure } from '../start-failure.ts';

/** One message as one recipient received it. */
export interface MailboxMessage {
  /** The envelope recipient: who was really served, whatever the headers say. */
  readonly to: string;
  readonly from: string;
  readonly subject: string;
  readonly text: string;
  readonly html: string;
  /** The arrival on the local clock, RFC 3339. */
  readonly at: string;
  /** The `Message-ID` header: a message that was sent twice shows twice, under one id. */
  readonly messageId: string;
}

/** The mail that arrived, oldest first. Survives restarts; the oldest messages go when there are too many. */
export interface Mailbox {
  add(messages: readonly MailboxMessage[]): void;
  /** All messages, or those to one address (case does not matter). */
  list(to?: string): readonly MailboxMessage[];
  clear(): void;
}

/** How many messages are kept. */
const CAPACITY = 5_000;

/**
 * Opens the mailbox: a file of one JSON message a line.
 *
 * @throws StartFailure when the file cannot be read.
 */
export function openMailbox(file: string, capacity = CAPACITY): Mailbox {
  let messages = read(file).slice(-capacity);

  const rewrite = () => {
    writeFileSync(`${file}.new`, serialize(messages), { mode: 0o600 });
    renameSync(`${file}.new`, file);
  };
  // Also drops a last line that a kill cut short, which the next message would otherwise be glued to.
  if (existsSync(file)) rewrite();

  return {
    add(added) {
      messages.push(...added);
      if (messages.length <= capacity) {
        appendFileSync(file, serialize(added), { mode: 0o600 });
        return;
      }
      // A tenth goes at a time, so that a full mailbox is not rewritten for every message.
      messages = messages.slice(-Math.ceil(capacity * 0.9));
      rewrite();
    },
    list(to) {
      const wanted = to?.toLowerCase();
      return wanted === undefined ? messages : messages.filter((message) => message.to.toLowerCase() === wanted);
    },
    clear() {
      messages = [];
      rewrite();
    },
  };
}

function serialize(messages: readonly MailboxMessage[]): string {
  return messages.map((message) => `${JSON.stringify(message)}\n`).join('');
}

function read(file: string): MailboxMessage[] {
  if (!existsSync(file)) return [];
  let content: string;
  try {
    content = readFileSync(file, 'utf8');
  } catch (error) {
    throw new StartFailure(`The mailbox ${file} cannot be read: ${oneLine(error)}`);
  }
  return content.split('\n').flatMap((line) => {
    try {
      return [JSON.parse(line) as MailboxMessage];
    } catch {
      // The empty end, or a line that a kill cut short: its sender was never told that it arrived.
      return [];
    }
  });
}
