import type { Purpose } from '../purposes/index.ts';

/** What is known of a person when somebody wants to use their data. */
export interface ProcessingState {
  readonly account: 'active' | 'closing' | 'other';
  /** GDPR art. 18: the data are stored, and nothing else is done with them. */
  readonly restricted: boolean;
  /** Purposes that the person objects to (art. 21), by id. */
  readonly objections: readonly string[];
  /** Consents that stand now, by purpose id. Silence is refusal: what is not here is not granted. */
  readonly granted: readonly string[];
}

export type Permission = 'permitted' | 'account-closed' | 'restricted' | 'objected' | 'not-consented';

/**
 * Whether data may be used for a purpose (idea 3 of the architecture). The order is that of strength: a closed account stops everything, a
 * restriction everything but what the person consents to (art. 18(2)), an objection its purpose, and a purpose that rests on consent needs it.
 */
export function permission(state: ProcessingState, purpose: Purpose & { readonly consentedBy?: string }): Permission {
  if (state.account !== 'active') return 'account-closed';
  const consented = state.granted.includes(purpose.consentedBy ?? purpose.id);
  if (state.objections.includes(purpose.id)) return 'objected';
  if (purpose.legalBasis === 'consent') return consented ? 'permitted' : 'not-consented';
  return state.restricted ? 'restricted' : 'permitted';
}
