import type { Language } from '../../platform/language.ts';
import type { LegalBasis } from '../../purposes/index.ts';
import type { PersonalDataSource } from '../source.ts';

/** What the page of an export says. Each sentence of the law is said once, plainly. */
export interface PageWords {
  readonly locale: string;
  readonly nothing: string;
  readonly yes: string;
  readonly no: string;
  readonly redacted: string;
  readonly titles: { readonly access: string; readonly portability: string };
  readonly introductions: { readonly access: string; readonly portability: string };
  readonly hello: (name: string) => string;
  readonly madeOn: (when: string) => string;
  readonly howToRead: string;
  readonly skip: string;
  readonly contents: string;
  readonly atAGlance: string;
  readonly records: (count: string, one: boolean) => string;
  readonly yourData: string;
  readonly notHeld: { readonly heading: string; readonly text: string };
  readonly shownOf: (shown: string, all: string) => string;
  readonly asTable: string;
  readonly asJson: string;
  readonly entry: (number: number) => string;
  readonly facts: {
    readonly heading: string;
    readonly why: string;
    readonly basis: string;
    readonly origin: string;
    readonly recipients: string;
    readonly retention: string;
    readonly onErasure: string;
  };
  readonly origins: Readonly<Record<PersonalDataSource['origin'], string>>;
  readonly bases: Readonly<Record<LegalBasis, string>>;
  readonly erasures: { readonly erase: string; readonly keep: (reason: string, law: string) => string };
  readonly who: { readonly heading: string; readonly dpo: string; readonly capital: string };
  readonly information: {
    readonly heading: string;
    readonly overview: { readonly heading: string; readonly data: string };
    readonly recipients: { readonly heading: string; readonly none: string; readonly named: string };
    readonly source: { readonly heading: string; readonly text: string };
    readonly decisions: { readonly heading: string; readonly text: string };
    readonly transfers: { readonly heading: string; readonly text: string };
  };
  readonly rights: {
    readonly heading: string;
    readonly introduction: string;
    readonly list: readonly (readonly [name: string, text: string])[];
    readonly complaint: string;
  };
  readonly receipts: { readonly heading: string; readonly text: string };
  readonly reference: string;
}

const french: PageWords = {
  locale: 'fr-FR',
  nothing: '–',
  yes: 'oui',
  no: 'non',
  redacted: '[adresse d’une autre personne]',
  titles: { access: 'Vos données personnelles', portability: 'Vos données, à emporter' },
  introductions: {
    access:
      'Voici la copie de toutes les données que nous détenons à votre sujet, et ce que la loi vous donne le droit d’en savoir (article 15 du RGPD).',
    portability:
      'Voici les données que vous nous avez fournies ou que votre usage du service a produites, sur la base du contrat ou de votre consentement, dans des formats que d’autres services savent lire (article 20 du RGPD).',
  },
  hello: (name) => `Bonjour ${name},`,
  madeOn: (when) => `Établi le ${when}. Toutes les heures sont celles de Paris.`,
  howToRead:
    'Cette page se lit sans connexion. À côté d’elle, le dossier « csv » contient les mêmes données en tableaux pour un tableur, le dossier « data » les contient en JSON pour un programme, et « schema » décrit ce JSON.',
  skip: 'Aller au contenu',
  contents: 'Sommaire',
  atAGlance: 'En un coup d’œil',
  records: (count, one) => (one ? '1 élément' : `${count} éléments`),
  yourData: 'Vos données',
  notHeld: { heading: 'Ce que nous ne détenons pas', text: 'À la date de ce document, rien n’est enregistré dans :' },
  shownOf: (shown, all) => `Les ${shown} premiers éléments sur ${all} ; tous sont dans le tableau joint.`,
  asTable: 'Ouvrir le tableau (CSV)',
  asJson: 'Ouvrir le fichier JSON',
  entry: (number) => `Élément ${number}`,
  facts: {
    heading: 'Pourquoi, d’où, jusqu’à quand',
    why: 'Pourquoi',
    basis: 'Fondement',
    origin: 'Origine',
    recipients: 'Qui y a accès',
    retention: 'Durée de conservation',
    onErasure: 'En cas d’effacement',
  },
  origins: {
    provided: 'Vous nous les avez fournies',
    observed: 'Observées lorsque vous utilisez le service',
    derived: 'Produites par nous',
  },
  bases: {
    contract: 'exécution du contrat',
    consent: 'votre consentement',
    'legitimate-interest': 'notre intérêt légitime',
    'legal-obligation': 'une obligation légale',
  },
  erasures: {
    erase: 'Effacées',
    keep: (reason, law) => `Conservées : ${reason} (${law})`,
  },
  who: {
    heading: 'Qui est responsable de vos données',
    dpo: 'Délégué à la protection des données',
    capital: 'capital',
  },
  information: {
    heading: 'Ce que vous devez savoir',
    overview: { heading: 'À quoi servent vos données, et combien de temps', data: 'Données' },
    recipients: {
      heading: 'À qui elles ont été communiquées',
      none: 'Elles n’ont été communiquées à aucun tiers.',
      named: 'Elles ont été communiquées à :',
    },
    source: {
      heading: 'D’où elles viennent',
      text: 'De vous et de votre usage du service. Aucune n’a été achetée ni obtenue d’un tiers.',
    },
    decisions: {
      heading: 'Décisions automatisées',
      text: 'Aucune décision n’est prise à votre sujet par un programme seul, et aucun profil n’est établi qui aurait des effets pour vous (article 22).',
    },
    transfers: {
      heading: 'Transferts hors de l’Union européenne',
      text: 'Vos données sont hébergées dans l’Union européenne. Un transfert vers un autre pays n’a lieu que s’il figure parmi les communications ci-dessus.',
    },
  },
  rights: {
    heading: 'Vos droits',
    introduction:
      'Vous pouvez les exercer depuis votre espace, par courriel ou par courrier ; la réponse est due dans le mois.',
    list: [
      ['Rectification', 'faire corriger ce qui est inexact ou incomplet (article 16).'],
      ['Effacement', 'faire effacer vos données, ou fermer votre espace (article 17).'],
      ['Limitation', 'faire geler leur utilisation le temps d’une vérification (article 18).'],
      ['Portabilité', 'les recevoir pour les confier à un autre service (article 20).'],
      ['Opposition', 'vous opposer à un usage ; à la prospection, sans avoir à le justifier (article 21).'],
      ['Retrait du consentement', 'à tout moment, par le module « Gestion des services » (article 7).'],
      ['Directives', 'décider de leur sort après votre décès (loi du 6 janvier 1978, article 85).'],
    ],
    complaint: 'Si la réponse ne vous satisfait pas, vous pouvez adresser une réclamation à la CNIL :',
  },
  receipts: {
    heading: 'Reçus de vos consentements',
    text: 'Le dossier « consents » contient un reçu pour chacun de vos choix, dans un format normalisé (ISO/IEC TS 27560).',
  },
  reference: 'Référence',
};

