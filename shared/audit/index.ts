export { type AccessLog, accessLog, accessLogSource } from './access-log.ts';
export { type AuditEntry, type AuditedAct, type AuditLog, auditLog } from './audit-log.ts';
export { type AuditSeals, auditSeals } from './audit-seals.ts';
export { type AuditTrail, auditTrail } from './audit-trail.ts';
export { blobSealStore, type SealStore } from './seal-store.ts';
