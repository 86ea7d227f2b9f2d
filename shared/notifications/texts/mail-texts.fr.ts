import { accountMails } from './account-mails.fr.ts';
import { caseMails } from './case-mails.fr.ts';
import type { MailLanguage } from './mail-texts.ts';
import { postMortemMails } from './post-mortem-mails.fr.ts';
import { recordMails } from './record-mails.fr.ts';
import { spaceMails } from './space-mails.fr.ts';

export const french: MailLanguage = {
  locale: 'fr-FR',
  greeting: (givenName) => (givenName ? `Bonjour ${givenName},` : 'Bonjour,'),
  instant: (dateAndTime) => `${dateAndTime} (heure de Paris)`,
  closing: ({ controllerName, dpoEmail, siteUrl }) => [
    `${controllerName}. Une question sur vos données ? Écrivez à notre délégué à la protection des données :`,
    { mail: dpoEmail },
    { link: siteUrl },
  ],
  mails: { ...accountMails, ...caseMails, ...spaceMails, ...recordMails, ...postMortemMails },
};
