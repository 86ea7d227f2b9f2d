import type { MailClass } from './mail-rules.ts';
import { accountMails } from './texts/account-mails.fr.ts';
import type { MailTemplate } from './texts/mail-texts.ts';
import type { RecordMails } from './texts/record-mails.ts';

const recordClasses: Readonly<Record<keyof RecordMails, MailClass>> = {
  'recipient-notice': 'case',
  'breach-reminder': 'case',
  'breach-notice': 'case',
  'document-published': 'service',
  'service-announcement': 'service',
  'content-news': 'news',
};

/** The class of a mail. Mails about an account keep it safe; all others that are not listed here are about a case or the closing of a space. */
export function classOf(template: MailTemplate): MailClass {
  if (template in recordClasses) return recordClasses[template as keyof RecordMails];
  return template in accountMails ? 'security' : 'case';
}
