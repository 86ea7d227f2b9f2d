import type { Clock } from '../platform/clock.ts';
import type { Controller } from '../platform/config.ts';
import type { DocumentContainer } from '../platform/cosmos/document-store.ts';
import { governedTable } from '../platform/governed-table.ts';
import { ACCESS_COOKIE, REFRESH_COOKIE } from '../platform/http/cookie-mode.ts';
import type { Language } from '../platform/language.ts';

/** Words in both languages, or in one that serves for both. */
export type Wording = string | Readonly<Record<Language, string>>;

/** One row of the cookie table (clause H6). */
export interface Cookie {
  readonly name: string;
  readonly provider: string;
  readonly purpose: Wording;
  readonly category: string;
  /** Exempt cookies are set without asking (clauses H4, H5). */
  readonly consentRequired: boolean;
  /** `session`, or a duration of at most 13 months (clause H3). */
  readonly retention: string;
  readonly controller: string;
  /** The purpose whose consent it needs. */
  readonly consentPurpose?: string;
}

/** The id that a device's choices are kept under, in the browser: HttpOnly, ends with the choice. */
export const VISITOR_COOKIE = '__Host-visitor';

/** The table as the charter has it, and the cookies that this product sets itself. */
function shippedCookies(controller: Controller): readonly Cookie[] {
  const exempt = { category: 'essential', consentRequired: false, controller: controller.name } as const;
  const balancing = {
    fr: 'Répartition de charge : toutes les requêtes d’une visite vont au même serveur',
    en: 'Load balancing: all requests of one visit reach the same server',
  };
  const own = (name: string, retention: string, fr: string, en: string): Cookie => ({
    name,
    provider: 'Extranet',
    purpose: { fr, en },
    ...exempt,
    retention,
  });
  return [
    { name: 'ARRAffinity', provider: 'Azure', purpose: balancing, ...exempt, retention: 'session' },
    { name: 'ARRAffinitySameSite', provider: 'Azure', purpose: balancing, ...exempt, retention: 'session' },
    {
      name: 'ASP.NET_SessionId',
      provider: '.NET',
      purpose: { fr: 'Vous garder connecté', en: 'Keep you signed in' },
      ...exempt,
      retention: 'session',
    },
    own(VISITOR_COOKIE, 'P13M', 'Retenir vos choix sur cet appareil', 'Remember your choices on this device'),
    own(ACCESS_COOKIE, 'PT10M', 'Vous garder connecté', 'Keep you signed in'),
    own(REFRESH_COOKIE, 'P30D', 'Vous garder connecté', 'Keep you signed in'),
  ];
}

/** The cookie table (clauses H4, H6): ships with what the charter names, is edited by staff, and keeps every version. */
export function cookieTable(governance: DocumentContainer, clock: Clock, controller: Controller) {
  return governedTable<Cookie>(governance, clock, {
    kind: 'cookies',
    keyOf: ({ name }) => name,
    shipped: shippedCookies(controller),
  });
}

export type CookieTable = ReturnType<typeof cookieTable>;

/** Words in the reader's language. */
export function worded(words: Wording, language: Language): string {
  return typeof words === 'string' ? words : words[language];
}
