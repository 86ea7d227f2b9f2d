/**
 * The log events that wake an operator: `infra/modules/alerts.bicep` searches the logs for exactly these names. A test fails when
 * one of them is logged nowhere.
 */
export const alertEvents = {
  /** Committed work has failed so often that it is not tried again by itself: a mail, a package, an erasure step. */
  workGivenUp: 'pending-work-given-up',
  /** A rights request has passed the day on which its answer was due (GDPR art. 12(3)). */
  overdueRequest: 'rights-request-overdue',
} as const;
