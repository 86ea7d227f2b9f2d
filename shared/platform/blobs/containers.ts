/** The blob containers of the data account. Names only: no object name ever holds personal data. */
export const blobContainers = ['identity-proofs', 'exports', 'audit-seals'] as const;
