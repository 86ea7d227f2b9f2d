/** The mails about exports, erasure, closure and inactivity of a space. */
export type SpaceMails = Record<never, never>;
