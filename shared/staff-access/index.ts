export { type AccountReading, accountReading, type ReadingOutcome } from './account-reading.ts';
export {
  type HabilitationReader,
  habilitationReader,
  type Mission,
  missions,
} from './habilitation.ts';
export type { GrantFault } from './habilitation-rules.ts';
export { type Habilitations, habilitations } from './habilitations.ts';
export { STAFF_ID } from './staff-id.ts';
export { staffTokens } from './staff-token.ts';
