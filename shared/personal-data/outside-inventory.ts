import type { BlobContainer } from '../platform/blobs/object-store.ts';

/**
 * The document types that lie outside of the inventory, each with its reason. A type that is neither here nor in a source fails a test: there is no
 * store of personal data that nobody exports and nobody erases.
 */
export const typesOutsideInventory: Readonly<Record<string, string>> = {
  'source-failures': 'failed sign-ins counted under a keyed hash of a network address, gone after a day',
  'job-run': 'counts of a timer’s run',
  lease: 'which timer is running',
  idempotency: 'a sealed answer under a keyed hash that leads back to nobody; gone after 24 hours',
  'legal-document': 'the controller’s own texts',
  'call-allowance': 'calls counted under a keyed hash of a network address, gone within the hour',
  'jobs-first-seen': 'when a timer was first seen',
  'mail-fan-out': 'how far the telling of everybody has come: a position and counts',
  'governed-table': 'cookies and purposes: the controller’s own texts',
  'governed-change': 'how a cookie or a purpose was worded before, and which member of staff changed it',
  'consent-joining': 'the pseudonym of a device whose choices are about to join the account; gone once they have',
  'statistics-cells': 'anonymous counts with ten people at least behind each',
  'statistics-publication': 'that a month of statistics is published',
  'statistics-draft':
    'counts of a month before they are published, sealed, without any key of a person; gone within seven days',
  breach: 'the register of breaches speaks of numbers and kinds, never of people',
  habilitation: 'what a member of staff may see: about staff, not about the users of the space',
  'habilitation-use': 'when a member of staff last used it: about staff, not about the users of the space',
  'audit-seal-head': 'day and hash of the last seal of the audit log',
  'death-notice-hold': 'an account to be put on hold: its random id, gone once it is done',
  'death-notice-release': 'an account whose hold is to end: its random id, gone once it is done',
  'death-notice-package': 'data to be handed over on a notice of death: random ids, gone once it is done',
  'death-notice-erasure': 'an erasure that was decided on a notice of death: random ids, gone once it is done',
  erasure: 'an erasure that is due: pseudonymous ids, gone once it is done',
  'erasure-checkpoint': 'how far an erasure has come: pseudonymous ids, gone once it is done',
  'erasure-ledger-entry': 'a keyed hash that only answers whether somebody was erased; gone after 90 days',
  'erasure-replay': 'how far a replay of the ledger has come: counts and a position',
};

/** The blob containers that lie outside of it. */
export const blobsOutsideInventory: Readonly<Partial<Record<BlobContainer, string>>> = {
  'audit-seals': 'Merkle roots over the audit log: hashes of hashes',
};
