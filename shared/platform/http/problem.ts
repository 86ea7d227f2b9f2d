import type { Language } from '../language.ts';

/** The closed union of problem codes (RFC 9457), each with its status and its words. */
export const problemCatalogue = {
  'invalid-request': {
    status: 400,
    fr: 'La demande ne respecte pas le contrat.',
    en: 'The request does not follow the contract.',
  },
  unauthenticated: {
    status: 401,
    fr: 'Identification requise ou refusée.',
    en: 'Authentication is missing or was refused.',
  },
  'reauthentication-required': {
    status: 401,
    fr: 'Cette action demande une connexion de moins de dix minutes.',
    en: 'This action wants a sign-in less than ten minutes old.',
  },
  'mfa-required': {
    status: 401,
    fr: 'Un code de votre second facteur est requis.',
    en: 'A code of your second factor is required.',
  },
  forbidden: { status: 403, fr: 'Cette action ne vous est pas ouverte.', en: 'You may not do this.' },
  'acceptance-required': {
    status: 403,
    fr: 'Une nouvelle version des conditions ou de la charte attend votre acceptation.',
    en: 'A new version of the terms or the charter awaits your acceptance.',
  },
  'processing-restricted': {
    status: 403,
    fr: 'Le traitement de ces données est limité.',
    en: 'The processing of these data is restricted.',
  },
  'not-found': { status: 404, fr: 'Cette ressource est introuvable.', en: 'There is no such resource.' },
  conflict: {
    status: 409,
    fr: 'L’état actuel ne permet pas cette action.',
    en: 'The current state does not allow this.',
  },
  gone: {
    status: 410,
    fr: 'Ce lien ou cette ressource n’est plus valable.',
    en: 'This link or resource is no longer valid.',
  },
  'precondition-failed': {
    status: 412,
    fr: 'La ressource a changé entre-temps.',
    en: 'The resource has changed meanwhile.',
  },
  'payload-too-large': {
    status: 413,
    fr: 'Le corps de la demande est trop grand.',
    en: 'The request body is too large.',
  },
  'unsupported-media-type': {
    status: 415,
    fr: 'Ce type de contenu n’est pas accepté ici.',
    en: 'This content type is not accepted here.',
  },
  unprocessable: {
    status: 422,
    fr: 'La demande est bien formée mais ne peut être acceptée.',
    en: 'The request is well formed but cannot be accepted.',
  },
  'precondition-required': {
    status: 428,
    fr: 'L’en-tête If-Match est requis.',
    en: 'The If-Match header is required.',
  },
  'too-many-requests': {
    status: 429,
    fr: 'Trop de tentatives ; réessayez plus tard.',
    en: 'Too many attempts; try again later.',
  },
  'internal-error': {
    status: 500,
    fr: 'Une erreur inattendue s’est produite.',
    en: 'Something unexpected went wrong.',
  },
  'service-unavailable': {
    status: 503,
    fr: 'Le service est momentanément indisponible.',
    en: 'The service is unavailable for the moment.',
  },
} as const;

export type ProblemCode = keyof typeof problemCatalogue;

/** Where in the request a fault is, and what it is. The offending value is never repeated. */
export interface FieldFault {
  readonly path: string;
  readonly message: string;
}

interface ProblemDetails {
  /** Words for this occurrence, where the catalogue's are too general. */
  readonly detail?: Readonly<Record<Language, string>>;
  readonly errors?: readonly FieldFault[];
  readonly retryAfterSeconds?: number;
}

/** A business outcome that ends a request. Thrown by handlers and guards; the dispatcher is its only catcher. */
export class Problem extends Error {
  override readonly name = 'Problem';
  readonly code: ProblemCode;
  readonly details: ProblemDetails;

  constructor(code: ProblemCode, details: ProblemDetails = {}) {
    super(code);
    this.code = code;
    this.details = details;
  }
}

/** The `application/problem+json` document of a problem, in the reader's language. */
export function problemDocument(problem: Problem, language: Language) {
  const { status, ...words } = problemCatalogue[problem.code];
  const title = words[language];
  return {
    type: `urn:extranet:problem:${problem.code}`,
    title,
    status,
    detail: problem.details.detail?.[language] ?? title,
    code: problem.code,
    ...(problem.details.errors ? { errors: problem.details.errors } : {}),
  };
}
