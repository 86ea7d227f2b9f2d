import type { AccountMails } from './account-mails.ts';
import type { MailsOf } from './mail-texts.ts';

const notYou = 'Si ce n’était pas vous, changez votre mot de passe sans attendre et prévenez-nous.';

export const accountMails: MailsOf<AccountMails> = {
  'account-verification': ({ link, expiresAt }, show) => ({
    subject: 'Confirmez votre adresse e-mail',
    paragraphs: [
      'Vous avez demandé un accès à l’extranet partenaires. Pour confirmer votre adresse, ouvrez ce lien :',
      { link },
      `Il est valable jusqu’au ${show(expiresAt)}. Sans confirmation, les données saisies seront supprimées à cette date.`,
      'Si vous n’êtes pas à l’origine de cette demande, ignorez ce message.',
    ],
  }),
  'address-known': ({ signInLink, resetLink }) => ({
    subject: 'Vous avez déjà un compte',
    paragraphs: [
      'Une inscription vient d’être demandée avec votre adresse, mais vous avez déjà un compte. Pour vous connecter :',
      { link: signInLink },
      'Mot de passe oublié ?',
      { link: resetLink },
      'Si vous n’êtes pas à l’origine de cette demande, vous n’avez rien à faire.',
    ],
  }),
  'password-reset': ({ link, expiresAt }, show) => ({
    subject: 'Réinitialisez votre mot de passe',
    paragraphs: [
      'Pour choisir un nouveau mot de passe, ouvrez ce lien. Il ne sert qu’une fois :',
      { link },
      `Il est valable jusqu’au ${show(expiresAt)}. Toutes vos sessions seront fermées.`,
      'Si vous n’avez rien demandé, ignorez ce message : votre mot de passe reste le même.',
    ],
  }),
  'password-changed': ({ at }, show) => ({
    subject: 'Votre mot de passe a été modifié',
    paragraphs: [`Votre mot de passe a été modifié le ${show(at)}. Vos autres sessions ont été fermées.`, notYou],
  }),
  'new-device-sign-in': ({ device, at, sessionsLink }, show) => ({
    subject: 'Connexion depuis un nouvel appareil',
    paragraphs: [
      `Une connexion à votre compte a eu lieu le ${show(at)} depuis un appareil que nous ne connaissions pas : ${device}.`,
      'Vous pouvez voir et fermer vos sessions ici :',
      { link: sessionsLink },
      notYou,
    ],
  }),
  'all-sessions-ended': ({ at, resetLink }, show) => ({
    subject: 'Une session a été fermée par sécurité',
    paragraphs: [
      `Le ${show(at)}, un jeton de connexion déjà utilisé a été présenté une seconde fois. Il a pu être volé : la session a été fermée.`,
      'Si vous avez un doute, changez votre mot de passe :',
      { link: resetLink },
    ],
  }),
  'second-factor-enabled': ({ at }, show) => ({
    subject: 'Second facteur activé',
    paragraphs: [`Un second facteur d’authentification a été activé le ${show(at)}.`, notYou],
  }),
  'second-factor-disabled': ({ at }, show) => ({
    subject: 'Second facteur désactivé',
    paragraphs: [`Le second facteur d’authentification a été désactivé le ${show(at)}.`, notYou],
  }),
  'recovery-code-used': ({ at, left }, show) => ({
    subject: 'Un code de secours a été utilisé',
    paragraphs: [`Un code de secours a servi à vous connecter le ${show(at)}. Codes restants : ${left}.`, notYou],
  }),
  'contact-received': ({ reference, question }) => ({
    subject: `Votre question au délégué à la protection des données (${reference})`,
    paragraphs: [
      'Votre question est bien arrivée. Le délégué à la protection des données vous répondra.',
      { quote: question },
    ],
  }),
  'contact-question': ({ reference, from, question }) => ({
    subject: `Question au DPO (${reference})`,
    paragraphs: [`De : ${from}`, { quote: question }],
  }),
};
