export { type AccountReading, accountReading, type ReadingOutcome } from './account-reading.ts';
export {
  HABILITATION_KIND,
  type Habilitation,
  type HabilitationReader,
  habilitationReader,
  type Mission,
  missions,
} from './habilitation.ts';
export type { GrantFault } from './habilitation-rules.ts';
export { type Habilitations, habilitations, type ShownHabilitation } from './habilitations.ts';
export { isStaffId, STAFF_ID } from './staff-id.ts';
export { staffTokens } from './staff-token.ts';
