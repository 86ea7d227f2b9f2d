import type { LegalDocuments } from '../legal-documents/index.ts';
import type { Language } from '../platform/language.ts';

/** The cookie notice as it was served: what a person had before them when they chose. */
export interface ServedNotice {
  readonly version: string;
  readonly sha256: string;
  readonly language: Language;
  readonly effectiveAt: string;
}

/** More versions and languages than there will be. */
const REMEMBERED = 200;

/** The notices that choices may refer to. A published version is never changed, so that it is read once for each process. */
export function servedNotices(documents: LegalDocuments) {
  const known = new Map<string, ServedNotice>();

  async function find(version: string, language: Language): Promise<ServedNotice | undefined> {
    const key = `${version}|${language}`;
    const remembered = known.get(key);
    if (remembered) return remembered;
    const found = await documents.version('cookie-notice', version, language);
    if (!found) return undefined;
    const notice = { version, sha256: found.sha256, language: found.language, effectiveAt: found.effectiveAt };
    if (known.size < REMEMBERED) known.set(key, notice);
    return notice;
  }

  return {
    /** The notice of this version as served in this language; nothing when nobody can have been shown it yet. */
    async served(version: string, language: Language, now: Date): Promise<ServedNotice | undefined> {
      const notice = await find(version, language);
      return notice && notice.effectiveAt <= now.toISOString() ? notice : undefined;
    },

    /** The version in force. Throws when there is none: the product ships with one. */
    async inForce(language: Language, now: Date): Promise<ServedNotice> {
      const current = await documents.current('cookie-notice', language, now);
      if (!current) throw new Error('no cookie notice is in force');
      const { version, sha256, effectiveAt } = current;
      return { version, sha256, language: current.language, effectiveAt };
    },
  };
}

export type ServedNotices = ReturnType<typeof servedNotices>;
