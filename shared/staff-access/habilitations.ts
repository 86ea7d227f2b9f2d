import type { AuditLog } from '../audit/index.ts';
import type { DataCategory } from '../personal-data/index.ts';
import { DAY, plus } from '../platform/clock.ts';
import type { DocumentContainer, Stored } from '../platform/cosmos/document-store.ts';
import type { StaffCaller } from '../platform/http/route.ts';
import { parisDay } from '../platform/paris-time.ts';
import { HABILITATION_KIND, type Habilitation, type HabilitationUse, type Mission, USE_KIND } from './habilitation.ts';
import { type GrantFault, grantFault, type ReviewState, reviewState } from './habilitation-rules.ts';

/** What is granted: categories of data, missions, and the calendar day (Europe/Paris) with whose end it ends. */
export interface Grant {
  readonly categories: readonly DataCategory[];
  readonly missions: readonly Mission[];
  readonly expiresOn: string;
}

/** A habilitation as the administrator sees it. */
export interface ShownHabilitation extends Grant {
  readonly staffId: string;
  readonly grantedBy: string;
  readonly grantedAt: string;
}

/** What a review wants to know besides: what ends, what ended, and what nobody used. */
export interface ReviewedHabilitation extends ShownHabilitation {
  readonly state: ReviewState;
  readonly endsSoon: boolean;
  readonly unused: boolean;
  readonly lastUsedAt?: string;
}

export type GrantOutcome =
  | { readonly outcome: 'granted' | 'replaced'; readonly habilitation: ShownHabilitation }
  | { readonly outcome: 'refused'; readonly fault: GrantFault }
  | { readonly outcome: 'changed-meanwhile' };

/** A habilitation that has ended stays on the review list this long. */
const SHOWN_AFTER_END = 90 * DAY;

const shown = ({
  staffId,
  categories,
  missions,
  expiresOn,
  grantedBy,
  grantedAt,
}: Habilitation): ShownHabilitation => ({
  staffId,
  categories,
  missions,
  expiresOn,
  grantedBy,
  grantedAt,
});

/** Who may see which data for what: granted, reviewed, withdrawn; every act on record before it takes effect (clause C3). */
export function habilitations({ governance }: { readonly governance: DocumentContainer }, audit: AuditLog) {
  const find = (staffId: string) => governance.read<Habilitation>(HABILITATION_KIND, staffId);

  const record = (
    by: StaffCaller,
    action: 'habilitation-granted' | 'habilitation-withdrawn',
    staffId: string,
    outcome: 'allowed' | 'refused',
    now: Date,
    grant?: Grant,
  ) =>
    audit.record(
      {
        actor: { kind: 'staff', id: by.staffId, roles: by.roles },
        action,
        resource: staffId,
        outcome,
        ...(grant ? { categories: grant.categories, reason: `${grant.missions.join(', ')}; ${grant.expiresOn}` } : {}),
      },
      now,
    );

  /** When each of these was last used. */
  async function usesOf(staffIds: readonly string[]): Promise<ReadonlyMap<string, string>> {
    if (staffIds.length === 0) return new Map();
    const names = staffIds.map((_, index) => `@id${index}`).join(', ');
    const { items } = await governance.query<HabilitationUse>({
      text: `SELECT * FROM c WHERE c.type = 'habilitation-use' AND c.id IN (${names})`,
      parameters: Object.fromEntries(staffIds.map((id, index) => [`id${index}`, id])),
      partition: USE_KIND,
      limit: staffIds.length,
    });
    return new Map(items.map(({ id, lastUsedAt }) => [id, lastUsedAt]));
  }

  return {
    async of(staffId: string): Promise<ShownHabilitation | undefined> {
      const found = await find(staffId);
      return found && shown(found);
    },

    /** One page in the order of staff ids, beginning behind `after`. */
    async list(
      { limit, after }: { readonly limit: number; readonly after?: string | undefined },
      now: Date,
    ): Promise<{ readonly items: readonly ReviewedHabilitation[]; readonly last?: string }> {
      const { items: found } = await governance.query<Habilitation>({
        text: "SELECT * FROM c WHERE c.type = 'habilitation' AND c.id > @after ORDER BY c.id",
        parameters: { after: after ?? '' },
        partition: HABILITATION_KIND,
        limit: limit + 1,
      });
      const page = found.slice(0, limit);
      const uses = await usesOf(page.map(({ id }) => id));
      const items = page.map((habilitation): ReviewedHabilitation => {
        const state = reviewState(habilitation.expiresOn, parisDay(now));
        const lastUsedAt = uses.get(habilitation.staffId);
        return {
          ...shown(habilitation),
          state,
          endsSoon: state === 'ends-soon',
          unused: lastUsedAt === undefined,
          ...(lastUsedAt ? { lastUsedAt } : {}),
        };
      });
      const last = page.at(-1)?.id;
      return { items, ...(found.length > limit && last ? { last } : {}) };
    },

    /**
     * Grants, or replaces what was granted. `check` sees what stands now and may throw. The entry in the audit log comes first: no habilitation
     * exists that is not on record.
     */
    async grant(
      staffId: string,
      grant: Grant,
      by: StaffCaller,
      check: (current: ShownHabilitation | undefined) => void,
      now: Date,
    ): Promise<GrantOutcome> {
      const fault = grantFault({ staffId, expiresOn: grant.expiresOn }, by.staffId, parisDay(now));
      if (fault) {
        await record(by, 'habilitation-granted', staffId, 'refused', now, grant);
        return { outcome: 'refused', fault };
      }
      const current: Stored<Habilitation> | undefined = await find(staffId);
      check(current && shown(current));
      const habilitation: Habilitation = {
        id: staffId,
        type: 'habilitation',
        staffId,
        ...grant,
        grantedBy: by.staffId,
        grantedAt: now.toISOString(),
        expiresAt: plus(new Date(grant.expiresOn), DAY + SHOWN_AFTER_END).toISOString(),
      };
      await record(by, 'habilitation-granted', staffId, 'allowed', now, grant);
      const { outcome } = current
        ? await governance.replace(HABILITATION_KIND, habilitation, current._etag)
        : await governance.create(HABILITATION_KIND, habilitation);
      if (outcome !== 'written') {
        await record(by, 'habilitation-granted', staffId, 'refused', now, grant);
        return { outcome: 'changed-meanwhile' };
      }
      return { outcome: current ? 'replaced' : 'granted', habilitation: shown(habilitation) };
    },

    /** Withdraws everything from somebody, effective at their next request. `false` when there was nothing. */
    async withdraw(staffId: string, by: StaffCaller, now: Date): Promise<boolean> {
      if (!(await find(staffId))) return false;
      await record(by, 'habilitation-withdrawn', staffId, 'allowed', now);
      await governance.remove(HABILITATION_KIND, staffId);
      await governance.remove(USE_KIND, staffId);
      return true;
    },
  };
}

export type Habilitations = ReturnType<typeof habilitations>;
