import type { DataCategory } from '../personal-data/index.ts';
import type { Permission, ProcessingState } from '../processing-gate/index.ts';
import type { Purpose } from '../purposes/index.ts';
import type { Mission } from './habilitation.ts';

/**
 * Missions for which data may be used although processing is restricted, objected to, or stopped with the account: the person's own request,
 * and legal claims (GDPR art. 18(2), 21(1)).
 */
const DESPITE_RESTRICTION: readonly Mission[] = ['rights-requests', 'litigation'];

/** The purpose of the charter that a mission serves: its restriction and objections hold for staff too. */
const PURPOSE_OF: Partial<Record<Mission, string>> = { support: 'D7', 'service-improvement': 'D8', audit: 'D1' };

/** Whether a mission may look at a person's data as they stand (ideas 3 and 9 of the architecture: the gate is asked, and it fails closed). */
export function readingPermission(
  mission: Mission,
  state: ProcessingState,
  gate: {
    readonly purposeById: (id: string) => Purpose | undefined;
    readonly permission: (state: ProcessingState, purpose: Purpose) => Permission;
  },
): Permission {
  if (DESPITE_RESTRICTION.includes(mission)) return 'permitted';
  const purpose = gate.purposeById(PURPOSE_OF[mission] ?? '');
  return purpose ? gate.permission(state, purpose) : 'restricted';
}

/** What is shown of what was asked for: everything granted when nothing in particular was asked. */
export function sharedOut(
  asked: readonly DataCategory[] | undefined,
  granted: readonly DataCategory[],
): { readonly shown: readonly DataCategory[]; readonly refused: readonly DataCategory[] } {
  const wanted = asked ?? granted;
  return {
    shown: wanted.filter((category) => granted.includes(category)),
    refused: wanted.filter((category) => !granted.includes(category)),
  };
}
