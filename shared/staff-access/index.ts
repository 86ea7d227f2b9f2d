export { staffTokens } from './staff-token.ts';
