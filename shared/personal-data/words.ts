import type { Words } from './source.ts';

/** Said by most sources: nobody receives the data but authorised staff, and the host who stores them on instructions (art. 28). */
export const staffAndHost: Words = {
  fr: 'Les équipes habilitées du responsable de traitement ; Microsoft (Azure), hébergeur, en qualité de sous-traitant',
  en: 'Authorised staff of the controller; Microsoft (Azure), the host, as a processor',
};

/** Kept as long as the account is. */
export const asLongAsTheAccount: Words = {
  fr: 'La durée de vie du compte ; supprimées avec lui',
  en: 'As long as the account exists; erased with it',
};
