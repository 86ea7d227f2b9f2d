import type { DataCategory } from '../personal-data/index.ts';
import type { Document } from '../platform/cosmos/document-store.ts';
import type { Id } from '../platform/ids.ts';

export type BreachId = Id<'brc'>;

/** The partition of `governance` that holds the register of breaches. */
export const BREACH_KIND = 'breach';

/** What the register says of a breach (GDPR art. 33(3), (5)); it may be completed in phases (art. 33(4)). */
export interface BreachFacts {
  readonly nature: string;
  readonly categories: readonly DataCategory[];
  readonly approximatePeople: number;
  readonly approximateRecords: number;
  readonly consequences: string;
  readonly measures: string;
  /** Whether the rights and freedoms of people are at high risk: then they are told (art. 34). */
  readonly highRisk: boolean;
  /** When it began and ended, as far as is known. */
  readonly startedAt?: string;
  readonly endedAt?: string;
  readonly cause?: string;
}

/** One entry of a breach's history; none is ever changed or removed. */
export interface BreachPhase {
  readonly at: string;
  readonly by: string;
  readonly kind: 'recorded' | 'supplemented' | 'notified' | 'people-told' | 'closed';
  /** The facts that this phase brought or changed. */
  readonly facts?: Partial<BreachFacts>;
  readonly note?: string;
}

export interface Breach extends Document, BreachFacts {
  readonly id: BreachId;
  readonly type: 'breach';
  readonly status: 'open' | 'closed';
  /** When the controller became aware: the clock runs from here and is never moved. */
  readonly awareAt: string;
  /** 72 hours after {@link awareAt}, to the second (art. 33(1)). */
  readonly notifyBy: string;
  /** When the authority was notified. */
  readonly notifiedAt?: string;
  /** Why the notification came after {@link notifyBy} (art. 33(1)). */
  readonly delayReasons?: string;
  /** Why none was due: no risk to anybody is likely (art. 33(1)). */
  readonly notNotifiedReason?: string;
  readonly peopleToldAt?: string;
  /** Why people at high risk need not be told (art. 34(3)). */
  readonly peopleNotToldReason?: string;
  readonly recordedAt: string;
  readonly recordedBy: string;
  readonly closedAt?: string;
  readonly phases: readonly BreachPhase[];
  /** Orders the register: awareness, then id. */
  readonly sortKey: string;
  /** Five years after closing; a breach that is open stays. */
  readonly expiresAt?: string;
}

/** A breach as the desk sees it. */
export type ShownBreach = Omit<Breach, 'type' | 'sortKey' | 'ttl'>;

/** In the order of the CNIL's notification form; always the same, so that an entity tag changes only with the breach. */
const SHOWN = [
  'id',
  'status',
  'startedAt',
  'endedAt',
  'awareAt',
  'notifyBy',
  'notifiedAt',
  'delayReasons',
  'notNotifiedReason',
  'nature',
  'cause',
  'categories',
  'approximateRecords',
  'approximatePeople',
  'consequences',
  'highRisk',
  'measures',
  'peopleToldAt',
  'peopleNotToldReason',
  'recordedAt',
  'recordedBy',
  'closedAt',
  'expiresAt',
  'phases',
] as const satisfies readonly (keyof ShownBreach)[];

export function shown(breach: Breach): ShownBreach {
  const entries = SHOWN.filter((name) => breach[name] !== undefined).map((name) => [name, breach[name]]);
  return Object.fromEntries(entries) as ShownBreach;
}
