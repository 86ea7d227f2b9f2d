export { type ProcessingGate, processingGate, processingState } from './gate.ts';
export { type Permission, type ProcessingState, permission } from './rules.ts';