const english: PageWords = {
  locale: 'en-GB',
  nothing: '–',
  yes: 'yes',
  no: 'no',
  redacted: '[another person’s address]',
  titles: { access: 'Your personal data', portability: 'Your data, to take with you' },
  introductions: {
    access:
      'This is the copy of all the data that we hold about you, and what the law entitles you to know about them (GDPR, article 15).',
    portability:
      'These are the data that you gave us or that your use of the service produced, under the contract or your consent, in formats that other services can read (GDPR, article 20).',
  },
  hello: (name) => `Hello ${name},`,
  madeOn: (when) => `Made on ${when}. All times are those of Paris.`,
  howToRead:
    'This page can be read offline. Beside it, the folder “csv” holds the same data as tables for a spreadsheet, the folder “data” holds them as JSON for a program, and “schema” describes that JSON.',
  skip: 'Skip to content',
  contents: 'Contents',
  atAGlance: 'At a glance',
  records: (count, one) => (one ? '1 item' : `${count} items`),
  yourData: 'Your data',
  notHeld: { heading: 'What we do not hold', text: 'At the date of this document nothing is stored under:' },
  shownOf: (shown, all) => `The first ${shown} items of ${all}; all of them are in the table beside this page.`,
  asTable: 'Open the table (CSV)',
  asJson: 'Open the JSON file',
  entry: (number) => `Item ${number}`,
  facts: {
    heading: 'Why, from where, until when',
    why: 'Why',
    basis: 'Legal basis',
    origin: 'Origin',
    recipients: 'Who has access',
    retention: 'Kept for',
    onErasure: 'On erasure',
  },
  origins: {
    provided: 'You gave them to us',
    observed: 'Observed when you use the service',
    derived: 'Produced by us',
  },
  bases: {
    contract: 'performance of the contract',
    consent: 'your consent',
    'legitimate-interest': 'our legitimate interest',
    'legal-obligation': 'a legal obligation',
  },
  erasures: {
    erase: 'Erased',
    keep: (reason, law) => `Kept: ${reason} (${law})`,
  },
  who: { heading: 'Who is responsible for your data', dpo: 'Data protection officer', capital: 'share capital' },
  information: {
    heading: 'What you should know',
    overview: { heading: 'What your data are for, and how long they are kept', data: 'Data' },
    recipients: {
      heading: 'Whom they were disclosed to',
      none: 'They were not disclosed to any third party.',
      named: 'They were disclosed to:',
    },
    source: {
      heading: 'Where they come from',
      text: 'From you and your use of the service. None was bought or obtained from a third party.',
    },
    decisions: {
      heading: 'Automated decisions',
      text: 'No decision about you is taken by a program alone, and no profile is made that would affect you (article 22).',
    },
    transfers: {
      heading: 'Transfers outside the European Union',
      text: 'Your data are hosted in the European Union. A transfer to another country happens only where it is among the disclosures above.',
    },
  },
  rights: {
    heading: 'Your rights',
    introduction: 'You can exercise them from your space, by e-mail or by post; the answer is due within one month.',
    list: [
      ['Rectification', 'have what is wrong or incomplete corrected (article 16).'],
      ['Erasure', 'have your data erased, or close your space (article 17).'],
      ['Restriction', 'have their use frozen while something is checked (article 18).'],
      ['Portability', 'receive them to give them to another service (article 20).'],
      ['Objection', 'object to a use; to direct marketing, without giving reasons (article 21).'],
      ['Withdrawal of consent', 'at any time, through the module « Gestion des services » (article 7).'],
      ['Directives', 'decide what becomes of them after your death (French law of 6 January 1978, article 85).'],
    ],
    complaint:
      'If the answer does not satisfy you, you may lodge a complaint with the CNIL, the supervisory authority:',
  },
  receipts: {
    heading: 'Receipts of your consents',
    text: 'The folder “consents” holds a receipt for each of your choices, in a standard format (ISO/IEC TS 27560).',
  },
  reference: 'Reference',
};

export const pageWords: Readonly<Record<Language, PageWords>> = { fr: french, en: english };
