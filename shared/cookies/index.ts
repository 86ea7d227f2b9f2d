export { type Cookie, type CookieTable, cookieTable, VISITOR_COOKIE, worded } from './cookie-table.ts';
export { isWithinTerm } from './rules.ts';
