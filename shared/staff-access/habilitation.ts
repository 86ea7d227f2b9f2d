import type { DataCategory } from '../personal-data/index.ts';
import type { Document, DocumentContainer } from '../platform/cosmos/document-store.ts';
import { parisDay } from '../platform/paris-time.ts';

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
}

export const HABILITATION_KIND = 'habilitation';

/** Reads the store at each question: what was withdrawn is gone at the next request. */
export function habilitationReader({ governance }: { readonly governance: DocumentContainer }) {
  return {
    /** The categories that this member of staff may see on this mission now; none without a habilitation in force. */
    async granted(staffId: string, mission: Mission, now: Date): Promise<readonly DataCategory[]> {
      const found = await governance.read<Habilitation>(HABILITATION_KIND, staffId);
      if (!found?.missions.includes(mission) || found.expiresOn < parisDay(now)) return [];
      return found.categories;
    },
  };
}

export type HabilitationReader = ReturnType<typeof habilitationReader>;
