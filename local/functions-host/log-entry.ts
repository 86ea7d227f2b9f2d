import type { CoreLogLevel } from './core-types.ts';

/** A line that the app wrote (`user`: `context.log`, `context.warn`, …) or that the host or library did (`system`). */
export interface MessageLogEntry {
  readonly kind: 'message';
  readonly level: Exclude<CoreLogLevel, 'none'>;
  readonly category: 'user' | 'system';
  readonly message: string;
  readonly functionName?: string;
  readonly invocationId?: string;
}

/** One finished invocation. */
export interface InvocationLogEntry {
  readonly kind: 'invocation';
  readonly functionName: string;
  readonly invocationId: string;
  readonly trigger: 'http' | 'timer';
  readonly outcome: 'succeeded' | 'failed';
  readonly durationMs: number;
  /** The HTTP status that was answered; absent for a timer. */
  readonly status?: number;
  /** What the function threw, when it failed. */
  readonly error?: string;
}

export type HostLogEntry = MessageLogEntry | InvocationLogEntry;
export type HostLog = (entry: HostLogEntry) => void;
