export { type Preferences, type UserSpace, userSpace } from './user-space.ts';
