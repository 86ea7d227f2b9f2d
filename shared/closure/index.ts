export { type Closure, closure } from './closure.ts';
export { erasureWork } from './erasure-work.ts';
export { closureSources } from './sources.ts';
export { stopProcessing } from './stop-processing.ts';
