import type { CaseMails, MilestoneName, RejectionGroundName, RequestTypeName } from './case-mails.ts';
import type { MailBlock, MailsOf } from './mail-texts.ts';

const rights: Readonly<Record<RequestTypeName, string>> = {
  access: 'access to your data',
  rectification: 'rectification of your data',
  erasure: 'erasure of your data',
  portability: 'portability of your data',
  objection: 'objection to the processing of your data',
  restriction: 'restriction of the processing of your data',
  'consent-withdrawal': 'withdrawal of your consent',
  'post-mortem': 'what becomes of your data after death',
};

const grounds: Readonly<Record<RejectionGroundName, string>> = {
  'manifestly-unfounded': 'the request is manifestly unfounded (GDPR, Article 12(5))',
  excessive: 'the request is excessive (GDPR, Article 12(5))',
  'identity-not-proven': 'your identity could not be established (GDPR, Articles 11(2) and 12(2))',
  'legal-obligation': 'a legal obligation requires these data to be kept or processed',
  'legal-claims': 'these data are needed to establish, exercise or defend legal claims',
  'rights-of-others': 'granting it would adversely affect the rights and freedoms of others',
  'not-applicable': 'this right does not apply to the processing concerned',
};

const milestones: Readonly<Record<MilestoneName, string>> = {
  'half-time': 'half of the time has passed',
  'seven-days': 'seven days are left',
  'two-days': 'two days are left',
  overdue: 'the deadline has passed',
};

const cnil =
  'You may at any time lodge a complaint with the CNIL, the French supervisory authority (3 place de Fontenoy, TSA 80715, 75334 Paris Cedex 07):';
const complaints = { link: 'https://www.cnil.fr/fr/plaintes' };
const follow = (link: string): readonly MailBlock[] => ['You can follow your request and write to us here:', { link }];

export const caseMails: MailsOf<CaseMails> = {
  'case-confirmation-code': ({ reference, code, expiresAt }, show) => ({
    subject: `Confirm your request ${reference}`,
    paragraphs: [
      `A request to exercise rights (number ${reference}) was made with your address. To confirm it, enter this code:`,
      code,
      `It is valid until ${show(expiresAt)}. Without confirmation the request will be deleted within seven days.`,
      'If you did not make this request, ignore this message and give the code to nobody.',
    ],
  }),
  'case-received': ({ reference, requestType, dueAt, link, trackingCode }, show) => ({
    subject: `We have received your request ${reference}`,
    paragraphs: [
      `We have received your request (${rights[requestType]}). Its number is ${reference}.`,
      `We will answer you by ${show(dueAt)} at the latest. If the request is complex this time can be extended by two months; you would be told before that date, with the reasons.`,
      ...follow(link),
      ...(trackingCode === undefined
        ? []
        : ['Without an account, this tracking code opens it; keep it to yourself:', trackingCode]),
      'You also have the rights of access, rectification, erasure, portability, objection and restriction, and may give directives on what becomes of your data after your death.',
      cnil,
      complaints,
    ],
  }),
  'case-identity-requested': ({ reference, reason, link }) => ({
    subject: `Your request ${reference}: proof of identity is needed`,
    paragraphs: [
      'We have reasonable doubts about who makes the request. This is why:',
      { quote: reason },
      'You can hand in a proof of identity here:',
      { link },
      'It is encrypted, seen by authorised people only, and deleted as soon as the decision is taken, at the latest 30 days after you hand it in. The time to answer stands still meanwhile.',
    ],
  }),
  'case-extended': ({ reference, reason, dueAt, link }, show) => ({
    subject: `Your request ${reference}: more time is needed`,
    paragraphs: [
      `The time to answer your request is extended (GDPR, Article 12(3)). We will answer you by ${show(dueAt)} at the latest. This is why:`,
      { quote: reason },
      ...follow(link),
      cnil,
      complaints,
    ],
  }),
  'case-rejected': ({ reference, requestType, ground, reason }) => ({
    subject: `Your request ${reference}: decision`,
    paragraphs: [
      `We do not act on your request (${rights[requestType]}). The ground is this: ${grounds[ground]}.`,
      { quote: reason },
      cnil,
      complaints,
      'You may also seek a judicial remedy before the competent court (GDPR, Article 79).',
    ],
  }),
  'case-completed': ({ reference, requestType, note, link }) => ({
    subject: `Your request ${reference} has been dealt with`,
    paragraphs: [
      `Your request (${rights[requestType]}) has been dealt with.`,
      ...(note === undefined ? [] : [{ quote: note }]),
      ...follow(link),
      cnil,
      complaints,
    ],
  }),
  'case-package-ready': ({ reference, expiresAt, link }, show) => ({
    subject: `Your request ${reference}: your data are ready`,
    paragraphs: [
      'The data that you asked for are ready. You can download them here, after proving once more who you are:',
      { link },
      `They stay until ${show(expiresAt)}; then the file is deleted.`,
      cnil,
      complaints,
    ],
  }),
  'case-package-code': ({ reference, code, expiresAt }, show) => ({
    subject: `Your code for request ${reference}`,
    paragraphs: [
      'To download your data, enter this code. It works once:',
      code,
      `It is valid until ${show(expiresAt)}.`,
      'If you did not ask for this, give the code to nobody and tell us.',
    ],
  }),
  'case-package-downloaded': ({ reference, at, link }, show) => ({
    subject: `Your request ${reference}: your data were downloaded`,
    paragraphs: [
      `The file of your data was downloaded on ${show(at)}.`,
      'If this was not you, tell us at once.',
      ...follow(link),
    ],
  }),
  'case-erased': ({ reference, at, kept }, show) => ({
    subject: `Your request ${reference}: your data were erased`,
    paragraphs: [
      `Your data were erased on ${show(at)}. This is the last message about it that we send to this address.`,
      ...(kept.length === 0 ? [] : ['The law makes us keep the following:', { quote: kept.join('\n') }]),
      'Those to whom these data had been disclosed are being told (GDPR, Article 19).',
      cnil,
      complaints,
    ],
  }),
  'case-message': ({ reference, message, link }) => ({
    subject: `Your request ${reference}: a message from the data protection officer`,
    paragraphs: [{ quote: message }, ...follow(link)],
  }),
  'case-cancelled': ({ reference, at }, show) => ({
    subject: `Your request ${reference} was withdrawn`,
    paragraphs: [
      `Your request was withdrawn on ${show(at)}, as you wished. Nothing is done about it.`,
      'You can make a new one at any time.',
    ],
  }),
  'restriction-lifting': ({ reference, reason, at, link }, show) => ({
    subject: `Your request ${reference}: the restriction of processing will be lifted`,
    paragraphs: [
      `The restriction of the processing of your data will be lifted on ${show(at)} (GDPR, Article 18(3)). This is why:`,
      { quote: reason },
      ...follow(link),
      cnil,
      complaints,
    ],
  }),
  'desk-reminder': ({ reference, milestone, dueAt, link }, show) => ({
    subject: `Case ${reference}: ${milestones[milestone]}`,
    paragraphs: [`Case ${reference} awaits an answer. It is due on ${show(dueAt)}.`, { link }],
  }),
  'desk-message': ({ reference, message, link }) => ({
    subject: `Case ${reference}: message from the person`,
    paragraphs: [{ quote: message }, { link }],
  }),
};
