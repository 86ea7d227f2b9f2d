/** The rights that a request can be about, as the mails name them. */
export type RequestTypeName =
  | 'access'
  | 'rectification'
  | 'erasure'
  | 'portability'
  | 'objection'
  | 'restriction'
  | 'consent-withdrawal'
  | 'post-mortem';

export type RejectionGroundName =
  | 'manifestly-unfounded'
  | 'excessive'
  | 'identity-not-proven'
  | 'legal-obligation'
  | 'legal-claims'
  | 'rights-of-others'
  | 'not-applicable';

export type MilestoneName = 'half-time' | 'seven-days' | 'two-days' | 'overdue';

interface OfCase {
  /** The number of the case. */
  readonly reference: string;
}

interface WithLink extends OfCase {
  /** Where the case can be followed. */
  readonly link: string;
}

/** The mails about a rights request. */
export interface CaseMails {
  /** The code stands alone on a line of the text part. */
  'case-confirmation-code': OfCase & { readonly code: string; readonly expiresAt: string };
  /** The acknowledgement: number, deadline, rights, recourse (G11). */
  'case-received': WithLink & {
    readonly requestType: RequestTypeName;
    readonly dueAt: string;
    /** For who has no account, and has not been given it on the page. */
    readonly trackingCode?: string;
  };
  'case-identity-requested': WithLink & { readonly reason: string };
  'case-extended': WithLink & { readonly reason: string; readonly dueAt: string };
  /** Ground, reason, complaint, court (art. 12(4)). */
  'case-rejected': OfCase & {
    readonly requestType: RequestTypeName;
    readonly ground: RejectionGroundName;
    readonly reason: string;
  };
  'case-completed': WithLink & { readonly requestType: RequestTypeName; readonly note?: string };
  'case-package-ready': WithLink & { readonly expiresAt: string };
  'case-package-code': OfCase & { readonly code: string; readonly expiresAt: string };
  'case-package-downloaded': WithLink & { readonly at: string };
  /** The last mail to an address that is about to be forgotten; `kept` names what the law makes us keep, and why. */
  'case-erased': OfCase & { readonly at: string; readonly kept: readonly string[] };
  'case-message': WithLink & { readonly message: string };
  'case-cancelled': OfCase & { readonly at: string };
  /** Told before a restriction ends (art. 18(3)). */
  'restriction-lifting': WithLink & { readonly reason: string; readonly at: string };
  'desk-reminder': WithLink & { readonly milestone: MilestoneName; readonly dueAt: string };
  'desk-message': WithLink & { readonly message: string };
}
