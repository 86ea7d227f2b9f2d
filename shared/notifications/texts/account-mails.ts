/** The mails about an account, its sign-ins, and questions to the DPO. */
export interface AccountMails {
  'account-verification': { readonly link: string; readonly expiresAt: string };
  'address-known': { readonly signInLink: string; readonly resetLink: string };
  'password-reset': { readonly link: string; readonly expiresAt: string };
  'password-changed': { readonly at: string };
  'new-device-sign-in': { readonly device: string; readonly at: string; readonly sessionsLink: string };
  /** A refresh token was used twice, and its session was ended. */
  'all-sessions-ended': { readonly at: string; readonly resetLink: string };
  'second-factor-enabled': { readonly at: string };
  'second-factor-disabled': { readonly at: string };
  'recovery-code-used': { readonly at: string; readonly left: number };
  'contact-received': { readonly reference: string; readonly question: string };
  'contact-question': { readonly reference: string; readonly from: string; readonly question: string };
}
