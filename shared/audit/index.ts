export { AUDIT_KEPT, type AuditActor, type AuditEntry, type AuditedAct, type AuditLog, auditLog } from './audit-log.ts';
