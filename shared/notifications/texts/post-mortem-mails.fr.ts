import type { MailsOf } from './mail-texts.ts';
import type { PostMortemMails } from './post-mortem-mails.ts';

export const postMortemMails: MailsOf<PostMortemMails> = {
  'directives-changed': ({ act, at }, show) => ({
    subject: act === 'recorded' ? 'Vos directives sont enregistrées' : 'Vos directives sont révoquées',
    paragraphs: [
      act === 'recorded'
        ? `Vos directives sur le devenir de vos données après votre décès ont été enregistrées le ${show(at)}. Vous pouvez les modifier ou les révoquer à tout moment dans votre espace.`
        : `Vos directives sur le devenir de vos données après votre décès ont été révoquées le ${show(at)}.`,
      'Si ce n’était pas vous, changez votre mot de passe sans attendre et prévenez-nous.',
    ],
  }),
  'death-notice-received': ({ reference }) => ({
    subject: `Votre signalement est bien arrivé (${reference})`,
    paragraphs: [
      'Nous avons bien reçu votre signalement et vous présentons nos condoléances.',
      'L’espace concerné est suspendu. Le délégué à la protection des données examine le signalement et les directives que la personne a pu laisser ; il vous écrira.',
      'En cas de désaccord, vous pouvez introduire une réclamation auprès de la CNIL : www.cnil.fr.',
    ],
  }),
  'death-notice-executed': ({ reference, outcome }) => ({
    subject: `Votre signalement a été traité (${reference})`,
    paragraphs: [
      outcome === 'erased'
        ? 'Comme il a été décidé, l’espace de la personne décédée a été fermé et ses données ont été effacées, sauf ce que la loi nous fait conserver.'
        : 'Comme il a été décidé, les données à communiquer sont prêtes : le délégué à la protection des données vous écrira pour vous les remettre.',
      'En cas de désaccord, vous pouvez introduire une réclamation auprès de la CNIL : www.cnil.fr.',
    ],
  }),
  'space-on-hold': ({ at }, show) => ({
    subject: 'Votre espace est suspendu',
    paragraphs: [
      `Le ${show(at)}, un signalement nous a conduits à suspendre votre espace : vos sessions sont closes et vos données ne sont plus utilisées.`,
      'Si c’est une erreur, répondez sans attendre au délégué à la protection des données : rien n’est effacé sans qu’une personne en ait décidé.',
    ],
  }),
  'space-hold-ends': ({ at }, show) => ({
    subject: 'Votre espace n’est plus suspendu',
    paragraphs: [
      `La suspension de votre espace, décidée à la suite d’un signalement du ${show(at)}, prend fin : ce signalement était erroné.`,
      'La limitation du traitement de vos données est levée ; tout est comme avant.',
    ],
  }),
};
