import type { Language } from '../platform/language.ts';

/** The technical and organisational measures (GDPR art. 30(1)(g), 32), as the product carries them out. */
export const securityMeasures: readonly Readonly<Record<Language, string>>[] = [
  {
    fr: 'Chiffrement en transit (TLS) et au repos ; pièces d’identité et exports chiffrés en outre par l’application (AES-256-GCM, une clé par fichier, enveloppée par un coffre de clés).',
    en: 'Encryption in transit (TLS) and at rest; identity documents and exports also encrypted by the application (AES-256-GCM, a key for each file, wrapped by a key vault).',
  },
  {
    fr: 'Mots de passe hachés par Argon2id ; second facteur proposé ; tentatives limitées par compte et par source ; sessions courtes, renouvelées à usage unique.',
    en: 'Passwords hashed with Argon2id; a second factor on offer; attempts limited by account and by source; short sessions, renewed by single-use tokens.',
  },
  {
    fr: 'Accès du personnel par rôle et par habilitation (catégorie de données et mission, à durée limitée) ; chaque consultation journalisée avant d’être servie.',
    en: 'Staff access by role and by authorisation (data category and mission, for a limited time); every reading logged before it is served.',
  },
  {
    fr: 'Journal d’accès en ajout seul, scellé chaque jour par une empreinte chaînée et vérifiable.',
    en: 'Append-only access log, sealed each day by a chained and verifiable digest.',
  },
  {
    fr: 'Pseudonymisation par clé des adresses dans les index et journaux ; aucune donnée personnelle dans les noms de fichiers ni les traces techniques.',
    en: 'Keyed pseudonyms for addresses in indexes and logs; no personal data in file names or technical traces.',
  },
  {
    fr: 'Minimisation : tout champ non prévu est refusé ; effacement automatique à l’échéance de chaque durée de conservation ; effacement prouvé par une seconde passe.',
    en: 'Minimisation: every unforeseen field is refused; automatic erasure at the end of each retention term; erasure proved by a second pass.',
  },
  {
    fr: 'Sauvegarde continue sur 7 jours ; un registre d’effacement sans donnée personnelle permet de rejouer les effacements après une restauration.',
    en: 'Continuous backup over 7 days; an erasure ledger without personal data allows erasures to be replayed after a restore.',
  },
];
