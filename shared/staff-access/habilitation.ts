import type { DataCategory } from '../personal-data/index.ts';
import { DAY, plus } from '../platform/clock.ts';
import type { Document, DocumentContainer } from '../platform/cosmos/document-store.ts';
import { parisDay } from '../platform/paris-time.ts';
import { isStaffId } from './staff-id.ts';

/** What a member of staff may be authorised to look at data for. */
export const missions = ['support', 'rights-requests', 'audit', 'litigation', 'service-improvement'] as const;
export type Mission = (typeof missions)[number];

/** The authorisation of one member of staff (clause C3): partition `habilitation`, id the subject of the staff token. */
export interface Habilitation extends Document {
  readonly type: 'habilitation';
  readonly staffId: string;
  readonly categories: readonly DataCategory[];
  readonly missions: readonly Mission[];
  /** Calendar day in Europe/Paris; the habilitation ends when that day ends. */
  readonly expiresOn: string;
  readonly grantedBy: string;
  readonly grantedAt: string;
  /** Some time after the habilitation has ended, so that a review still sees it. */
  readonly expiresAt: string;
}

/** When a habilitation was last used: partition `habilitation-use`, id the staff id. Apart, so that use never gets in the way of a grant. */
export interface HabilitationUse extends Document {
  readonly type: 'habilitation-use';
  readonly lastUsedAt: string;
  readonly expiresAt: string;
}

export const HABILITATION_KIND = 'habilitation';
export const USE_KIND = 'habilitation-use';

/** Use is noted at most this often by each instance: a review wants the day, not the second. */
const NOTED_EVERY = DAY / 24;
/** No habilitation lasts longer than a year, and the note of its use not longer than it. */
const USE_KEPT = 400 * DAY;

/** Reads the store at each question: what was withdrawn is gone at the next request. */
export function habilitationReader({ governance }: { readonly governance: DocumentContainer }) {
  const noted = new Map<string, number>();

  /** Best effort: that a habilitation was used is for the review, and must not keep anybody from their work. */
  async function noteUse(staffId: string, now: Date): Promise<void> {
    if (Math.abs(now.getTime() - (noted.get(staffId) ?? 0)) < NOTED_EVERY) return;
    noted.set(staffId, now.getTime());
    const use: HabilitationUse = {
      id: staffId,
      type: 'habilitation-use',
      lastUsedAt: now.toISOString(),
      expiresAt: plus(now, USE_KEPT).toISOString(),
    };
    await governance.upsert(USE_KIND, use).catch(() => noted.delete(staffId));
  }

  return {
    /** The categories that this member of staff may see on this mission now; none without a habilitation in force. */
    async granted(staffId: string, mission: Mission, now: Date): Promise<readonly DataCategory[]> {
      if (!isStaffId(staffId)) return [];
      const found = await governance.read<Habilitation>(HABILITATION_KIND, staffId);
      if (!found?.missions.includes(mission) || found.expiresOn < parisDay(now)) return [];
      await noteUse(staffId, now);
      return found.categories;
    },
  };
}

export type HabilitationReader = ReturnType<typeof habilitationReader>;
