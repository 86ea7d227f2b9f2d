export { userSpaceSources } from './sources.ts';
export { type Preferences, type UserSpace, userSpace } from './user-space.ts';
