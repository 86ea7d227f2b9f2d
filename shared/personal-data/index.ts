export { type DataCategory, dataCategories } from './categories.ts';
export type { DataSubject, Inventory, OnErasure, PersonalDataRecord, PersonalDataSource } from './source.ts';
export type {
  BuiltPackage,
  Erasure,
  ErasureProgress,
  ErasureTask,
  KeptData,
  Packages,
  PackageTask,
  StopProcessing,
} from './tasks.ts';
