import type { Controller } from '../platform/config.ts';
import type { Language } from '../platform/language.ts';
import { charterPurposes, type Purpose } from '../purposes/index.ts';

/** Without these the service cannot be given (clause C2). */
const mandatoryFields = [
  'email',
  'password',
  'givenName',
  'familyName',
  'company',
  'acceptedTerms',
  'acceptedCharter',
] as const;
const optionalFields = ['jobTitle', 'phone', 'language'] as const;

const words = {
  fr: {
    mandatory: 'Sans ces champs, le service ne peut pas être fourni.',
    recourse: 'Vous pouvez introduire une réclamation auprès de la CNIL.',
  },
  en: {
    mandatory: 'Without these fields the service cannot be given.',
    recourse: 'You may lodge a complaint with the CNIL, the French supervisory authority.',
  },
} as const;

/** Where to complain (clause G11). */
export function recourseIn(language: Language) {
  return {
    authority: 'CNIL',
    address: '3 place de Fontenoy, TSA 80715, 75334 Paris Cedex 07',
    url: 'https://www.cnil.fr/fr/plaintes',
    notice: words[language].recourse,
  };
}

/**
 * Who is responsible, for what, on what basis, what must be given, and where to complain (B1, B2, C2, G11). `services` are the purposes that stand
 * beside those of the charter, as staff have them now.
 */
export function controllerInformation(controller: Controller, services: readonly Purpose[], language: Language) {
  return {
    ...controller,
    purposes: [...charterPurposes, ...services].map(({ id, legalBasis, title }) => ({
      id,
      title: title[language],
      legalBasis,
    })),
    mandatoryFields: {
      registration: [...mandatoryFields],
      optional: [...optionalFields],
      notice: words[language].mandatory,
    },
    recourse: recourseIn(language),
  };
}
