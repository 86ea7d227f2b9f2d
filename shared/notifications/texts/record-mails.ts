import type { Language } from '../../platform/language.ts';

/** The mails about what the extranet publishes and has to tell. */
export interface RecordMails {
  /** To whoever received a person's data: what became of them since (GDPR art. 19). The person is named by the reference alone. */
  'recipient-notice': {
    readonly act: 'rectification' | 'erasure' | 'restriction';
    readonly reference: string;
    readonly disclosureId: string;
    readonly disclosedAt: string;
  };
  /** To the DPO, a day before the authority must have been notified. */
  'breach-reminder': { readonly breachId: string; readonly notifyBy: string };
  /** To people whose rights are at high risk (GDPR art. 34). */
  'breach-notice': { readonly awareAt: string; readonly message: Readonly<Record<Language, string>> };
  /** A new version of the terms or the charter (clause I1). */
  'document-published': {
    readonly kind: 'terms' | 'privacy-charter';
    readonly version: string;
    readonly effectiveAt: string;
    readonly link: string;
  };
  /** About the services and their changes (clause D5). */
  'service-announcement': Announcement;
  /** Content that is likely to interest (clause D4). */
  'content-news': Announcement & { readonly preferencesLink: string };
}

/** What a publisher tells people, in both languages. */
export interface Announcement {
  readonly topic: string;
  readonly subject: Readonly<Record<Language, string>>;
  readonly message: Readonly<Record<Language, string>>;
  readonly link?: string;
}
