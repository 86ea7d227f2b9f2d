import { accountMails } from './account-mails.en.ts';
import { caseMails } from './case-mails.en.ts';
import type { MailLanguage } from './mail-texts.ts';
import { postMortemMails } from './post-mortem-mails.en.ts';
import { recordMails } from './record-mails.en.ts';
import { spaceMails } from './space-mails.en.ts';

export const english: MailLanguage = {
  locale: 'en-GB',
  greeting: (givenName) => (givenName ? `Hello ${givenName},` : 'Hello,'),
  instant: (dateAndTime) => `${dateAndTime} (Paris time)`,
  closing: ({ controllerName, dpoEmail, siteUrl }) => [
    `${controllerName}. A question about your data? Write to our data protection officer:`,
    { mail: dpoEmail },
    { link: siteUrl },
  ],
  mails: { ...accountMails, ...caseMails, ...spaceMails, ...recordMails, ...postMortemMails },
};
