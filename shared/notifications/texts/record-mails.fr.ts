import type { MailsOf } from './mail-texts.ts';
import type { RecordMails } from './record-mails.ts';

const acts = {
  rectification: {
    subject: 'rectification',
    done: 'Ces données ont depuis été rectifiées. Les valeurs exactes vous seront communiquées par notre délégué à la protection des données ; corrigez celles que vous détenez.',
  },
  erasure: {
    subject: 'effacement',
    done: 'Ces données ont depuis été effacées. Effacez celles que vous détenez, ainsi que leurs copies et les liens vers elles.',
  },
  restriction: {
    subject: 'limitation',
    done: 'Leur traitement est depuis limité. Contentez-vous de conserver celles que vous détenez, sans les utiliser autrement.',
  },
} as const;

const documents = {
  terms: {
    title: 'Conditions d’utilisation',
    sentence: 'Une nouvelle version des conditions d’utilisation de l’extranet est publiée.',
  },
  'privacy-charter': {
    title: 'Charte de données personnelles',
    sentence: 'Une nouvelle version de la charte de données personnelles de l’extranet est publiée.',
  },
} as const;

export const recordMails: MailsOf<RecordMails> = {
  'recipient-notice': ({ act, reference, disclosureId, disclosedAt }, show) => ({
    subject: `Données communiquées : ${acts[act].subject} (${disclosureId})`,
    paragraphs: [
      `Le ${show(disclosedAt)}, nous avons consigné la communication à votre intention de données personnelles, sous la référence suivante :`,
      { quote: reference },
      acts[act].done,
      'Nous vous en informons en application de l’article 19 du RGPD. Si cela se révèle impossible, dites-le-nous.',
    ],
  }),
  'breach-reminder': ({ breachId, notifyBy }, show) => ({
    subject: `Violation de données à notifier (${breachId})`,
    paragraphs: [
      `La violation ${breachId} doit être notifiée à la CNIL au plus tard le ${show(notifyBy)}.`,
      'Une notification peut être complétée par étapes : ce qui est connu suffit pour commencer. Après ce délai, les motifs du retard doivent être donnés.',
    ],
  }),
  'breach-notice': ({ awareAt, message }, show) => ({
    subject: 'Violation de vos données personnelles',
    paragraphs: [
      `Le ${show(awareAt)}, nous avons pris connaissance d’une violation de données personnelles qui peut vous concerner.`,
      { quote: message.fr },
      'Nous vous en informons en application de l’article 34 du RGPD. Notre délégué à la protection des données répond à vos questions.',
    ],
  }),
  'document-published': ({ kind, version, effectiveAt, link }, show) => ({
    subject: `${documents[kind].title} : nouvelle version`,
    paragraphs: [
      `${documents[kind].sentence} Elle prend effet le ${show(effectiveAt)} (version ${version}).`,
      'Vous pouvez la lire ici :',
      { link },
      'Votre acceptation vous sera demandée à votre prochaine connexion. Si vous ne l’approuvez pas, écrivez à notre délégué à la protection des données.',
    ],
  }),
  'service-announcement': ({ subject, message, link }) => ({
    subject: subject.fr,
    paragraphs: [{ quote: message.fr }, ...(link ? ['Pour en savoir plus :', { link }] : [])],
  }),
  'content-news': ({ subject, message, link, preferencesLink }) => ({
    subject: subject.fr,
    paragraphs: [
      { quote: message.fr },
      ...(link ? ['Pour en savoir plus :', { link }] : []),
      'Vous recevez ce message parce que vous avez accepté les suggestions de contenus. Pour ne plus en recevoir :',
      { link: preferencesLink },
    ],
  }),
};
