import { parisDay } from '../platform/paris-time.ts';
import { endOfParisDay, type Suspension, suspendedDay } from './legal-calendar-rules.ts';

/** What of a case the suspension of its clock is about. */
interface Clocked {
  readonly dueAt: string;
  readonly extendedDueAt?: string;
  readonly suspensions?: readonly Suspension[];
  readonly suspendedDueAt?: string;
}

/**
 * The case with its clock standing still from today, while identity is awaited (art. 12(6); lawyers dispute it, so both deadlines are kept).
 */
export function suspended<T extends Clocked>(request: T, now: Date): T {
  return withSuspensions(request, [...(request.suspensions ?? []), { from: parisDay(now) }]);
}

/** The case with its clock running again from today; one whose clock runs is left as it is. */
export function resumed<T extends Clocked>(request: T, now: Date): T {
  const suspensions = request.suspensions ?? [];
  if (suspensions.every(({ to }) => to !== undefined)) return request;
  const today = parisDay(now);
  return withSuspensions(
    request,
    suspensions.map(({ from, to = today }) => ({ from, to })),
  );
}

/** The case with a longer time to answer (art. 12(3)); suspensions move that deadline too. */
export function extended<T extends Clocked>(request: T, lastDay: string): T {
  const longer = { ...request, extendedDueAt: endOfParisDay(lastDay).toISOString() };
  return request.suspensions ? withSuspensions(longer, request.suspensions) : longer;
}

/** Whether the clock stands still now. */
export function isSuspended({ suspensions = [] }: Clocked): boolean {
  return suspensions.some(({ to }) => to === undefined);
}

function withSuspensions<T extends Clocked>(request: T, suspensions: readonly Suspension[]): T {
  const plain = parisDay(new Date(request.extendedDueAt ?? request.dueAt));
  return { ...request, suspensions, suspendedDueAt: endOfParisDay(suspendedDay(plain, suspensions)).toISOString() };
}
