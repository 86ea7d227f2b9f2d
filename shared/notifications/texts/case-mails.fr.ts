import type { CaseMails, MilestoneName, RejectionGroundName, RequestTypeName } from './case-mails.ts';
import type { MailBlock, MailsOf } from './mail-texts.ts';

const rights: Readonly<Record<RequestTypeName, string>> = {
  access: 'accès à vos données',
  rectification: 'rectification de vos données',
  erasure: 'effacement de vos données',
  portability: 'portabilité de vos données',
  objection: 'opposition au traitement de vos données',
  restriction: 'limitation du traitement de vos données',
  'consent-withdrawal': 'retrait de votre consentement',
  'post-mortem': 'sort de vos données après la mort',
};

const grounds: Readonly<Record<RejectionGroundName, string>> = {
  'manifestly-unfounded': 'la demande est manifestement infondée (RGPD, article 12, paragraphe 5)',
  excessive: 'la demande est excessive (RGPD, article 12, paragraphe 5)',
  'identity-not-proven':
    'votre identité n’a pas pu être établie (RGPD, articles 11, paragraphe 2, et 12, paragraphe 2)',
  'legal-obligation': 'une obligation légale impose de conserver ou de traiter ces données',
  'legal-claims': 'ces données sont nécessaires à la constatation, à l’exercice ou à la défense de droits en justice',
  'rights-of-others': 'y donner suite porterait atteinte aux droits et libertés d’autrui',
  'not-applicable': 'ce droit ne s’applique pas au traitement en cause',
};

const milestones: Readonly<Record<MilestoneName, string>> = {
  'half-time': 'la moitié du délai est passée',
  'seven-days': 'il reste sept jours',
  'two-days': 'il reste deux jours',
  overdue: 'le délai est dépassé',
};

const cnil =
  'Vous pouvez à tout moment introduire une réclamation auprès de la CNIL (3 place de Fontenoy, TSA 80715, 75334 Paris Cedex 07) :';
const complaints = { link: 'https://www.cnil.fr/fr/plaintes' };
const follow = (link: string): readonly MailBlock[] => [
  'Vous pouvez suivre votre demande et nous écrire ici :',
  { link },
];

