export type { ConsentReceipts } from './contents.ts';
export { packages } from './packages.ts';
