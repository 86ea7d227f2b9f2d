/** What faults can be switched on for: the database, the blob storage, the mail server, the staff's identity provider. */
export const FAULT_TARGETS = ['cosmos', 'blob', 'mail', 'staff-identity'] as const;
export type FaultTarget = (typeof FAULT_TARGETS)[number];

/** What strikes a share of the operations on one target. */
export interface Fault {
  /** The share of operations that are struck, from 0 to 1. */
  readonly rate: number;
  /** The status that is answered, or `reset` for a connection that breaks; without it an operation is late, and done. */
  readonly status?: number | 'reset';
  /** How long a struck operation waits first, in milliseconds. */
  readonly latencyMs: number;
  /**
   * `after`: the operation is carried out and only its answer is lost; `during`: it is carried out and a reset cuts its answer in the middle (another
   * status is answered as with `after`). `before` unless told otherwise.
   */
  readonly phase?: 'before' | 'during' | 'after';
}

/** The fault of one target, and the dice that decide which operations it strikes. */
export interface FaultSwitch {
  set(fault: Fault | undefined): void;
  /** The fault, when it strikes the operation at hand. */
  draw(): Fault | undefined;
}

export function createFaultSwitch(random: () => number = Math.random): FaultSwitch {
  let current: Fault | undefined;
  return {
    set: (fault) => {
      current = fault;
    },
    draw: () => (current !== undefined && random() < current.rate ? current : undefined),
  };
}
