import type { DocumentContainer } from '../platform/cosmos/document-store.ts';
import type { AuditEntry } from './audit-log.ts';

/** What an auditor looks for. `subject` is a pseudonym (`AuditLog.pseudonym`); instants are RFC 3339, `to` not included. */
export interface TrailFilter {
  readonly subject?: string | undefined;
  readonly actor?: string | undefined;
  readonly from?: string | undefined;
  readonly to?: string | undefined;
  /** Only what members of staff were allowed to do: what a person sees of who looked at their data. */
  readonly staffOnly?: true;
}

export interface TrailPage {
  /** `sortKey` of the last entry of the page before. */
  readonly before?: string | undefined;
  readonly limit: number;
}

/** Reads the audit log, newest first. It looks entries up by index whatever the log's length: the cost of a page depends on the page. */
export function auditTrail({ audit }: { readonly audit: DocumentContainer }) {
  return {
    async page(
      filter: TrailFilter,
      { before, limit }: TrailPage,
    ): Promise<{ readonly items: readonly AuditEntry[]; readonly last?: string }> {
      const { subject, actor, from, to } = filter;
      const upper = before !== undefined && (to === undefined || before < to) ? before : to;
      const conditions = [
        "c.type = 'audit-entry'",
        ...(subject === undefined ? [] : ['c.subject = @subject']),
        ...(actor === undefined ? [] : ['c.actorId = @actor']),
        ...(from === undefined ? [] : ['c.sortKey >= @from']),
        ...(upper === undefined ? [] : ['c.sortKey < @upper']),
        ...(filter.staffOnly ? ["IS_DEFINED(c.actorId) AND c.outcome = 'allowed'"] : []),
      ];
      const { items } = await audit.query<AuditEntry>({
        text: `SELECT * FROM c WHERE ${conditions.join(' AND ')} ORDER BY c.sortKey DESC`,
        parameters: {
          ...(subject === undefined ? {} : { subject }),
          ...(actor === undefined ? {} : { actor }),
          ...(from === undefined ? {} : { from }),
          ...(upper === undefined ? {} : { upper }),
        },
        limit: limit + 1,
      });
      const page = items.slice(0, limit);
      const last = page.at(-1)?.sortKey;
      return { items: page, ...(items.length > limit && last ? { last } : {}) };
    },
  };
}

export type AuditTrail = ReturnType<typeof auditTrail>;
