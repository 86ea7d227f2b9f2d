import type { AccountMails } from './account-mails.ts';
import type { MailsOf } from './mail-texts.ts';

const notYou = 'If this was not you, change your password at once and tell us.';

export const accountMails: MailsOf<AccountMails> = {
  'account-verification': ({ link, expiresAt }, show) => ({
    subject: 'Confirm your e-mail address',
    paragraphs: [
      'You asked for access to the partner extranet. To confirm your address, open this link:',
      { link },
      `It is valid until ${show(expiresAt)}. Without confirmation what you entered will be deleted then.`,
      'If you did not ask for this, ignore this message.',
    ],
  }),
  'address-known': ({ signInLink, resetLink }) => ({
    subject: 'You already have an account',
    paragraphs: [
      'Someone has just registered with your address, but you already have an account. To sign in:',
      { link: signInLink },
      'Forgotten your password?',
      { link: resetLink },
      'If this was not you, there is nothing to do.',
    ],
  }),
  'password-reset': ({ link, expiresAt }, show) => ({
    subject: 'Reset your password',
    paragraphs: [
      'To choose a new password, open this link. It works once:',
      { link },
      `It is valid until ${show(expiresAt)}. All your sessions will end.`,
      'If you did not ask for this, ignore this message: your password stays the same.',
    ],
  }),
  'password-changed': ({ at }, show) => ({
    subject: 'Your password was changed',
    paragraphs: [`Your password was changed on ${show(at)}. Your other sessions have ended.`, notYou],
  }),
  'new-device-sign-in': ({ device, at, sessionsLink }, show) => ({
    subject: 'Sign-in from a new device',
    paragraphs: [
      `Someone signed in to your account on ${show(at)} from a device that we had not seen before: ${device}.`,
      'You can see and end your sessions here:',
      { link: sessionsLink },
      notYou,
    ],
  }),
  'all-sessions-ended': ({ at, resetLink }, show) => ({
    subject: 'A session was ended for your security',
    paragraphs: [
      `On ${show(at)} a sign-in token that had been used already was presented again. It may have been stolen: the session was ended.`,
      'If in doubt, change your password:',
      { link: resetLink },
    ],
  }),
  'second-factor-enabled': ({ at }, show) => ({
    subject: 'Second factor enabled',
    paragraphs: [`A second factor was enabled on ${show(at)}.`, notYou],
  }),
  'second-factor-disabled': ({ at }, show) => ({
    subject: 'Second factor disabled',
    paragraphs: [`The second factor was disabled on ${show(at)}.`, notYou],
  }),
  'recovery-code-used': ({ at, left }, show) => ({
    subject: 'A recovery code was used',
    paragraphs: [`A recovery code was used to sign in on ${show(at)}. Codes left: ${left}.`, notYou],
  }),
  'contact-received': ({ reference, question }) => ({
    subject: `Your question to the data protection officer (${reference})`,
    paragraphs: ['Your question has arrived. The data protection officer will answer you.', { quote: question }],
  }),
  'contact-question': ({ reference, from, question }) => ({
    subject: `Question to the DPO (${reference})`,
    paragraphs: [`From: ${from}`, { quote: question }],
  }),
};
