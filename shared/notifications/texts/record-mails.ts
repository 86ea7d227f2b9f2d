/** The mails about what the extranet publishes and has to tell. */
export type RecordMails = Record<never, never>;
