import type { Language } from '../platform/language.ts';

/** The documents that the extranet publishes. */
export const documentKinds = ['terms', 'privacy-charter', 'cookie-notice'] as const;
export type DocumentKind = (typeof documentKinds)[number];

/** Those that a user must have accepted, version by version (clause A1). */
export const acceptedKinds = ['terms', 'privacy-charter'] as const;
export type AcceptedKind = (typeof acceptedKinds)[number];

export interface LocalisedText {
  readonly title: string;
  readonly content: string;
}

/** A published version without its text: what is needed to know which one is in force. */
export interface VersionSummary {
  readonly kind: DocumentKind;
  readonly version: string;
  readonly publishedAt: string;
  readonly effectiveAt: string;
}

export interface LegalDocumentVersion extends VersionSummary {
  readonly texts: { readonly fr: LocalisedText; readonly en?: LocalisedText };
}

/** The version of a kind in force at `now`: the one that took effect last (clause I1). */
export function inForce<V extends VersionSummary>(
  versions: readonly V[],
  kind: DocumentKind,
  now: Date,
): V | undefined {
  const instant = now.toISOString();
  return versions
    .filter((version) => version.kind === kind && version.effectiveAt <= instant)
    .reduce<V | undefined>(
      (latest, version) => (latest && order(latest) >= order(version) ? latest : version),
      undefined,
    );
}

function order({ effectiveAt, publishedAt }: VersionSummary): string {
  return `${effectiveAt}|${publishedAt}`;
}

/** What each user has accepted, by kind. */
export type AcceptedVersions = Readonly<Partial<Record<AcceptedKind, string>>>;

export interface PendingAcceptance {
  readonly kind: AcceptedKind;
  readonly version: string;
}

/** The versions in force that these acceptances do not cover. */
export function pendingAcceptances(
  versions: readonly VersionSummary[],
  accepted: AcceptedVersions,
  now: Date,
): readonly PendingAcceptance[] {
  return acceptedKinds.flatMap((kind) => {
    const current = inForce(versions, kind, now);
    return current && accepted[kind] !== current.version ? [{ kind, version: current.version }] : [];
  });
}

/** The text in the wanted language, else in French, which every version has. */
export function textIn(
  version: LegalDocumentVersion,
  language: Language,
): LocalisedText & { readonly language: Language } {
  const wanted = version.texts[language];
  return wanted ? { ...wanted, language } : { ...version.texts.fr, language: 'fr' };
}
