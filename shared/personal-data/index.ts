export { categoryTitles, type DataCategory, dataCategories } from './categories.ts';
export { partitionSource, scatteredSource } from './document-source.ts';
export { erasureSaga } from './erasure.ts';
export { type ErasureLedger, erasureLedger } from './erasure-ledger.ts';
export { blobsOutsideInventory, typesOutsideInventory } from './outside-inventory.ts';
export { type ConsentReceipts, packages } from './packages/index.ts';
export { type ErasureReplay, type ErasureReplays, erasureReplays } from './replay.ts';
export {
  type DataSubject,
  type Erased,
  eraseEach,
  type Inventory,
  nothingErased,
  type PersonalDataRecord,
  type PersonalDataSource,
  type Words,
} from './source.ts';
export type {
  BuiltPackage,
  Erasure,
  ErasureTask,
  KeptData,
  Packages,
  PackageTask,
  StopProcessing,
} from './tasks.ts';
export { asLongAsTheAccount, staffAndHost } from './words.ts';
