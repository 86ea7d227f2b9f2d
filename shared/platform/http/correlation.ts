import { randomUUID } from 'node:crypto';

export function newRequestId(): string {
  return randomUUID();
}

const TRACEPARENT = /^[\da-f]{2}-(?!0{32})[\da-f]{32}-(?!0{16})[\da-f]{16}-[\da-f]{2}$/;

/** The caller's `traceparent` when it is valid (W3C Trace Context), else nothing. */
export function traceparentOf(value: string | null): string | undefined {
  return value && TRACEPARENT.test(value) && !value.startsWith('ff') ? value : undefined;
}
