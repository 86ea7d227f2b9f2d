import type { MailsOf } from './mail-texts.ts';
import type { RecordMails } from './record-mails.ts';

export const recordMails: MailsOf<RecordMails> = {};
