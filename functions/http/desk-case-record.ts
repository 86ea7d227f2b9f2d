import type { AuditLog } from '../../shared/audit/index.ts';
import type { DataCategory } from '../../shared/personal-data/index.ts';
import { Problem } from '../../shared/platform/http/problem.ts';
import type { StaffCaller } from '../../shared/platform/http/route.ts';
import type { CaseServices, RightsRequest } from '../../shared/rights-requests/index.ts';

export interface DeskRecordServices {
  readonly cases: CaseServices;
  readonly audit: AuditLog;
}

/** What the categories of a case file are to the audit log. */
const FILE_CATEGORIES: readonly DataCategory[] = ['identity', 'contact', 'requests', 'correspondence'];

/** How what the desk does to a case is put on record, and what it is shown afterwards. */
export function deskRecord({ cases, audit }: DeskRecordServices) {
  const actor = ({ staffId, roles }: StaffCaller) => ({ kind: 'staff', id: staffId, roles }) as const;
  const subjectOf = (request: RightsRequest) => request.accountId ?? request.emailKey ?? request.nameKey;

  /** Puts a look at, or an act on, a case on record; whoever shows the case awaits this first (clause C3). */
  async function record(caller: StaffCaller, action: string, request: RightsRequest, now: Date, reason?: string) {
    await audit.record(
      {
        actor: actor(caller),
        action,
        subject: subjectOf(request),
        resource: request.requestId,
        categories: FILE_CATEGORIES,
        mission: 'rights-requests',
        ...(reason === undefined ? {} : { reason }),
        outcome: 'allowed',
      },
      now,
    );
  }

  return {
    actor,
    subjectOf,
    record,

    /** The case as it is now, on record as read under `action`. */
    async shown(caller: StaffCaller, action: string, id: string, now: Date) {
      const found = await cases.store.read(id);
      if (!found) throw new Problem('not-found');
      await record(caller, action, found, now);
      const detail = await cases.deskDetail(id, now);
      if (!detail) throw new Problem('not-found');
      return detail;
    },
  };
}
