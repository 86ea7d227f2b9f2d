import type { CaseMails } from './case-mails.ts';
import type { MailsOf } from './mail-texts.ts';

export const caseMails: MailsOf<CaseMails> = {};
