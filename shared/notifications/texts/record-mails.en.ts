import type { MailsOf } from './mail-texts.ts';
import type { RecordMails } from './record-mails.ts';

const acts = {
  rectification: {
    subject: 'rectification',
    done: 'These data have since been rectified. Our data protection officer will give you the exact values; correct those that you hold.',
  },
  erasure: {
    subject: 'erasure',
    done: 'These data have since been erased. Erase those that you hold, with every copy of them and link to them.',
  },
  restriction: {
    subject: 'restriction',
    done: 'Their processing has since been restricted. Only store those that you hold, and do nothing else with them.',
  },
} as const;

const documents = {
  terms: { title: 'Terms of use', sentence: 'A new version of the extranet’s terms of use has been published.' },
  'privacy-charter': {
    title: 'Privacy charter',
    sentence: 'A new version of the extranet’s privacy charter has been published.',
  },
} as const;

export const recordMails: MailsOf<RecordMails> = {
  'recipient-notice': ({ act, reference, disclosureId, disclosedAt }, show) => ({
    subject: `Data disclosed to you: ${acts[act].subject} (${disclosureId})`,
    paragraphs: [
      `On ${show(disclosedAt)} we put on record that personal data were disclosed to you, under this reference:`,
      { quote: reference },
      acts[act].done,
      'We tell you so under article 19 of the GDPR. Should it prove impossible, please let us know.',
    ],
  }),
  'breach-reminder': ({ breachId, notifyBy }, show) => ({
    subject: `Data breach to be notified (${breachId})`,
    paragraphs: [
      `The breach ${breachId} must be notified to the CNIL by ${show(notifyBy)} at the latest.`,
      'A notification may be completed in phases: what is known is enough to begin. After that time the reasons for the delay must be given.',
    ],
  }),
  'breach-notice': ({ awareAt, message }, show) => ({
    subject: 'A breach of your personal data',
    paragraphs: [
      `On ${show(awareAt)} we became aware of a breach of personal data that may concern you.`,
      { quote: message.en },
      'We tell you so under article 34 of the GDPR. Our data protection officer answers your questions.',
    ],
  }),
  'document-published': ({ kind, version, effectiveAt, link }, show) => ({
    subject: `${documents[kind].title}: a new version`,
    paragraphs: [
      `${documents[kind].sentence} It takes effect on ${show(effectiveAt)} (version ${version}).`,
      'You can read it here:',
      { link },
      'You will be asked to accept it at your next sign-in. If you do not approve of it, write to our data protection officer.',
    ],
  }),
  'service-announcement': ({ subject, message, link }) => ({
    subject: subject.en,
    paragraphs: [{ quote: message.en }, ...(link ? ['To know more:', { link }] : [])],
  }),
  'content-news': ({ subject, message, link, preferencesLink }) => ({
    subject: subject.en,
    paragraphs: [
      { quote: message.en },
      ...(link ? ['To know more:', { link }] : []),
      'You get this message because you have agreed to content suggestions. To get no more of them:',
      { link: preferencesLink },
    ],
  }),
};
