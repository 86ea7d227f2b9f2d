import type { MailsOf } from './mail-texts.ts';
import type { SpaceMails } from './space-mails.ts';

export const spaceMails: MailsOf<SpaceMails> = {
  'space-closing': ({ link, undoUntil }, show) => ({
    subject: 'Votre espace est fermé',
    paragraphs: [
      'Vous avez demandé la fermeture de votre espace. Vos données ne sont plus utilisées et toutes vos sessions sont closes.',
      `Elles seront effacées après le ${show(undoUntil)}. Jusque-là vous pouvez changer d’avis et rouvrir l’espace par ce lien :`,
      { link },
      'Si vous n’êtes pas à l’origine de cette demande, rouvrez l’espace et changez votre mot de passe.',
      'Vous pouvez introduire une réclamation auprès de la CNIL : www.cnil.fr.',
    ],
  }),
  'space-reopened': ({ at }, show) => ({
    subject: 'Votre espace est rouvert',
    paragraphs: [
      `Votre espace a été rouvert le ${show(at)}. Rien n’a été effacé ; connectez-vous comme avant.`,
      'Si ce n’était pas vous, changez votre mot de passe sans attendre et prévenez-nous.',
    ],
  }),
  'address-of-closing-space': () => ({
    subject: 'Votre espace est en cours de fermeture',
    paragraphs: [
      'Une inscription vient d’être demandée avec votre adresse, mais l’espace qui lui appartient est en cours de fermeture.',
      'Pour le garder, utilisez le lien du message de fermeture, valable sept jours. Une fois vos données effacées, vous pourrez vous inscrire à nouveau.',
      'Si vous n’êtes pas à l’origine de cette demande, vous n’avez rien à faire.',
    ],
  }),
  'space-erased': ({ because, kept }) => ({
    subject: 'Vos données sont effacées',
    paragraphs: [
      because === 'closure'
        ? 'Comme vous l’avez demandé, votre espace et les données qui s’y rapportent ont été effacés.'
        : 'Votre espace n’a pas été utilisé depuis vingt-quatre mois : il a été effacé, avec les données qui s’y rapportent.',
      kept.length === 0
        ? 'Rien n’a été conservé qui permette de vous reconnaître.'
        : 'Ce que la loi nous fait conserver, et pourquoi :',
      ...kept.map((sentence) => ({ quote: sentence })),
      'Ce message est le dernier ; l’adresse à laquelle il est envoyé est effacée elle aussi.',
      'Vous pouvez introduire une réclamation auprès de la CNIL : www.cnil.fr.',
    ],
  }),
  'space-unused': ({ lastUsedAt, erasedAt, signInLink }, show) => ({
    subject: 'Votre espace n’est plus utilisé',
    paragraphs: [
      `Vous n’avez pas utilisé votre espace depuis le ${show(lastUsedAt)}.`,
      `Sans connexion de votre part, il sera effacé après le ${show(erasedAt)}, avec les données qui s’y rapportent. Pour le garder, il suffit de vous connecter :`,
      { link: signInLink },
    ],
  }),
};
