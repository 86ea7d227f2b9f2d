/** The mails about a rights request. */
export type CaseMails = Record<never, never>;
