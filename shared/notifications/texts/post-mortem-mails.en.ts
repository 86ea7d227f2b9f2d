import type { MailsOf } from './mail-texts.ts';
import type { PostMortemMails } from './post-mortem-mails.ts';

export const postMortemMails: MailsOf<PostMortemMails> = {
  'directives-changed': ({ act, at }, show) => ({
    subject: act === 'recorded' ? 'Your directives are recorded' : 'Your directives are revoked',
    paragraphs: [
      act === 'recorded'
        ? `Your directives on what becomes of your data after your death were recorded on ${show(at)}. You can change or revoke them at any time in your space.`
        : `Your directives on what becomes of your data after your death were revoked on ${show(at)}.`,
      'If this was not you, change your password without delay and tell us.',
    ],
  }),
  'death-notice-received': ({ reference }) => ({
    subject: `Your notice has arrived (${reference})`,
    paragraphs: [
      'We have received your notice and offer you our condolences.',
      'The space concerned is on hold. The data protection officer examines the notice and the directives that the person may have left, and will write to you.',
      'If you disagree, you can lodge a complaint with the CNIL: www.cnil.fr.',
    ],
  }),
  'death-notice-executed': ({ reference, outcome }) => ({
    subject: `Your notice has been dealt with (${reference})`,
    paragraphs: [
      outcome === 'erased'
        ? 'As was decided, the space of the person who died has been closed and their data have been erased, but for what the law has us keep.'
        : 'As was decided, the data to be handed over are ready: the data protection officer will write to you to hand them over.',
      'If you disagree, you can lodge a complaint with the CNIL: www.cnil.fr.',
    ],
  }),
  'space-on-hold': ({ at }, show) => ({
    subject: 'Your space is on hold',
    paragraphs: [
      `On ${show(at)} a notice led us to put your space on hold: your sessions are closed and your data are no longer used.`,
      'If this is a mistake, answer the data protection officer without delay: nothing is erased unless a person has decided so.',
    ],
  }),
  'space-hold-ends': ({ at }, show) => ({
    subject: 'Your space is no longer on hold',
    paragraphs: [
      `The hold on your space that followed a notice of ${show(at)} ends: that notice was mistaken.`,
      'The restriction of the processing of your data is lifted; everything is as it was.',
    ],
  }),
};
