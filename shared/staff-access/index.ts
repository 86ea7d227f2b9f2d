export {
  HABILITATION_KIND,
  type Habilitation,
  type HabilitationReader,
  habilitationReader,
  type Mission,
  missions,
} from './habilitation.ts';
export { staffTokens } from './staff-token.ts';
