import { HOUR, plus } from '../platform/clock.ts';
import type { Breach, BreachFacts, BreachPhase } from './breach.ts';

/** The authority is notified within 72 hours of awareness: hours, not days (GDPR art. 33(1)). */
const NOTIFICATION_TERM = 72 * HOUR;

/** The last instant at which the notification is in time. */
export function notifyBy(awareAt: Date): Date {
  return plus(awareAt, NOTIFICATION_TERM);
}

/** What may be added to a breach. Awareness is not among it: nobody moves the clock. */
export interface BreachChange {
  readonly facts: Partial<BreachFacts>;
  /** Words on this phase. */
  readonly note?: string;
  readonly notifiedAt?: Date;
  readonly delayReasons?: string;
  readonly notNotifiedReason?: string;
  readonly peopleNotToldReason?: string;
  readonly close?: boolean;
}

export type BreachFault =
  | 'closed'
  | 'nothing-to-add'
  | 'notified-already'
  | 'notified-before-awareness'
  | 'notified-in-the-future'
  | 'delay-reasons-missing'
  | 'notification-outstanding'
  | 'people-to-be-told';

export type Revision =
  | { readonly outcome: 'revised'; readonly breach: Breach }
  | { readonly outcome: 'refused'; readonly fault: BreachFault };

/** Applies a change as new phases at the end of the history. Nothing that was said before is lost. */
export function revised(breach: Breach, change: BreachChange, staffId: string, now: Date): Revision {
  const fault = faultOf(breach, change, now);
  if (fault) return { outcome: 'refused', fault };
  const { facts, note, notifiedAt, delayReasons, notNotifiedReason, peopleNotToldReason, close } = change;
  const at = now.toISOString();
  const phases: BreachPhase[] = [];
  const hasFacts = Object.keys(facts).length > 0;
  if (hasFacts || note || notNotifiedReason || peopleNotToldReason) {
    phases.push({
      at,
      by: staffId,
      kind: 'supplemented',
      ...(hasFacts ? { facts } : {}),
      ...(note ? { note } : {}),
    });
  }
  if (notifiedAt) {
    phases.push({ at, by: staffId, kind: 'notified', ...(delayReasons ? { note: delayReasons } : {}) });
  }
  if (close) phases.push({ at, by: staffId, kind: 'closed' });
  return {
    outcome: 'revised',
    breach: {
      ...breach,
      ...facts,
      ...(notifiedAt ? { notifiedAt: notifiedAt.toISOString() } : {}),
      ...(delayReasons ? { delayReasons } : {}),
      ...(notNotifiedReason ? { notNotifiedReason } : {}),
      ...(peopleNotToldReason ? { peopleNotToldReason } : {}),
      ...(close ? { status: 'closed', closedAt: at } : {}),
      phases: [...breach.phases, ...phases],
    },
  };
}

function faultOf(breach: Breach, change: BreachChange, now: Date): BreachFault | undefined {
  const { facts, notifiedAt, close } = change;
  if (breach.status === 'closed') return 'closed';
  const { note, delayReasons, notNotifiedReason, peopleNotToldReason } = change;
  const words = note ?? delayReasons ?? notNotifiedReason ?? peopleNotToldReason;
  if (Object.keys(facts).length === 0 && words === undefined && !notifiedAt && !close) return 'nothing-to-add';
  if (notifiedAt) {
    if (breach.notifiedAt) return 'notified-already';
    if (notifiedAt < new Date(breach.awareAt)) return 'notified-before-awareness';
    if (notifiedAt > now) return 'notified-in-the-future';
    const isLate = notifiedAt > new Date(breach.notifyBy);
    if (isLate && !(delayReasons ?? breach.delayReasons)) return 'delay-reasons-missing';
  }
  if (close) {
    const isNotified = notifiedAt ?? breach.notifiedAt ?? notNotifiedReason ?? breach.notNotifiedReason;
    if (!isNotified) return 'notification-outstanding';
    const highRisk = facts.highRisk ?? breach.highRisk;
    const areTold = breach.peopleToldAt ?? peopleNotToldReason ?? breach.peopleNotToldReason;
    if (highRisk && !areTold) return 'people-to-be-told';
  }
  return undefined;
}
