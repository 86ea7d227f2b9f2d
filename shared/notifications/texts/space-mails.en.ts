import type { MailsOf } from './mail-texts.ts';
import type { SpaceMails } from './space-mails.ts';

export const spaceMails: MailsOf<SpaceMails> = {};
