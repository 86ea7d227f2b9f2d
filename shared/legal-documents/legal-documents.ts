import { createHash } from 'node:crypto';
import { type Clock, SECOND } from '../platform/clock.ts';
import type { Controller } from '../platform/config.ts';
import type { Document, DocumentContainer } from '../platform/cosmos/document-store.ts';
import type { Language } from '../platform/language.ts';
import {
  type AcceptedVersions,
  type DocumentKind,
  inForce,
  type LegalDocumentVersion,
  type LocalisedText,
  pendingAcceptances,
  textIn,
  type VersionSummary,
} from './rules.ts';
import { firstVersions } from './texts/first-versions.ts';

interface VersionDocument extends Document, LegalDocumentVersion {
  readonly type: 'legal-document';
}

/** A version as the API shows it. */
export interface PublishedDocument extends LocalisedText {
  readonly kind: DocumentKind;
  readonly version: string;
  readonly language: Language;
  readonly contentType: 'text/markdown';
  /** SHA-256 of the UTF-8 content as served, in hexadecimal. */
  readonly sha256: string;
  readonly publishedAt: string;
  readonly effectiveAt: string;
}

/** How long another instance may still show the version before; the publishing instance shows the new one at once. */
const FRESH = 5 * SECOND;
/** More versions than any charter will ever have. */
const MAX_VERSIONS = 1_000;
const SUMMARIES = "SELECT c.kind, c.version, c.publishedAt, c.effectiveAt FROM c WHERE c.type = 'legal-document'";

/**
 * The terms, the charter and the cookie notice, version by version. A published version is never changed; a new one takes effect when
 * it is published, or at a later date that it names (clauses A1, I1).
 */
export function legalDocuments(governance: DocumentContainer, clock: Clock, controller: Controller) {
  const shipped = firstVersions(controller);
  let known: { readonly versions: Promise<readonly VersionSummary[]>; readonly loadedAt: number } | undefined;

  async function load(): Promise<readonly VersionSummary[]> {
    const { items } = await governance.query<VersionSummary>({ text: SUMMARIES, limit: MAX_VERSIONS });
    return [...shipped, ...items];
  }

  /** Every version without its text; from memory when it was read within the last seconds. */
  function summaries(): Promise<readonly VersionSummary[]> {
    const at = performance.now();
    if (!known || at - known.loadedAt > FRESH) {
      const versions = load();
      known = { versions, loadedAt: at };
      versions.catch(() => {
        known = undefined;
      });
    }
    return known.versions;
  }

  async function find(kind: DocumentKind, version: string): Promise<LegalDocumentVersion | undefined> {
    const built = shipped.find((candidate) => candidate.kind === kind && candidate.version === version);
    return built ?? (await governance.read<VersionDocument>(kind, documentId(kind, version)));
  }

  function shown(version: LegalDocumentVersion, language: Language): PublishedDocument {
    const text = textIn(version, language);
    return {
      kind: version.kind,
      version: version.version,
      language: text.language,
      title: text.title,
      contentType: 'text/markdown',
      content: text.content,
      sha256: createHash('sha256').update(text.content).digest('hex'),
      publishedAt: version.publishedAt,
      effectiveAt: version.effectiveAt,
    };
  }

  return {
    async current(kind: DocumentKind, language: Language, now: Date): Promise<PublishedDocument | undefined> {
      const summary = inForce(await summaries(), kind, now);
      const version = summary && (await find(kind, summary.version));
      return version && shown(version, language);
    },

    async version(kind: DocumentKind, version: string, language: Language): Promise<PublishedDocument | undefined> {
      const found = await find(kind, version);
      return found && shown(found, language);
    },

    /** Newest first. */
    async versions(kind: DocumentKind): Promise<readonly VersionSummary[]> {
      return (await summaries())
        .filter((summary) => summary.kind === kind)
        .toSorted((a, b) => b.effectiveAt.localeCompare(a.effectiveAt) || b.publishedAt.localeCompare(a.publishedAt));
    },

    /**
     * Records a new version for ever, and in the same batch what `tell` makes of it: the telling of the users (clause I1). `exists` when this
     * kind has a version of that name already.
     */
    async publish(
      draft: { kind: DocumentKind; version: string; texts: LegalDocumentVersion['texts']; effectiveAt?: Date },
      language: Language,
      tell?: (version: VersionSummary) => Document | undefined,
    ): Promise<{ outcome: 'published'; document: PublishedDocument } | { outcome: 'exists' }> {
      const { kind, version, texts } = draft;
      if (shipped.some((candidate) => candidate.kind === kind && candidate.version === version))
        return { outcome: 'exists' };
      const publishedAt = clock.now().toISOString();
      const document: VersionDocument = {
        id: documentId(kind, version),
        type: 'legal-document',
        kind,
        version,
        texts,
        publishedAt,
        effectiveAt: draft.effectiveAt?.toISOString() ?? publishedAt,
      };
      const telling = tell?.(document);
      const { outcome } = await governance.batch(kind, [
        { create: document },
        ...(telling ? [{ create: telling }] : []),
      ]);
      known = undefined;
      return outcome === 'written'
        ? { outcome: 'published', document: shown(document, language) }
        : { outcome: 'exists' };
    },

    /** What a user with these acceptances still has to accept. */
    async pending(accepted: AcceptedVersions, now: Date) {
      return pendingAcceptances(await summaries(), accepted, now);
    },
  };
}

export type LegalDocuments = ReturnType<typeof legalDocuments>;

function documentId(kind: DocumentKind, version: string): string {
  return `${kind}:${version}`;
}