export const caseMails: MailsOf<CaseMails> = {
  'case-confirmation-code': ({ reference, code, expiresAt }, show) => ({
    subject: `Confirmez votre demande ${reference}`,
    paragraphs: [
      `Une demande d’exercice de droits (numéro ${reference}) a été déposée avec votre adresse. Pour la confirmer, indiquez ce code :`,
      code,
      `Il est valable jusqu’au ${show(expiresAt)}. Sans confirmation, la demande sera supprimée sous sept jours.`,
      'Si vous n’êtes pas à l’origine de cette demande, ignorez ce message et ne communiquez ce code à personne.',
    ],
  }),
  'case-received': ({ reference, requestType, dueAt, link, trackingCode }, show) => ({
    subject: `Nous avons reçu votre demande ${reference}`,
    paragraphs: [
      `Nous avons reçu votre demande (${rights[requestType]}). Son numéro est ${reference}.`,
      `Nous vous répondrons au plus tard le ${show(dueAt)}. Si la demande est complexe, ce délai peut être prolongé de deux mois ; vous en seriez informé avant cette date, avec les raisons.`,
      ...follow(link),
      ...(trackingCode === undefined
        ? []
        : ['Sans compte, ce code de suivi y donne accès ; gardez-le pour vous :', trackingCode]),
      'Vous disposez aussi des droits d’accès, de rectification, d’effacement, de portabilité, d’opposition et de limitation, et pouvez donner des directives sur le sort de vos données après votre mort.',
      cnil,
      complaints,
    ],
  }),
  'case-identity-requested': ({ reference, reason, link }) => ({
    subject: `Votre demande ${reference} : un justificatif d’identité est nécessaire`,
    paragraphs: [
      'Nous avons un doute raisonnable sur l’identité de l’auteur de la demande. En voici la raison :',
      { quote: reason },
      'Vous pouvez déposer un justificatif ici :',
      { link },
      'Il est chiffré, vu seulement par les personnes habilitées, et supprimé dès la décision prise, au plus tard 30 jours après son dépôt. Le délai de réponse est suspendu dans l’attente.',
    ],
  }),
  'case-extended': ({ reference, reason, dueAt, link }, show) => ({
    subject: `Votre demande ${reference} : le délai de réponse est prolongé`,
    paragraphs: [
      `Le délai de réponse à votre demande est prolongé (RGPD, article 12, paragraphe 3). Nous vous répondrons au plus tard le ${show(dueAt)}. En voici la raison :`,
      { quote: reason },
      ...follow(link),
      cnil,
      complaints,
    ],
  }),
  'case-rejected': ({ reference, requestType, ground, reason }) => ({
    subject: `Votre demande ${reference} : décision`,
    paragraphs: [
      `Nous ne donnons pas suite à votre demande (${rights[requestType]}). Le motif est le suivant : ${grounds[ground]}.`,
      { quote: reason },
      cnil,
      complaints,
      'Vous pouvez aussi former un recours juridictionnel devant le tribunal compétent (RGPD, article 79).',
    ],
  }),
  'case-completed': ({ reference, requestType, note, link }) => ({
    subject: `Votre demande ${reference} a été traitée`,
    paragraphs: [
      `Votre demande (${rights[requestType]}) a été traitée.`,
      ...(note === undefined ? [] : [{ quote: note }]),
      ...follow(link),
      cnil,
      complaints,
    ],
  }),
  'case-package-ready': ({ reference, expiresAt, link }, show) => ({
    subject: `Votre demande ${reference} : vos données sont prêtes`,
    paragraphs: [
      'Les données que vous avez demandées sont prêtes. Vous pouvez les télécharger ici, après vous être identifié à nouveau :',
      { link },
      `Elles le restent jusqu’au ${show(expiresAt)}, puis le fichier est supprimé.`,
      cnil,
      complaints,
    ],
  }),
  'case-package-code': ({ reference, code, expiresAt }, show) => ({
    subject: `Votre code pour la demande ${reference}`,
    paragraphs: [
      'Pour télécharger vos données, indiquez ce code. Il ne sert qu’une fois :',
      code,
      `Il est valable jusqu’au ${show(expiresAt)}.`,
      'Si vous n’êtes pas à l’origine de cette demande, ne communiquez ce code à personne et prévenez-nous.',
    ],
  }),
  'case-package-downloaded': ({ reference, at, link }, show) => ({
    subject: `Votre demande ${reference} : vos données ont été téléchargées`,
    paragraphs: [
      `Le fichier de vos données a été téléchargé le ${show(at)}.`,
      'Si ce n’était pas vous, prévenez-nous sans attendre.',
      ...follow(link),
    ],
  }),
  'case-erased': ({ reference, at, kept }, show) => ({
    subject: `Votre demande ${reference} : vos données ont été effacées`,
    paragraphs: [
      `Vos données ont été effacées le ${show(at)}. C’est le dernier message que nous envoyons à cette adresse à ce sujet.`,
      ...(kept.length === 0 ? [] : ['La loi nous fait conserver ce qui suit :', { quote: kept.join('\n') }]),
      'Les organismes à qui ces données avaient été transmises en sont informés (RGPD, article 19).',
      cnil,
      complaints,
    ],
  }),
  'case-message': ({ reference, message, link }) => ({
    subject: `Votre demande ${reference} : un message du délégué à la protection des données`,
    paragraphs: [{ quote: message }, ...follow(link)],
  }),
  'case-cancelled': ({ reference, at }, show) => ({
    subject: `Votre demande ${reference} a été retirée`,
    paragraphs: [
      `Votre demande a été retirée le ${show(at)}, comme vous l’avez voulu. Rien n’est entrepris à ce titre.`,
      'Vous pouvez en déposer une nouvelle à tout moment.',
    ],
  }),
  'restriction-lifting': ({ reference, reason, at, link }, show) => ({
    subject: `Votre demande ${reference} : la limitation du traitement va être levée`,
    paragraphs: [
      `La limitation du traitement de vos données sera levée le ${show(at)} (RGPD, article 18, paragraphe 3). En voici la raison :`,
      { quote: reason },
      ...follow(link),
      cnil,
      complaints,
    ],
  }),
  'desk-reminder': ({ reference, milestone, dueAt, link }, show) => ({
    subject: `Dossier ${reference} : ${milestones[milestone]}`,
    paragraphs: [`Le dossier ${reference} attend une réponse. Son échéance est le ${show(dueAt)}.`, { link }],
  }),
  'desk-message': ({ reference, message, link }) => ({
    subject: `Dossier ${reference} : message de la personne`,
    paragraphs: [{ quote: message }, { link }],
  }),
};
