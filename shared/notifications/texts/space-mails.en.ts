import type { MailsOf } from './mail-texts.ts';
import type { SpaceMails } from './space-mails.ts';

export const spaceMails: MailsOf<SpaceMails> = {
  'space-closing': ({ link, undoUntil }, show) => ({
    subject: 'Your space is closed',
    paragraphs: [
      'You asked for your space to be closed. Your data are no longer used, and all your sessions have ended.',
      `They will be erased after ${show(undoUntil)}. Until then you can change your mind and reopen the space with this link:`,
      { link },
      'If you did not ask for this, reopen the space and change your password.',
      'You may lodge a complaint with the CNIL, the French supervisory authority: www.cnil.fr.',
    ],
  }),
  'space-reopened': ({ at }, show) => ({
    subject: 'Your space is open again',
    paragraphs: [
      `Your space was reopened on ${show(at)}. Nothing was erased; sign in as before.`,
      'If this was not you, change your password at once and tell us.',
    ],
  }),
  'address-of-closing-space': () => ({
    subject: 'Your space is being closed',
    paragraphs: [
      'Someone has just registered with your address, but the space that it belongs to is being closed.',
      'To keep the space, use the link in the mail about its closure, which is valid for seven days. Once your data are erased you can register again.',
      'If this was not you, there is nothing to do.',
    ],
  }),
  'space-erased': ({ because, kept }) => ({
    subject: 'Your data are erased',
    paragraphs: [
      because === 'closure'
        ? 'As you asked, your space and the data about it have been erased.'
        : 'Your space was not used for twenty-four months: it has been erased, with the data about it.',
      kept.length === 0 ? 'Nothing was kept by which you could be recognised.' : 'What the law makes us keep, and why:',
      ...kept.map((sentence) => ({ quote: sentence })),
      'This message is the last one; the address that it is sent to is erased too.',
      'You may lodge a complaint with the CNIL, the French supervisory authority: www.cnil.fr.',
    ],
  }),
  'space-unused': ({ lastUsedAt, erasedAt, signInLink }, show) => ({
    subject: 'Your space is not used any more',
    paragraphs: [
      `You have not used your space since ${show(lastUsedAt)}.`,
      `Unless you sign in, it will be erased after ${show(erasedAt)}, with the data about it. To keep it, simply sign in:`,
      { link: signInLink },
    ],
  }),
};
