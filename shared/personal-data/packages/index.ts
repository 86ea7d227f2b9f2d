export type { ConsentReceipt, ConsentReceipts } from './contents.ts';
export { type PackageServices, packages } from './packages.ts';
