/** The product's only source of time: rules take `now`, use cases ask this port (idea 7 of the architecture). */
export interface Clock {
  now(): Date;
}

export const systemClock: Clock = { now: () => new Date() };

export const SECOND = 1_000;
export const MINUTE = 60 * SECOND;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;

/** `date` moved by `milliseconds`, forwards or back. */
export function plus(date: Date, milliseconds: number): Date {
  return new Date(date.getTime() + milliseconds);
}

/** Whole seconds from `from` to `to`, never less than 1: the form that Cosmos DB wants a `ttl` in. */
export function secondsUntil(from: Date, to: Date): number {
  return Math.max(1, Math.ceil((to.getTime() - from.getTime()) / SECOND));
}
