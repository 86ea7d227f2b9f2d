import type { Language } from '../../platform/language.ts';

/** What a person reads instead of the stable English keys. A key that is not here is shown as its own words. */
const french: Readonly<Record<string, string>> = {
  accountId: 'Identifiant du compte',
  acceptedAt: 'Accepté le',
  accepted: 'Accepté',
  act: 'Acte',
  action: 'Action',
  answer: 'Réponse',
  at: 'Date',
  attempts: 'Tentatives',
  authenticatedAt: 'Identité prouvée le',
  because: 'Motif',
  categories: 'Catégories',
  category: 'Catégorie',
  channel: 'Canal',
  choices: 'Choix',
  closedAt: 'Fermé le',
  company: 'Société',
  contact: 'Contact',
  createdAt: 'Créé le',
  decidedAt: 'Décidé le',
  deliveredAt: 'Envoyé le',
  details: 'Précisions',
  device: 'Appareil',
  dueAt: 'Échéance',
  email: 'Adresse e-mail',
  endsAt: 'Se termine le',
  expiresAt: 'Conservé jusqu’au',
  failedSignIns: 'Connexions échouées',
  familyName: 'Nom',
  fields: 'Champs',
  formId: 'Formulaire',
  givenName: 'Prénom',
  ground: 'Fondement',
  id: 'Identifiant',
  interests: 'Centres d’intérêt',
  jobTitle: 'Fonction',
  kind: 'Nature',
  knownDevices: 'Appareils connus',
  language: 'Langue',
  lastSignInAt: 'Dernière connexion',
  lastUsedAt: 'Dernière utilisation',
  mechanism: 'Moyen',
  message: 'Message',
  methods: 'Moyens de preuve',
  mission: 'Mission',
  name: 'Nom',
  noticeVersion: 'Version de la notice',
  notifications: 'Notifications',
  objections: 'Oppositions',
  passwordChangedAt: 'Mot de passe changé le',
  path: 'Page',
  phone: 'Téléphone',
  pseudonym: 'Pseudonyme',
  purposes: 'Finalités',
  readyAt: 'Prêt le',
  reason: 'Raison',
  receivedAt: 'Reçu le',
  recipient: 'Destinataire',
  recoveryCodesLeft: 'Codes de secours restants',
  reference: 'Référence',
  requestId: 'Demande',
  restrictedSince: 'Limité depuis le',
  role: 'Rôle',
  secondFactor: 'Second facteur',
  size: 'Taille',
  state: 'État',
  status: 'État',
  subject: 'Objet',
  theme: 'Thème',
  transport: 'Transport',
  type: 'Type',
  undoUntil: 'Annulable jusqu’au',
  updatedAt: 'Modifié le',
  verifiedAt: 'Confirmé le',
  version: 'Version',
  wishes: 'Souhaits',
};

const frenchValues: Readonly<Record<string, string>> = {
  access: 'accès',
  'account-verification': 'confirmation de l’adresse',
  active: 'actif',
  bearer: 'jeton',
  building: 'en préparation',
  closing: 'en cours de fermeture',
  'contact-received': 'accusé de réception d’une question',
  'contact-question': 'question au délégué à la protection des données',
  cookie: 'cookie',
  'new-device-sign-in': 'connexion d’un nouvel appareil',
  none: 'aucun',
  otp: 'code du second facteur',
  portability: 'portabilité',
  'privacy-charter': 'charte de confidentialité',
  'password-changed': 'mot de passe modifié',
  'password-reset': 'nouveau mot de passe',
  pwd: 'mot de passe',
  ready: 'prêt',
  registration: 'inscription',
  terms: 'conditions d’utilisation',
  acceptance: 'acceptation',
};

/** A code of ours in words; anything else, and whatever the person wrote, stays what it is. */
export function valueName(value: string, language: Language): string {
  return language === 'fr' && Object.hasOwn(frenchValues, value) ? (frenchValues[value] ?? value) : value;
}

/** A name that a program gave; people give others to their form fields. */
const KEY = /^[a-z][A-Za-z0-9]*$/;

const wordsOf = (key: string) => {
  if (!KEY.test(key)) return key;
  const words = key.replace(/([a-z\d])([A-Z])/g, '$1 $2').toLowerCase();
  return words.charAt(0).toUpperCase() + words.slice(1);
};

/** The name of a field of a record, which can be a path: `recipient.name`. */
export function fieldName(path: string, language: Language): string {
  const keys = path.split('.');
  return keys.map((key) => (language === 'fr' && Object.hasOwn(french, key) ? french[key] : wordsOf(key))).join(' › ');
}
